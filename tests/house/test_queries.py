"""Every question that the house asks of MongoDB is answered by an index.

Every door is opened, the whole clockwork is run, whatever may happen happens, and
somebody leaves: so no question goes unasked because nobody wrote a test of it.
"""

import ast
from datetime import timedelta

import msgspec
import pytest

from app.schedule import LINES
from models.base import events
from models.base.events import record
from models.privacy import bundles, shelves
from models.privacy.erasures import Erasure
from models.reactions import REACTIONS
from models.stations import water
from models.stations.water import Drink
from tests.house import everyone
from tests.house.minimal import minimal
from tests.house.unindexed import ALLOWED, complaints
from tests.queries import HOUSE, Asked, Fault, judge

LATER = timedelta(days=400)
"""By then all that was put on the shelves is due, over, or to be forgotten."""


@pytest.mark.gen_test(timeout=everyone.LONG_SECONDS)
async def test_every_door_asks_by_an_index(ctx, http, ear):
    await everyone.furnish(ctx)
    broken = []
    for door in everyone.doors():
        answer = await everyone.call(ctx, http, door)
        if answer.status >= 500:
            broken.append(f"{door}: {answer.body}")
    assert broken == []
    assert await complaints(ctx, ear) == []


async def test_the_figures_for_the_watch_are_asked_by_an_index(ctx, http, ear):
    assert (await http.get("/metrics")).status == 200
    assert await complaints(ctx, ear) == []


async def test_the_clockwork_asks_by_an_index(ctx, clock, ear):
    await everyone.furnish(ctx)
    clock.forward(LATER)
    for line in LINES:
        ear.asked.clear()
        await line.verb(ctx)
        assert ear.asked, line.name
        assert await complaints(ctx, ear) == [], line.name


async def test_what_follows_from_whatever_may_happen_is_asked_by_an_index(ctx, ear):
    await everyone.furnish(ctx)
    for kind in REACTIONS:
        told = minimal(kind, everyone.ids(), optional=True)
        await record(ctx, msgspec.convert(told, kind))
    delivered = 0
    while await events.deliver_one(ctx, REACTIONS):
        delivered += 1
    assert delivered >= len(REACTIONS)
    assert await complaints(ctx, ear) == []


async def test_an_export_and_an_erasure_ask_by_an_index(ctx, ear):
    await everyone.furnish(ctx)
    who = everyone.ids()["worker_id"]
    await bundles.make(ctx, who)
    assert await shelves.forget(ctx, who, "person_1", but=Erasure)
    assert await complaints(ctx, ear) == []


@pytest.mark.parametrize("place", ALLOWED)
def test_who_may_ask_without_an_index_is_still_there(place):
    path, name = place.split()
    tree = ast.parse((HOUSE / path).read_text())
    assert name in {getattr(node, "name", "") for node in ast.walk(tree)}


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"filter": {"_id": "drink_1"}}, Fault.NONE),
        ({"filter": {"station_id": "station_east"}}, Fault.NONE),
        ({"filter": {"station_id": "station_east"}, "sort": {"day": 1}}, Fault.NONE),
        ({"filter": {"station_id": "station_east"}, "sort": {"at": 1}}, Fault.SORTS),
        ({"filter": {"cups": 3}, "sort": {"_id": -1}}, Fault.FILTERS_ALL),
        (
            {"filter": {"cups": 3, "_id": {"$lt": "x"}}, "sort": {"_id": -1}},
            Fault.FILTERS_ALL,
        ),
        ({"filter": {"cups": 3}}, Fault.READS_ALL),
        ({"filter": {}}, Fault.READS_ALL),
        ({"filter": {}, "limit": 1}, Fault.NONE),
        ({"filter": {"station_id": {"$in": []}}}, Fault.NONE),
    ],
)
async def test_mongodb_s_word_is_understood(ctx, question, fault):
    """Or the tests above would find nothing because nobody sees it."""
    await everyone.furnish(ctx)
    asked = Asked("", "find", Drink.SHELF, {"find": Drink.SHELF} | question)
    assert await judge(ctx.db, asked) is fault


async def test_what_a_test_asks_itself_is_not_the_house_s(ctx, ear):
    ear.asked.clear()
    await ctx.db[Drink.SHELF].find_one({"cups": 3})
    await Drink.many(ctx, {"cups": 3})
    assert ear.asked == []
    await water.count(ctx, "station_east", ctx.clock.today())
    assert [asked.place for asked in ear.asked] == ["models/stations/water.py count"]
