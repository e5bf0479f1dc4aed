"""A policy's files from an editor's upload to a worker's download, over HTTP."""

import hashlib
from datetime import timedelta

import pytest

from models.base.media import Media
from models.policies import ending
from models.policies.texts import Because
from tests.client import together
from tests.models.base import samples
from tests.models.policies import papers
from tests.models.unions import people

PDF = {"Content-Type": Media.PDF}
MINUTE = timedelta(minutes=1)


class Desk:
    """An editor, a reviewer and a manuscript they work on, over HTTP."""

    def __init__(self, editor, reviewer, draft):
        self.editor, self.reviewer = editor, reviewer
        self.url = f"/union/v1/manuscripts/{draft.id}"
        self.files = f"{self.url}/attachments"
        self.policy = f"/worker/v1/policies/{draft.document_id}"

    async def upload(self, content=None, name="a.pdf", *, by=None, **options):
        body = samples.pdf() if content is None else content
        url = f"{self.files}?name={name}"
        return await (by or self.editor).post(url, body, headers=PDF, **options)

    async def publish(self):
        handed_in = await self.editor.post(f"{self.url}/submit", {})
        assert handed_in.status == 200, handed_in.body
        read = {"lock_version": handed_in.body["lock_version"]}
        passed = await self.reviewer.post(f"{self.url}/approve", read)
        assert passed.status == 200, passed.body


@pytest.fixture
def desk(run, ctx, http):
    return run(set_up(ctx, http))


async def set_up(ctx, http):
    me, other = await papers.editor(ctx), await papers.reviewer(ctx)
    draft = await papers.begun(ctx, me)
    tokens = [await people.token(ctx, who) for who in (me, other)]
    return Desk(*(http.as_(token) for token in tokens), draft)


async def test_an_original_goes_from_the_editor_to_the_worker(desk, http):
    name = "%E9%80%9A%E7%9F%A5.pdf"
    added = await desk.upload(name=name)
    assert (added.status, added.body["lock_version"]) == (201, 2)
    (file,) = added.body["items"]
    content = samples.pdf()
    digest = hashlib.sha256(content).hexdigest()
    assert file == {
        "id": file["id"],
        "name": "通知.pdf",
        "size": len(content),
        "media_type": "application/pdf",
        "sha256": digest,
        "url": f"{desk.files}/{file['id']}",
    }
    url = f"{desk.policy}/attachments/{file['id']}"
    assert (await http.get(url)).status == 404
    assert (await http.get(file["url"])).status == 401
    private = await desk.reviewer.get(file["url"])
    assert (private.status, private.body) == (200, content)
    assert private.headers["Cache-Control"] == "private, no-store"

    await desk.publish()
    shown = (await http.get(desk.policy)).body
    assert shown["attachments"] == [file | {"url": url}]
    got = await http.get(url)
    assert (got.status, got.body) == (200, content)
    assert got.headers["Etag"] == f'"{digest}"'
    assert got.headers["Cache-Control"] == "public, no-cache"
    assert got.headers["Content-Disposition"] == (
        f"attachment; filename=\"__.pdf\"; filename*=UTF-8''{name}"
    )
    known = await http.get(url, headers={"If-None-Match": got.headers["Etag"]})
    assert (known.status, known.body) == (304, b"")
    part = await http.get(url, headers={"Range": "bytes=0-3"})
    assert (part.status, part.body) == (206, b"%PDF")


async def test_a_withdrawn_policys_file_is_gone_for_those_who_have_it_too(
    desk, http, ctx, clock
):
    file = (await desk.upload()).body["items"][0]
    await desk.publish()
    url = f"{desk.policy}/attachments/{file['id']}"
    tag = (await http.get(url)).headers["Etag"]
    clock.forward(MINUTE)
    boss = await papers.chief(ctx)
    await ending.withdraw(
        ctx,
        desk.url.rsplit("/", 1)[1],
        by=boss,
        because=Because.IN_ERROR,
        reason="发布有误",
    )
    gone = await http.get(url, headers={"If-None-Match": tag})
    assert (gone.status, gone.code) == (410, "policy_withdrawn")
    assert gone.body["details"]["reason"] == "发布有误"


async def test_files_are_replaced_put_in_order_and_removed(desk):
    first = (await desk.upload(samples.pdf(b"one"), "one.pdf")).body["items"][0]
    await desk.upload(samples.png(), "two.png")
    third = await desk.upload(
        samples.pdf(b"three"), f"three.pdf&replaces={first['id']}"
    )
    assert [each["name"] for each in third.body["items"]] == ["three.pdf", "two.png"]
    ids = [each["id"] for each in third.body["items"]][::-1]
    order = {"lock_version": third.body["lock_version"], "ids": ids}
    turned = await desk.editor.put(f"{desk.url}/attachment-order", order)
    assert [each["id"] for each in turned.body["items"]] == ids
    stale = await desk.editor.put(f"{desk.url}/attachment-order", order)
    assert (stale.status, stale.code) == (409, "stale_version")
    left = await desk.editor.delete(f"{desk.files}/{ids[0]}?reason=x")
    assert [each["id"] for each in left.body["items"]] == ids[1:]
    listed = await desk.editor.get(desk.files)
    assert listed.body == left.body
    whole = await desk.editor.get(desk.url)
    assert whole.body["attachments"] == left.body["items"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (samples.EXE, 415, "media_refused"),
        (samples.SVG, 415, "media_refused"),
        (samples.pdf() + samples.docx(), 415, "media_refused"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), 415, "file_has_macros"),
        (samples.docx()[:-9], 422, "file_damaged"),
        (samples.bomb(), 413, "unpacks_too_large"),
        (bytes(21 * 1024 * 1024), 413, "file_too_large"),
        (b"", 422, "file_empty"),
    ],
)
async def test_what_is_not_what_it_says_is_refused(desk, content, status, code):
    answer = await desk.upload(content)
    assert (answer.status, answer.code) == (status, code)
    assert (await desk.editor.get(desk.files)).body["items"] == []


async def test_a_name_with_tricks_is_only_a_name(desk):
    answer = await desk.upload(name="..%2F..%2Fetc%2Fpasswd%00%0D%0AX:1.exe")
    (file,) = answer.body["items"]
    assert file["name"] == "passwdX 1.exe.pdf"
    assert (await desk.upload(name="")).code == "invalid"


async def test_a_photo_tells_nothing_of_where_it_was_taken(desk):
    photo = samples.jpeg(samples.segment(0xE1, samples.exif()))
    (file,) = (await desk.upload(photo, "a.jpg")).body["items"]
    got = await desk.editor.get(file["url"])
    assert samples.PLACE in photo
    assert samples.PLACE not in got.body


async def test_the_same_upload_again_is_the_same_upload(desk):
    first, again = [await desk.upload(key="k") for _ in range(2)]
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_two_at_once_are_both_carried(desk):
    answers = await together(
        *(
            desk.upload(samples.pdf(words), f"{words.decode()}.pdf")
            for words in (b"a", b"b")
        )
    )
    assert [answer.status for answer in answers] == [201, 201]
    listed = (await desk.editor.get(desk.files)).body["items"]
    assert sorted(each["name"] for each in listed) == ["a.pdf", "b.pdf"]
    assert listed == max((a.body["items"] for a in answers), key=len)


async def test_who_has_no_say_gets_nowhere(desk, ctx, http):
    file = (await desk.upload()).body["items"][0]
    far = http.as_(
        await people.token(ctx, await papers.editor(ctx, "f", unit="unit_west"))
    )
    for answer in (
        await desk.upload(by=far),
        await far.get(desk.files),
        await far.get(file["url"]),
        await far.delete(file["url"]),
    ):
        assert (answer.status, answer.code) == (404, "no_such_manuscript")
    refused = await desk.upload(by=desk.reviewer)
    assert (refused.status, refused.code) == (403, "permission_missing")
    assert (await desk.upload(by=http)).status == 401
