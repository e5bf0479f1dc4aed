"""Who listens goes on listening when the database's primary dies."""

import asyncio

import msgspec

from app.wiring import open_house
from models.stations import first_aid
from models.stations.first_aid import Call
from scripts.stack.servers import start_mongod
from tests.client import serve
from tests.listening import listen
from tests.models.stations import people, places


async def test_a_line_outlives_the_death_of_the_primary(settings, clock):
    mongo = await asyncio.to_thread(start_mongod, 3)
    try:
        of_three = msgspec.structs.replace(settings, mongodb_uri=mongo.uri)
        house = await open_house(of_three, clock=clock)
        http = await serve(house)
        await places.put(house.ctx)
        desk = http.as_(await people.token(house.ctx, await people.clerk(house.ctx)))
        line = await listen(desk, "/station/v1/live")
        first = await call(house)
        assert await heard(line) == first
        primary = await asyncio.to_thread(mongo.primary)
        await asyncio.to_thread(primary.kill)
        second = await call(house)
        assert await heard(line) == second
        await http.close()
        await house.close()
    finally:
        await asyncio.to_thread(mongo.close)


async def call(house):
    called = await first_aid.call(house.ctx, "station_park", Call(), by=None)
    return called.alert.id


async def heard(line):
    """Return what the next change is about; a gap may be told before it."""
    words = await line.next()
    while words["type"] != "change":
        words = await line.next()
    return words["change"]["ref"]
