"""Who listens goes on listening when the database's primary dies."""

import asyncio
from contextlib import AsyncExitStack

import msgspec
from pymongo.errors import PyMongoError

from app.wiring import open_house
from models.stations import first_aid
from models.stations.first_aid import Call
from scripts.stack.servers import start_mongod
from tests.client import serve
from tests.faults.waiting import until
from tests.listening import listen
from tests.models.stations import people, places


async def test_a_line_outlives_the_death_of_the_primary(settings, clock):
    async with AsyncExitStack() as whatever_happens:
        mongo = await asyncio.to_thread(start_mongod, 3)
        whatever_happens.push_async_callback(asyncio.to_thread, mongo.close)
        of_three = msgspec.structs.replace(settings, mongodb_uri=mongo.uri)
        house = await open_house(of_three, clock=clock)
        whatever_happens.push_async_callback(house.close)
        http = await serve(house)
        whatever_happens.push_async_callback(http.close)
        await places.put(house.ctx)
        desk = http.as_(await people.token(house.ctx, await people.clerk(house.ctx)))
        line = await listen(desk, "/station/v1/live")
        first = await call(house, "tap-before-it-died")
        assert await heard(line) == first
        primary = await asyncio.to_thread(mongo.primary)
        await asyncio.to_thread(primary.kill)
        second = await call(house, "tap-after-it-died")
        assert await heard(line) == second


async def call(house, tap_id):
    """Tap until help is called, as one does while nobody is primary."""
    called = None

    async def tap():
        nonlocal called
        said = Call(tap_id=tap_id)
        try:
            called = await first_aid.call(house.ctx, "station_park", said, by=None)
        except PyMongoError:
            return False
        return True

    await until(tap, what="a call for help is taken")
    return called.alert.id


async def heard(line):
    """Return what the next change is about; a gap may be told before it."""
    words = await line.next()
    while words["type"] != "change":
        words = await line.next()
    return words["change"]["ref"]
