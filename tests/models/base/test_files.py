"""What is kept can be read back, for as long as a record holds it."""

import hashlib
from datetime import timedelta

import pytest

from models.base import files, personal
from models.base.documents import Document
from models.base.files import BUCKET, FileGone, KeptFile
from models.base.inspection import (
    LARGEST,
    EmptyFile,
    FileTooLarge,
    Purpose,
    Upload,
    safe_name,
)
from models.base.media import Media, UnknownMedia
from models.base.store import atomic
from tests.models.base import samples

BY = "staff_wang"


class Owner(Document, kw_only=True, frozen=True):
    """A record that names a file."""

    SHELF = "test_owners"
    PERSONAL = personal.nobody()


async def keep(ctx, content=None, name="通知.pdf", purpose=Purpose.ATTACHMENT):
    upload = Upload(name, samples.pdf() if content is None else content)
    return await files.keep(ctx, upload, purpose=purpose, by=BY)


async def whole(ctx, file, **part):
    return b"".join([piece async for piece in files.read(ctx, file, **part)])


async def left(ctx):
    """Count what GridFS has: files, chunks, and our records."""
    return [
        await ctx.db[shelf].count_documents({})
        for shelf in (f"{BUCKET}.files", f"{BUCKET}.chunks", KeptFile.SHELF)
    ]


@atomic()
async def name_it(ctx, file_id, *, fail=False):
    await files.hold(ctx, file_id, owner="owner_1")
    await Owner(id="owner_1").insert(ctx)
    if fail:
        raise RuntimeError


async def test_a_file_is_kept_with_what_it_is(ctx, clock):
    content = samples.pdf()
    file = await keep(ctx, content)
    assert file == await KeptFile.get(ctx, file.id)
    assert (file.name, file.media, file.size) == ("通知.pdf", Media.PDF, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.kept_by, file.kept_at, file.owner) == (BY, clock.now(), None)
    assert await whole(ctx, file) == content


async def test_a_part_is_read_across_chunks(ctx):
    content = samples.pdf(size=900_000)
    file = await keep(ctx, content)
    pieces = [piece async for piece in files.read(ctx, file)]
    assert (b"".join(pieces), len(pieces)) == (content, 4)
    part = await whole(ctx, file, start=261_000, stop=600_000)
    assert part == content[261_000:600_000]
    assert await whole(ctx, file, start=899_999, stop=9_999_999) == content[899_999:]


async def test_evidence_is_sealed_where_it_lies(ctx):
    photo = samples.jpeg(samples.segment(0xE1, samples.exif()))
    file = await keep(ctx, photo, "身份证.jpg", Purpose.EVIDENCE)
    (row,) = await ctx.db[f"{BUCKET}.chunks"].find().to_list()
    assert b"JFIF" not in row["data"]
    clean = await whole(ctx, file)
    assert b"JFIF" in clean
    assert samples.PLACE not in clean
    assert (file.size, file.sha256) == (len(clean), hashlib.sha256(clean).hexdigest())
    assert await whole(ctx, file, start=2, stop=9) == clean[2:9]


@pytest.mark.parametrize(
    ("content", "purpose"),
    [
        (samples.EXE, Purpose.ATTACHMENT),
        (samples.SVG, Purpose.ATTACHMENT),
        (samples.odt(), Purpose.ATTACHMENT),
        (samples.docx(), Purpose.EVIDENCE),
    ],
)
async def test_what_is_not_taken_for_a_purpose_is_refused(ctx, content, purpose):
    with pytest.raises(UnknownMedia) as refused:
        await keep(ctx, content, purpose=purpose)
    assert Media.PDF in refused.value.details["allowed"]
    assert await left(ctx) == [0, 0, 0]


async def test_nothing_and_too_much_are_refused(ctx):
    with pytest.raises(EmptyFile):
        await keep(ctx, b"")
    with pytest.raises(FileTooLarge):
        await keep(ctx, samples.pdf(size=LARGEST))
    assert await left(ctx) == [0, 0, 0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("通知.pdf", "通知.pdf"),
        ("通知.PDF", "通知.pdf"),
        ("通知", "通知.pdf"),
        ("evil.exe", "evil.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\windows\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("..", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ('a"b<c>.pdf', "a b c.pdf"),
        ("长" * 300 + ".pdf", "长" * 120 + ".pdf"),
    ],
)
def test_a_name_is_safe_to_save_under(given, kept):
    assert safe_name(given, Media.PDF) == kept


async def test_who_names_a_file_holds_it_or_neither(ctx, clock):
    file = await keep(ctx)
    with pytest.raises(RuntimeError):
        await name_it(ctx, file.id, fail=True)
    assert (await KeptFile.find(ctx, _id=file.id)).owner is None
    await name_it(ctx, file.id)
    assert [held.id for held in await files.held_by(ctx, "owner_1")] == [file.id]
    with pytest.raises(FileGone):
        await files.hold(ctx, file.id, owner="owner_2")
    clock.forward(timedelta(days=1))
    assert await files.sweep(ctx) == 0
    assert await whole(ctx, file) == samples.pdf()


async def test_what_nobody_holds_is_swept_bytes_and_all(ctx, clock):
    file = await keep(ctx)
    clock.forward(timedelta(minutes=59))
    assert await files.sweep(ctx) == 0
    with pytest.raises(FileGone):
        await files.hold(ctx, file.id, owner="owner_1")
    clock.forward(timedelta(minutes=2))
    assert await files.sweep(ctx) == 1
    assert await left(ctx) == [0, 0, 0]
    with pytest.raises(FileGone):
        await whole(ctx, file)


async def test_what_was_let_go_is_swept(ctx, clock):
    file = await keep(ctx)
    await name_it(ctx, file.id)
    assert await files.let_go(ctx, owner="owner_1") == 1
    clock.forward(timedelta(hours=2))
    assert await files.sweep(ctx) == 1
    assert await left(ctx) == [0, 0, 0]


async def test_bytes_of_a_process_that_died_are_swept_too(ctx, clock):
    file = await keep(ctx)
    await ctx.db[f"{BUCKET}.files"].delete_one({"_id": file.id})
    clock.forward(timedelta(hours=2))
    assert await files.sweep(ctx) == 1
    assert await left(ctx) == [0, 0, 0]


async def test_a_sweep_that_died_half_way_is_finished_by_the_next(ctx, clock):
    file = await keep(ctx)
    await files.bucket(ctx).delete(file.id)
    clock.forward(timedelta(hours=2))
    assert await files.sweep(ctx) == 1
    assert await left(ctx) == [0, 0, 0]
