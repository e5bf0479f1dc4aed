"""Trainings are found by what can be done about them, by place and by newness."""

from datetime import timedelta

import pytest

from models.base.pages import BadCursor, encode
from models.base.places import Point, distance_m
from models.trainings import catalogue
from models.trainings.programmes import Place, Standing, Topic
from models.trainings.sessions import Stage
from models.workers.identities import ClientClass
from scripts.demo import load_stations, load_trainings
from tests.models.trainings.courses import (
    HERE,
    NOW,
    START,
    course,
    programme,
    session,
    sign,
)

DAY = timedelta(days=1)


def ids(found):
    return [each.programme.id.removeprefix("programme_") for each in found]


ABOUT = pytest.mark.parametrize("topic", [None, Topic.SAFETY])
"""All there are, or those of the topic that a made programme has."""


async def some(ctx):
    """One of each: closed, upcoming, open, soon, over, off the list, nothing ahead."""
    for slug, fields in {
        "closed": {"sign_up_closes": NOW},
        "upcoming": {"sign_up_opens": NOW + timedelta(milliseconds=1)},
        "open": {},
        "soon": {"starts_at": START - DAY},
        "over": {"starts_at": NOW, "sign_up_closes": NOW - DAY},
    }.items():
        await programme(ctx, slug)
        await session(ctx, slug, of=slug, **fields)
    await programme(ctx, "off", standing=Standing.CLOSED)
    await session(ctx, "off", of="off")
    await programme(ctx, "without")
    for stage in (Stage.PLANNED, Stage.CANCELLED):
        await session(ctx, f"without_{stage}", of="without", stage=stage)


@ABOUT
async def test_what_is_open_comes_first_then_the_soonest(ctx, topic):
    await some(ctx)
    page = await catalogue.listed(ctx, topic=topic)
    assert ids(page.items) == ["soon", "open", "upcoming", "closed"]
    assert page.next is None


@ABOUT
async def test_a_programme_stands_where_the_first_of_its_sessions_does(ctx, topic):
    await some(ctx)
    await session(ctx, "sooner", of="closed", starts_at=START - 2 * DAY)
    await session(ctx, "first_of_all", of="open", starts_at=START - 3 * DAY)
    page = await catalogue.listed(ctx, topic=topic)
    assert ids(page.items) == ["open", "closed", "soon", "upcoming"]
    runs = {each.programme.id: each.sessions for each in page.items}
    of_closed = [run.id for run in runs["programme_closed"]]
    assert of_closed == ["session_sooner", "session_closed"]


@ABOUT
async def test_pages_go_on_as_of_the_first(ctx, clock, topic):
    await some(ctx)
    seen, cursor = [], None
    while True:
        page = await catalogue.listed(ctx, topic=topic, cursor=cursor, limit=1)
        seen += ids(page.items)
        clock.forward(DAY)
        cursor = page.next
        if cursor is None:
            break
    assert seen == ["soon", "open", "upcoming", "closed"]


@pytest.mark.parametrize(
    "cursor",
    ["no", encode("x"), encode([-1, 0, 0, "a"]), encode([9**20, 0, 0, "a"])],
)
async def test_a_cursor_of_ones_own_making_is_refused(ctx, cursor):
    with pytest.raises(BadCursor):
        await catalogue.listed(ctx, cursor=cursor)


async def test_topic_and_audience_narrow_the_list(ctx):
    rider, migrant = ClientClass.PLATFORM_WORKER, ClientClass.MIGRANT_WORKER
    for slug, fields in {
        "all": {},
        "riders": {"audience": (rider,)},
        "both": {"audience": (rider, migrant), "topic": Topic.DIGITAL},
    }.items():
        await programme(ctx, slug, **fields)
        await session(ctx, slug, of=slug)
    assert ids((await catalogue.listed(ctx, audience=rider)).items) == [
        "all",
        "both",
        "riders",
    ]
    assert ids((await catalogue.listed(ctx, audience=migrant)).items) == ["all", "both"]
    assert ids((await catalogue.listed(ctx, topic=Topic.DIGITAL)).items) == ["both"]
    narrow = await catalogue.listed(ctx, topic=Topic.SAFETY, audience=migrant)
    assert ids(narrow.items) == ["all"]


async def test_the_list_shows_the_seats_left_and_nobody(ctx):
    await course(ctx)
    await sign(ctx, "li")
    (one,) = (await catalogue.listed(ctx)).items
    (run,) = one.sessions
    assert (run.left, run.holders) == (1, ())


async def test_near_by_is_within_the_circle_the_nearest_first(ctx):
    places = {
        "edge": Point(HERE.lng, HERE.lat + 0.026949),
        "beyond": Point(HERE.lng, HERE.lat + 0.02697),
        "here": HERE,
    }
    for slug, point in places.items():
        await programme(ctx, slug)
        place = Place(name="示例", point=point)
        await session(ctx, slug, of=slug, place=place)
    edge = distance_m(HERE, places["edge"])
    found = await catalogue.near(ctx, HERE, edge, 10)
    assert ids(found) == ["here", "edge"]
    assert [each.distance_m for each in found] == [0, edge]
    assert ids(await catalogue.near(ctx, HERE, edge - 1, 10)) == ["here"]
    assert ids(await catalogue.near(ctx, HERE, 20_000, 1)) == ["here"]


async def test_near_by_shows_a_programme_once_and_nothing_that_began(ctx, clock):
    await course(ctx)
    await session(ctx, "later", starts_at=START + DAY)
    found = await catalogue.near(ctx, HERE, 10, 10)
    assert [each.session.id for each in found] == ["session_one"]
    clock.put(START)
    found = await catalogue.near(ctx, HERE, 10, 10)
    assert [each.session.id for each in found] == ["session_later"]
    clock.put(START + DAY)
    assert await catalogue.near(ctx, HERE, 10, 10) == []


async def test_the_newest_are_those_whose_sign_up_opened_last(ctx):
    await some(ctx)
    await programme(ctx, "fresh")
    await session(ctx, "fresh", of="fresh", sign_up_opens=NOW)
    assert ids(await catalogue.newest(ctx, 10)) == ["fresh", "soon", "open"]
    assert ids(await catalogue.newest(ctx, 1)) == ["fresh"]


async def test_the_demo_loads_once_and_keeps_its_seats(ctx):
    await load_stations.load(ctx)
    assert await load_trainings.load(ctx) == 12 + 20
    await sign(ctx, "li", "session_first_aid_nov")
    assert await load_trainings.load(ctx) == 0
    page = await catalogue.listed(ctx, limit=50)
    assert len(page.items) == 12
    runs = {run.id: run for each in page.items for run in each.sessions}
    assert runs["session_first_aid_nov"].left == 1
