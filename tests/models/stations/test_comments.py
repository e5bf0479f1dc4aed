"""Who was there says how it was; others read it once it was checked."""

import asyncio

import pytest

from models.base.pages import BadCursor
from models.moderation import checking
from models.moderation.pieces import State
from models.moderation.voices import NothingToAppeal
from models.stations import comments
from models.stations.comments import NoSuchComment, NotVisited
from models.stations.ledger import CheckIn, Way
from models.stations.stations import NoSuchStation
from tests.models.moderation.texts import FINE, RISKY, author, deliver_events, who
from tests.models.stations import places


@pytest.fixture
def inn(ctx, run, simulator):
    """A station, and 小李飞 who was there today."""

    async def furnish():
        await places.put(ctx, places.station(org_path="/unit_zone/"))
        await author(ctx, simulator)
        await visit(ctx)

    run(furnish())


async def visit(ctx, name="li", station="park"):
    return await CheckIn(
        id=ctx.new_id("checkin"),
        worker_id=f"worker_{name}",
        station_id=f"station_{station}",
        what="visit",
        way=Way.WORKER_SCANNED,
        by=f"worker_{name}",
        proof=f"proof {name} {station}",
        once=f"once {name} {station}",
        server_time=ctx.clock.now(),
        day=ctx.clock.today(),
    ).insert(ctx)


async def write(ctx, text=FINE, name="li", station="park", rating=4):
    return await comments.write(
        ctx, f"station_{station}", rating=rating, text=text, by=who(name)
    )


async def read(ctx, **more):
    return (await comments.of_station(ctx, "station_park", **more)).items


async def test_others_read_it_once_checked_under_a_masked_name(ctx, inn):
    written = await write(ctx)
    assert written.piece.state is State.PENDING
    assert await read(ctx) == []
    own = await comments.mine(ctx, "station_park", by=who("li"))
    assert own.comment.text == FINE
    await deliver_events(ctx)
    (shown,) = await read(ctx)
    assert (shown.nickname, shown.comment.rating) == ("小*飞", 4)
    assert shown.comment.org_path == "/unit_zone/"


async def test_one_comment_a_person_and_writing_anew_hides_the_old(ctx, inn):
    first = await write(ctx)
    await deliver_events(ctx)
    again = await write(ctx, "还可以", rating=3)
    assert again.comment.id == first.comment.id
    assert await read(ctx) == []
    await deliver_events(ctx)
    (shown,) = await read(ctx)
    assert (shown.comment.text, shown.comment.rating) == ("还可以", 3)
    mine = (await comments.of(ctx, by=who("li"))).items
    assert [each.comment.id for each in mine] == [first.comment.id]


async def test_many_first_comments_at_once_are_one(ctx, inn):
    await asyncio.gather(*(write(ctx, f"第{n}次") for n in range(6)))
    await deliver_events(ctx)
    (shown,) = await read(ctx)
    assert shown.comment.text == shown.piece.text
    assert await ctx.db["station_comments"].count_documents({}) == 1


async def test_a_refused_comment_is_its_authors_to_appeal(ctx, inn):
    await write(ctx, RISKY)
    await deliver_events(ctx)
    assert await read(ctx) == []
    own = await comments.appeal(ctx, "station_park", "不是那个意思", by=who("li"))
    assert own.piece.state is State.APPEALED
    with pytest.raises(NothingToAppeal):
        await comments.appeal(ctx, "station_park", "再来", by=who("li"))
    with pytest.raises(NoSuchComment):
        await comments.appeal(ctx, "station_park", "不是我的", by=who("other"))


async def test_three_reports_hide_it(ctx, inn):
    written = await write(ctx)
    with pytest.raises(NoSuchComment):
        await comments.report(ctx, written.comment.id, "广告", by=who("a"))
    await deliver_events(ctx)
    for name in "abc":
        await comments.report(ctx, written.comment.id, "广告", by=who(name))
    assert await read(ctx) == []


async def test_only_who_was_there_lately_may_write(ctx, inn, clock):
    with pytest.raises(NotVisited):
        await write(ctx, name="other")
    with pytest.raises(NoSuchStation):
        await write(ctx, station="nowhere")
    clock.forward(comments.VISITED_WITHIN)
    await write(ctx)
    clock.forward(comments.VISITED_WITHIN)
    with pytest.raises(NotVisited):
        await write(ctx)


async def test_what_is_taken_back_is_gone(ctx, inn):
    await write(ctx)
    await deliver_events(ctx)
    await comments.take_back(ctx, "station_park", by=who("li"))
    assert await read(ctx) == []
    for gone in (
        comments.take_back(ctx, "station_park", by=who("li")),
        comments.mine(ctx, "station_park", by=who("li")),
    ):
        with pytest.raises(NoSuchComment):
            await gone
    assert await checking.check_due(ctx) == 0


async def test_the_list_is_read_page_by_page(ctx, inn, simulator, clock):
    for name in ("a", "b", "c"):
        await author(ctx, simulator, name)
        await visit(ctx, name)
        await write(ctx, f"{name}说好", name=name)
        clock.forward(places.at("10:01") - places.at("10:00"))
    await deliver_events(ctx)
    seen, cursor = [], None
    while True:
        page = await comments.of_station(ctx, "station_park", cursor=cursor, limit=1)
        seen += [each.comment.text for each in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == ["c说好", "b说好", "a说好"]
    with pytest.raises(BadCursor):
        await comments.of_station(ctx, "station_park", cursor="no")
