"""Rows from before units had paths come within reach, while people go on writing."""

import asyncio

from app.migrations import m0001_paths, running
from app.migrations.m0001_paths import MIGRATION, STEPS
from models.base.documents import plain
from models.stations.booked import Booking
from models.stations.stations import Station
from models.stations.strikes import Strike
from models.unions.units import Unit
from tests.house.minimal import document

PATH = "/unit_city/unit_zone/"
OLD = 1_200


def new(kind, id_, **fields):
    """Return a document as this release writes it, like no other."""
    row = document(kind)
    for index in kind.INDEXES:
        if index.document.get("unique"):
            row |= {name: id_ for name in index.document["key"] if row.get(name)}
    return kind.of(row | {"_id": id_} | fields)


def old(kind, id_, **fields):
    """Return a row as the release before paths wrote it."""
    row = plain(new(kind, id_, **fields))
    row.pop("org_path", None)
    return row


async def put_old(ctx, bookings=3):
    """Put what a station had before units had paths."""
    await new(Unit, "unit_zone", path=PATH).insert(ctx)
    await Station.shelf(ctx).insert_one(old(Station, "station_a", unit_id="unit_zone"))
    for step in STEPS[1:4]:
        rows = [
            old(step.shelf, f"row_{n:05}", station_id="station_a")
            for n in range(bookings)
        ]
        await step.shelf.shelf(ctx).insert_many(rows)
    strike = old(Strike, "strike_a", booking_id="row_00001")
    await Strike.shelf(ctx).insert_one(strike)


async def pathless(ctx):
    return {
        step.shelf.SHELF: await step.shelf.shelf(ctx).count_documents(
            {"org_path": m0001_paths.PATHLESS}
        )
        for step in STEPS
    }


async def test_every_old_row_gets_the_path_of_its_unit(ctx):
    await put_old(ctx)
    assert await running.carry_out(ctx, [MIGRATION]) == 1 + 3 * 3 + 1
    assert set((await pathless(ctx)).values()) == {0}
    for step in STEPS:
        async for row in step.shelf.shelf(ctx).find({}):
            assert row["org_path"] == PATH


async def test_what_has_a_path_keeps_it_and_what_has_no_station_stays(ctx):
    await put_old(ctx)
    moved = new(Booking, "booking_new", station_id="station_a", org_path="/unit_old/")
    await moved.insert(ctx)
    await Booking.shelf(ctx).insert_one(
        old(Booking, "booking_lost", station_id="station_gone")
    )
    await running.carry_out(ctx, [MIGRATION])
    assert (await Booking.get(ctx, "booking_new")).org_path == "/unit_old/"
    assert (await Booking.get(ctx, "booking_lost")).org_path == ""


async def test_many_rows_are_brought_up_while_others_are_written(ctx):
    await put_old(ctx, bookings=OLD)
    over, written = asyncio.Event(), 0

    async def write():
        nonlocal written
        while not over.is_set():
            fresh = new(
                Booking,
                f"row_{written:05}_new",
                station_id="station_a",
                org_path=PATH,
            )
            await fresh.insert(ctx)
            written += 1

    async def migrate():
        changed = await running.carry_out(ctx, [MIGRATION])
        over.set()
        return changed

    changed, _ = await asyncio.gather(migrate(), write())
    assert changed == 1 + 3 * OLD + 1
    assert written > 0
    assert set((await pathless(ctx)).values()) == {0}
    assert await Booking.shelf(ctx).count_documents({}) == OLD + written
