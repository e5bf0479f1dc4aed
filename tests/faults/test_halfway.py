"""Killed half-way: a place taken and not written down, again and again.

Every piece to and from MongoDB is slow, so that there is a moment between the two
writes; in it the process is killed, and the person asks at another door.
"""

import asyncio
from functools import partial
from itertools import cycle
from typing import NamedTuple

import pytest
from pymongo import AsyncMongoClient
from tornado.httpclient import HTTPError

from tests.faults import town
from tests.faults.inn import open_inn
from tests.faults.load import BOOKINGS, ENROLMENTS
from tests.faults.trial import settle
from tests.faults.waiting import until
from tests.faults.wires import APP

TIMES = 4
PATIENCE = 900

SLOW_SECONDS = 0.25
"""The next write follows the first at twice that, the soonest; we look ten times."""


class Way(NamedTuple):
    """One sort of place: who owns it, and where it is written down."""

    owner: str
    shelf: str
    path: str
    name: str


SEAT = Way("training_sessions", "enrolments", ENROLMENTS, "session_id")
PORT = Way("slots", "bookings", BOOKINGS, "slot_id")


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_whoever_asks_again_has_the_place_at_once_and_it_is_written():
    async with open_inn(doors=2, wired=True) as inn:
        people = await town.furnish(inn, residents=TIMES, seed=1)
        primary = await asyncio.to_thread(inn.mongo.primary)
        direct = AsyncMongoClient(primary.host, directConnection=True)
        db = direct[inn.house.settings.mongodb_database]
        wanted = {SEAT: people.sessions[0], PORT: people.slots[0]}
        for who, way in zip(people.residents, cycle((SEAT, PORT)), strict=False):
            body = {way.name: wanted[way]}
            await die_between(inn, db, who, way, body)
            me = inn.client(1).as_(who.token)
            told = await me.post(way.path, body)
            assert told.status == 201, told.body
            assert told.body["id"] in await holders(db, who, way)
            assert (await me.get(f"{way.path}/{told.body['id']}")).status == 200
            inn.doors[0].start()
            await inn.ready(inn.doors[0])
        await direct.close()
        assert await settle(inn) == []


async def die_between(inn, db, who, way, body):
    """Kill a door that has taken the place and not written it down."""
    with inn.wires.slow(APP, SLOW_SECONDS):
        asked = asyncio.create_task(never_hear(inn.client(0).as_(who.token), way, body))
        await until(partial(holders, db, who, way), what="a place taken")
        inn.doors[0].kill()
    await asked
    assert await db[way.shelf].find_one({"worker_id": who.id}) is None


async def never_hear(door, way, body):
    """Ask, and lose the answer."""
    with pytest.raises((OSError, HTTPError)):
        await door.post(way.path, body)


async def holders(db, who, way):
    """Name what a person holds a place for, written down or not."""
    found = await db[way.owner].find({"holders.worker_id": who.id}).to_list()
    return [
        held.get("enrolment_id") or held["booking_id"]
        for each in found
        for held in each["holders"]
        if held["worker_id"] == who.id
    ]
