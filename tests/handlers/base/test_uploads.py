"""Files in and out over HTTP: admitted first, cut off cleanly, sent in parts."""

import asyncio
import hashlib

import msgspec
import pytest
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import Resolver
from tornado.tcpclient import TCPClient

from app.application import Front
from handlers.base import downloads, limits, uploads
from handlers.base.access import public, worker
from handlers.base.downloads import Download, disposition
from handlers.base.endpoint import Handler, endpoint
from handlers.base.uploads import UploadHandler, UploadQuery
from models.base import files
from models.base.files import BUCKET, KeptFile
from models.base.inspection import LARGEST, REFUSED, Purpose, Upload
from models.base.media import Media
from tests.client import Client, together
from tests.models.base import samples

MEGABYTE = 1024 * 1024
PDF = {"Content-Type": Media.PDF}


class Note(msgspec.Struct, forbid_unknown_fields=True):
    words: str


class FilesHandler(UploadHandler):
    @endpoint(
        access=worker,
        status=201,
        refusals=REFUSED,
        takes=tuple(Media),
        limit=limits.per_minute("test_files", 1_000),
        repeats=True,
    )
    async def post(self, *, query: UploadQuery, body: bytes) -> dict[str, str | int]:
        """Keep a file."""
        upload = Upload(query.name, body)
        file = await files.keep(
            self.ctx, upload, purpose=Purpose.ATTACHMENT, by=self.actor.id
        )
        return {"id": file.id, "size": file.size}

    @endpoint(access=public)
    async def put(self, *, body: Note) -> Note:
        """Take JSON, as ever."""
        return body

    @endpoint(access=public)
    async def get(self) -> None:
        """Do nothing."""


class FileHandler(Handler):
    @endpoint(access=public, media=tuple(Media))
    async def get(self, file_id: str) -> Download:
        """Send a file."""
        file = await KeptFile.get(self.ctx, file_id)
        assert file is not None
        return Download(file, "public, no-cache")


@pytest.fixture
def front(run, house):
    front = Front(house)
    front.doors._tree._add("/files", FilesHandler)
    front.doors._tree._add("/files/{file_id}", FileHandler)
    yield front
    run(front.close())


@pytest.fixture
def door(run, front):
    client = Client(f"http://127.0.0.1:{front.open(port=0)}")
    yield run(client.sign_in("w-1"))
    run(client.close())


async def send(door, content, name="a.pdf", **options):
    return await door.post(f"/files?name={name}", content, headers=PDF, **options)


async def dial(door) -> IOStream:
    """Open a bare connection."""
    Resolver.configure("tornado.netutil.DefaultLoopResolver")
    host, port = door.url.removeprefix("http://").split(":")
    return await TCPClient().connect(host, int(port))


async def begin(door, *headers, body=b"", token=True):
    """Send the head of an upload and perhaps some of its body."""
    stream = await dial(door)
    lines = ["POST /files?name=a.pdf HTTP/1.1", "Host: inn", *headers]
    if token:
        lines.append(f"Authorization: Bearer {door.token}")
    await stream.write("\r\n".join([*lines, "", ""]).encode() + body)
    return stream


async def answered(stream):
    """Read an answer: status and body."""
    head = await stream.read_until(b"\r\n\r\n")
    (length,) = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    body = msgspec.json.decode(await stream.read_bytes(length))
    return int(head.split()[1]), body


async def nothing_kept(ctx):
    return not any(
        [
            await ctx.db[shelf].count_documents({})
            for shelf in (f"{BUCKET}.files", f"{BUCKET}.chunks", KeptFile.SHELF)
        ]
    )


async def empty(front):
    """Wait until no upload is under way."""
    while front.doors.settings["uploads"]._by_person.total():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def test_a_file_comes_in_and_goes_out(door):
    content = samples.pdf(size=2 * MEGABYTE)
    made = await send(door, content, "%E9%80%9A%E7%9F%A5.pdf")
    assert (made.status, made.body["size"]) == (201, len(content))
    got = await door.get(f"/files/{made.body['id']}")
    assert (got.status, got.body) == (200, content)
    assert got.headers["Etag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert got.headers["Content-Type"] == Media.PDF
    assert got.headers["Content-Length"] == str(len(content))
    assert got.headers["Accept-Ranges"] == "bytes"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"
    )


def test_a_name_cannot_break_out_of_its_header():
    assert disposition('a";x\r\nb') == (
        "attachment; filename=\"a__x__b\"; filename*=UTF-8''a%22%3Bx%0D%0Ab"
    )


async def test_a_program_renamed_is_refused_by_its_content(door, ctx):
    answer = await send(door, samples.EXE)
    assert (answer.status, answer.code) == (415, "media_refused")
    assert await nothing_kept(ctx)


async def test_a_length_beyond_all_numbers_is_refused(door, ctx):
    stream = await begin(door, f"Content-Length: {'9' * 5_000}")
    head = await stream.read_until(b"\r\n")
    assert head.split()[1] in {b"400", b"413"}, "by llhttp's layer, or by us"
    stream.close()
    assert await nothing_kept(ctx)


async def test_21_megabytes_are_refused_before_they_are_sent(door, ctx):
    stream = await begin(door, f"Content-Length: {21 * MEGABYTE}")
    status, body = await answered(stream)
    assert (status, body["code"]) == (413, "file_too_large")
    stream.close()
    assert await nothing_kept(ctx)


async def test_a_client_that_sends_21_megabytes_all_the_same_reads_the_answer(door):
    answer = await send(door, samples.pdf(size=21 * MEGABYTE))
    assert (answer.status, answer.code) == (413, "file_too_large")


async def test_20_megabytes_are_taken(door):
    content = samples.pdf(size=LARGEST - len(samples.pdf()))
    answer = await send(door, content)
    assert (answer.status, answer.body["size"]) == (201, LARGEST)


async def test_a_length_that_nobody_told_is_counted(door, ctx):
    stream = await begin(door, "Transfer-Encoding: chunked")
    piece = b"%x\r\n" % MEGABYTE + bytes(MEGABYTE) + b"\r\n"
    for _ in range(21):
        await stream.write(piece)
    status, body = await answered(stream)
    assert (status, body["code"]) == (413, "file_too_large")
    stream.close()
    assert await nothing_kept(ctx)


async def test_pieces_of_a_length_nobody_told_make_a_file(door):
    content = samples.pdf()
    stream = await begin(door, "Transfer-Encoding: chunked")
    await stream.write(b"%x\r\n" % len(content) + content + b"\r\n0\r\n\r\n")
    status, body = await answered(stream)
    assert (status, body["size"]) == (201, len(content))


async def test_an_upload_that_is_cut_off_leaves_nothing(door, ctx, front):
    content = samples.pdf(size=MEGABYTE)
    stream = await begin(door, f"Content-Length: {len(content)}", body=content[:-1])
    while not front.doors.settings["uploads"]._by_person.total():  # noqa: ASYNC110
        await asyncio.sleep(0)
    stream.close()
    await empty(front)
    assert await nothing_kept(ctx)


async def test_an_upload_that_is_too_slow_is_cut_off(door, ctx, front, monkeypatch):
    monkeypatch.setattr(uploads, "GRACE_SECONDS", 0.1)
    stream = await begin(door, "Content-Length: 100", body=samples.pdf()[:50])
    with pytest.raises(StreamClosedError):
        await answered(stream)
    await empty(front)
    assert await nothing_kept(ctx)


async def test_more_than_was_said_is_not_taken(door):
    content = samples.pdf()
    stream = await begin(
        door, f"Content-Length: {len(content)}", body=content + b"smuggled\r\n\r\n"
    )
    status, body = await answered(stream)
    assert (status, body["size"]) == (201, len(content))
    assert b"400" in await stream.read_until(b"\r\n")


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "5, 6"])
async def test_a_length_that_is_no_number_is_refused(door, length, ctx, front):
    stream = await begin(door, f"Content-Length: {length}", body=b"12345")
    assert b"400" in await stream.read_until(b"\r\n")
    await empty(front)
    assert await nothing_kept(ctx)


async def test_a_stranger_is_refused_before_the_file_comes(door):
    stream = await begin(door, f"Content-Length: {MEGABYTE}", token=False)
    status, body = await answered(stream)
    assert (status, body["code"]) == (401, "not_signed_in")
    stream.close()


async def test_a_client_that_asks_first_is_told_first(door):
    stream = await begin(
        door, f"Content-Length: {21 * MEGABYTE}", "Expect: 100-continue"
    )
    status, body = await answered(stream)
    assert (status, body["code"]) == (413, "file_too_large")
    good = samples.pdf()
    stream = await begin(door, f"Content-Length: {len(good)}", "Expect: 100-continue")
    assert (await stream.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    await stream.write(good)
    assert (await answered(stream))[0] == 201


async def test_one_person_has_two_under_way_and_all_have_four(door, front):
    others = [await door.sign_in(f"w-{number}") for number in (2, 3)]
    held = [
        await begin(each, "Content-Length: 100")
        for each in (door, door, others[0], others[0])
    ]
    while front.doors.settings["uploads"]._by_person.total() < 4:  # noqa: ASYNC110
        await asyncio.sleep(0)
    third = await send(door, samples.pdf())
    assert (third.status, third.code) == (429, "too_many_uploads")
    other = await send(others[1], samples.pdf())
    assert (other.status, other.code) == (503, "uploads_busy")
    assert other.headers["Retry-After"] == "5"
    for stream in held:
        stream.close()
    await empty(front)
    assert (await send(door, samples.pdf())).status == 201


async def test_a_refused_client_is_not_listened_to_for_long(door, monkeypatch):
    monkeypatch.setattr(uploads, "LINGER_SECONDS", 0.1)
    stream = await begin(door, f"Content-Length: {21 * MEGABYTE}")
    await answered(stream)
    with pytest.raises(StreamClosedError):
        await stream.read_bytes(1)


async def test_the_same_key_keeps_one_file(door, ctx):
    first, again = [await send(door, samples.pdf(), key="k") for _ in range(2)]
    assert first.body == again.body
    assert await KeptFile.shelf(ctx).count_documents({}) == 1
    other = await send(door, samples.pdf(b"two"), key="k")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


async def test_verbs_without_a_file_work_beside_it(door):
    assert (await door.put("/files", {"words": "a"})).body == {"words": "a"}
    assert (await door.get("/files")).status == 204
    assert (await door.delete("/files")).status == 405
    assert (await door.post("/files", samples.pdf())).code == "invalid"


async def test_what_the_client_has_is_not_sent_again(door):
    made = await send(door, samples.pdf())
    url = f"/files/{made.body['id']}"
    tag = (await door.get(url)).headers["Etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = await door.get(url, headers={"If-None-Match": known})
        assert (again.status, again.body) == (304, b"")
    assert (await door.get(url, headers={"If-None-Match": '"x"'})).status == 200


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=3-9999999", 3, None),
        ("bytes=-9999999", 0, None),
    ],
)
async def test_a_part_is_sent(door, asked, start, stop):
    content = samples.pdf(size=100)
    url = f"/files/{(await send(door, content)).body['id']}"
    part = await door.get(url, headers={"Range": asked})
    assert (part.status, part.body) == (206, content[start:stop])
    first = len(content) + start if start < 0 else start
    last = len(content) - 1 if stop is None else stop - 1
    told = f"bytes {first}-{last}/{len(content)}"
    assert part.headers["Content-Range"] == told


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=9-3"},
        {"Range": "bytes=0-1,3-4"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=-"},
        {"Range": f"bytes=0-{'9' * 5_000}"},
        {"Range": "bytes=0-9", "If-Range": '"other"'},
    ],
)
async def test_what_is_no_part_gets_the_whole(door, headers):
    url = f"/files/{(await send(door, samples.pdf())).body['id']}"
    got = await door.get(url, headers=headers)
    assert (got.status, got.body) == (200, samples.pdf())


@pytest.mark.parametrize("asked", ["bytes=9999-", "bytes=-0"])
async def test_a_part_behind_the_end_is_refused(door, asked):
    url = f"/files/{(await send(door, samples.pdf())).body['id']}"
    answer = await door.get(url, headers={"Range": asked})
    assert (answer.status, answer.code) == (416, "no_such_part")
    assert answer.headers["Content-Range"] == f"bytes */{len(samples.pdf())}"


async def test_a_client_that_takes_nothing_is_hung_up_on(door, front, monkeypatch):
    monkeypatch.setattr(downloads, "STALLED_SECONDS", 0.2)
    content = samples.pdf(size=LARGEST - len(samples.pdf()))
    made = await send(door, content)
    stream = await dial(door)
    await stream.write(
        f"GET /files/{made.body['id']} HTTP/1.1\r\nHost: i\r\n\r\n".encode()
    )
    running = front.doors.settings["running"]
    for is_under_way in (True, False):
        while bool(running) is not is_under_way:  # noqa: ASYNC110
            await asyncio.sleep(0)
    with pytest.raises(StreamClosedError):
        await stream.read_bytes(LARGEST)


async def test_head_tells_without_sending(door):
    url = f"/files/{(await send(door, samples.pdf())).body['id']}"
    told = await door.call("HEAD", url)
    assert (told.status, told.body) == (200, b"")
    assert told.headers["Content-Length"] == str(len(samples.pdf()))


async def test_bytes_that_are_lost_are_gone_not_broken(door, ctx):
    made = await send(door, samples.pdf())
    await ctx.db[f"{BUCKET}.files"].delete_many({})
    got = await door.get(f"/files/{made.body['id']}")
    assert (got.status, got.code) == (410, "file_gone")


async def test_two_at_once_are_both_kept(door):
    one, two = await together(
        send(door, samples.pdf(b"one", MEGABYTE)),
        send(door, samples.pdf(b"two", MEGABYTE)),
    )
    assert (one.status, two.status) == (201, 201)
    assert one.body["id"] != two.body["id"]
