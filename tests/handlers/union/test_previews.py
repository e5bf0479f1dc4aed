"""A link shows a manuscript to whoever has it, for a day, and to nobody else."""

from datetime import timedelta

import pytest

from app.lines import lines
from models.base import audit
from models.base.media import Media
from models.policies import previews
from models.policies.contents import Kind
from models.policies.previews import KEPT, Preview
from tests.models.base import samples
from tests.models.policies import papers
from tests.models.policies.texts import RULE
from tests.models.unions import people


@pytest.fixture
def desk(run, ctx, http):
    return run(set_up(ctx, http))


async def set_up(ctx, http, *args, **kwargs):
    """An editor's client and the address of a manuscript of theirs."""
    me = await papers.editor(ctx)
    draft = await papers.begun(ctx, me, *args, **kwargs)
    client = http.as_(await people.token(ctx, me))
    return client, f"/union/v1/manuscripts/{draft.id}"


async def made(desk):
    editor, url = desk
    answer = await editor.post(f"{url}/previews")
    assert answer.status == 200, answer.body
    return answer.body


async def test_a_link_shows_the_text_as_it_stands_without_signing_in(desk, http):
    editor, url = desk
    link = await made(desk)
    shown = await http.get(link["url"])
    assert shown.status == 200
    assert shown.body["title"] == "社保补贴"
    assert shown.body["html"] == "<h2>谁能办</h2>\n<p>在高新区干活。</p>\n"
    assert (shown.body["topic_name"], shown.body["level_name"]) == ("社会保险", "区")
    assert (shown.body["has_rule"], shown.body["category"]) == (False, None)
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    whole = (await editor.get(url)).body
    content = whole["content"] | {"title": "改过的标题", "rule": RULE}
    saved = await editor.put(
        url, {"lock_version": whole["lock_version"], "content": content}
    )
    assert saved.status == 200, saved.body
    later = (await http.get(link["url"])).body
    assert (later["title"], later["has_rule"]) == ("改过的标题", True)


async def test_what_is_not_written_yet_is_null(ctx, http):
    desk = await set_up(ctx, http, papers.article(body=""), kind=Kind.GUIDANCE)
    shown = (await http.get((await made(desk))["url"])).body
    assert (shown["kind"], shown["html"], shown["topic"]) == ("guidance", "", None)
    assert shown["category_name"] == "面试"


async def test_a_link_shows_the_files_too(desk, http):
    editor, url = desk
    await editor.post(
        f"{url}/attachments?name=a.pdf",
        samples.pdf(),
        headers={"Content-Type": Media.PDF},
    )
    link = await made(desk)
    (file,) = (await http.get(link["url"])).body["attachments"]
    assert file["url"].startswith(link["url"])
    got = await http.get(file["url"])
    assert (got.status, got.body) == (200, samples.pdf())
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.headers["X-Robots-Tag"] == "noindex, nofollow"
    other = await http.get(f"{link['url']}/attachments/attachment_x")
    assert (other.status, other.code) == (404, "no_such_attachment")
    assert other.headers["X-Robots-Tag"] == "noindex, nofollow"


async def test_a_link_ends_after_a_day(desk, http, clock):
    link = await made(desk)
    clock.forward(timedelta(hours=24, milliseconds=-1))
    assert (await http.get(link["url"])).status == 200
    clock.forward(timedelta(milliseconds=1))
    over = await http.get(link["url"])
    assert (over.status, over.code) == (410, "preview_over")
    file = await http.get(f"{link['url']}/attachments/attachment_x")
    assert (file.status, file.code) == (410, "preview_over")


async def test_a_link_that_was_revoked_shows_nothing(desk, http, clock):
    editor, url = desk
    link = await made(desk)
    clock.forward(timedelta(minutes=1))
    other = await made(desk)
    for _ in range(2):
        revoked = await editor.delete(f"{url}/previews/{link['id']}")
        assert revoked.status == 204
    assert (await http.get(link["url"])).code == "preview_over"
    assert (await http.get(other["url"])).status == 200
    listed = (await editor.get(f"{url}/previews")).body
    assert [each["id"] for each in listed["items"]] == [other["id"], link["id"]]
    assert listed["items"][1]["revoked_at"] is not None
    assert "token" not in str(listed)


async def test_a_link_cannot_be_forged(desk, http, ctx):
    link = await made(desk)
    token = link["url"].rsplit("/", 1)[1]
    id_, _, signature = token.partition(".")
    foreign = ctx.secrets.sign("station_code", id_)
    other_id = id_[:-1] + ("1" if id_.endswith("0") else "0")
    for forged in (
        id_,
        f"{id_}.",
        f"{id_}.{signature[:-1]}",
        f"{id_}.{signature}A",
        f"{id_}.{foreign}",
        f"{other_id}.{signature}",
        f"preview_x.{ctx.secrets.sign('preview', 'preview_x')}",
    ):
        answer = await http.get(f"/union/v1/previews/{forged}")
        assert (answer.status, answer.code) == (404, "no_such_preview")


async def test_only_those_within_reach_make_list_and_revoke_links(desk, ctx, http):
    _, url = desk
    link = await made(desk)
    stranger = await papers.editor(ctx, "far", unit="unit_west")
    far = http.as_(await people.token(ctx, stranger))
    for answer in (
        await far.post(f"{url}/previews"),
        await far.get(f"{url}/previews"),
        await far.delete(f"{url}/previews/{link['id']}"),
    ):
        assert (answer.status, answer.code) == (404, "no_such_manuscript")
    assert (await http.post(f"{url}/previews")).status == 401
    assert (await http.get(link["url"])).status == 200


async def test_a_link_is_revoked_through_its_own_manuscript_only(desk, ctx, http):
    link = await made(desk)
    editor, other = await set_up(ctx, http)
    answer = await editor.delete(f"{other}/previews/{link['id']}")
    assert (answer.status, answer.code) == (404, "no_such_preview")


async def test_links_come_a_page_at_a_time(desk):
    editor, url = desk
    ids = [(await made(desk))["id"] for _ in range(3)]
    first = (await editor.get(f"{url}/previews?limit=2")).body
    rest = (await editor.get(f"{url}/previews?limit=2&cursor={first['next']}")).body
    got = [each["id"] for page in (first, rest) for each in page["items"]]
    assert got == sorted(ids, reverse=True)
    assert rest["next"] is None


async def test_a_link_is_in_no_log_and_on_no_shelf(desk, http, ctx, capfd):
    link = await made(desk)
    capfd.readouterr()
    assert (await http.get(link["url"])).status == 200
    assert (await http.get(f"{link['url']}/attachments/attachment_x")).status == 404
    lines.write()
    logged = capfd.readouterr()
    assert "/union/v1/previews/{token}" in logged.out
    signature = link["url"].rsplit(".", 1)[1]
    assert signature not in logged.out + logged.err
    rows = await Preview.shelf(ctx).find({}).to_list()
    assert signature not in str(rows)


async def test_making_and_revoking_are_in_the_audit(desk, ctx):
    editor, url = desk
    link = await made(desk)
    await editor.delete(f"{url}/previews/{link['id']}")
    told = await audit.Entry.many(ctx, {"what": {"$regex": "preview"}})
    assert {each.what for each in told} == {
        "manuscripts.previewed",
        "manuscripts.preview_revoked",
    }


async def test_old_links_are_forgotten(desk, ctx, http, clock):
    link = await made(desk)
    clock.forward(KEPT + timedelta(days=1))
    assert await previews.forget_old(ctx) == 0
    clock.forward(timedelta(minutes=1))
    assert await previews.forget_old(ctx) == 1
    assert (await http.get(link["url"])).code == "no_such_preview"
