"""A backup of the running inn comes back whole, on another MongoDB, and opens."""

import asyncio
import os
from datetime import timedelta

import pyrage
import pytest
from msgspec import structs
from pymongo import AsyncMongoClient

from app.wiring import open_house
from models.base import audit, files
from models.base.files import Media, Purpose
from models.privacy import erased, erasing, erasures
from models.privacy.erasures import COOLING_OFF, Erasure, State
from models.stations import bookings, sweeps
from models.stations.booked import Booking
from models.workers.workers import Worker
from scripts.backups import manifest, restoring, taking
from scripts.backups.after import make_whole
from scripts.backups.erased import copy_out
from scripts.stack.servers import start_mongod, start_redis
from scripts.stack.trouble import Trouble
from tests.faults.recount import recount
from tests.models.stations import places
from tests.models.workers.people import arrive, signed_in

SMALL = 2_000
"""Bytes a piece, so that a small shelf has several."""

WRITERS = 4


@pytest.fixture(scope="module")
def elsewhere():
    """Give a MongoDB and a Redis that know nothing of us."""
    with start_mongod() as mongo, start_redis() as redis:
        yield {"mongodb_uri": mongo.uri, "redis_url": redis.uri}


@pytest.fixture
def there(settings, elsewhere, run):
    """Give the settings of the inn after the restore; empty again at the end."""
    yield structs.replace(settings, **elsewhere)

    async def drop():
        client = AsyncMongoClient(elsewhere["mongodb_uri"])
        for name in await client.list_database_names():
            if name.startswith("test_"):
                await client.drop_database(name)
        await client.close()

    run(drop())


@pytest.fixture
def reopen(there, clock, run):
    """Return what opens the restored inn; closed at the end."""
    opened = []

    async def reopen(**other):
        house = await open_house(structs.replace(there, **other), clock=clock)
        opened.append(house)
        return house

    yield reopen
    for house in opened:
        run(house.close())


async def take(settings, folder, **other):
    return await asyncio.to_thread(
        taking.take,
        settings.mongodb_uri,
        settings.mongodb_database,
        folder,
        piece_bytes=SMALL,
        **other,
    )


async def put_back(there, folder, **other):
    return await asyncio.to_thread(
        restoring.put_back, there.mongodb_uri, there.mongodb_database, folder, **other
    )


async def furnish(ctx):
    """Let some people come, book and keep a file; chain what was noted."""
    await places.put(ctx)
    people = [await signed_in(ctx, f"{n}") for n in range(8)]
    await bookings.book(ctx, places.slot(), by=people[0])
    await audit.note(ctx, who=people[0].id, what="test.did", about=people[1].id)
    await files.keep_made(
        ctx, "a.txt", Media.PDF, os.urandom(SMALL), purpose=Purpose.EXPORT, by="x"
    )
    return people


async def test_it_comes_back_whole_on_a_fresh_mongodb_and_opens(
    ctx, settings, there, reopen, tmp_path
):
    people = await furnish(ctx)
    ctx.clock.forward(timedelta(seconds=5))
    await audit.chain_up(ctx)
    taken = await take(settings, tmp_path / "b")
    assert any(len(shelf.pieces) > 1 for shelf in taken.shelves)
    assert await put_back(there, tmp_path / "b") == taken
    house = await reopen()
    told = await make_whole(house, None)
    assert told[-1] == "the doors are ready"
    assert await Worker.get(house.ctx, people[0].id) is not None
    assert await house.ctx.db["workers"].count_documents({}) == len(people)


async def test_the_restored_inn_signs_in_with_an_empty_redis(
    ctx, settings, there, reopen, tmp_path
):
    before = (await arrive(ctx, "17")).worker
    await take(settings, tmp_path / "b")
    await put_back(there, tmp_path / "b")
    house = await reopen()
    assert await house.ctx.redis.dbsize() == 0
    assert (await arrive(house.ctx, "17")).worker.id == before.id


async def test_under_load_it_holds_all_that_was_acknowledged_before(
    ctx, settings, there, reopen, tmp_path
):
    await places.put(ctx, *(places.station(f"s{n}", ports=64) for n in range(WRITERS)))
    over, acknowledged = asyncio.Event(), []

    async def book(writer):
        n = 0
        while not over.is_set():
            me = await signed_in(ctx, f"{writer}x{n}")
            slot = places.slot(slug=f"s{writer}", at=("1055", "1130")[n // 60 % 2])
            acknowledged.append((await bookings.book(ctx, slot, by=me)).id)
            n += 1
            if n == 120:
                return

    async def back_up():
        while len(acknowledged) < WRITERS:
            await asyncio.wait({asyncio.create_task(signed_in(ctx, "waits"))})
        before = list(acknowledged)
        taken = await take(settings, tmp_path / "b")
        over.set()
        return before, taken

    (before, taken), *_ = await asyncio.gather(back_up(), *map(book, range(WRITERS)))
    await put_back(there, tmp_path / "b")
    house = await reopen()
    kept = {row.id for row in await Booking.many(house.ctx, {}, limit=10_000)}
    assert set(before) <= kept
    assert taken.rows > 0
    house.ctx.clock.forward(timedelta(minutes=2))
    await sweeps.sweep_all(house.ctx)  # the moment lay between a port and its booking
    slots = [
        fault
        for fault in await recount(house.ctx)
        if fault.startswith(("slot", "seat"))
    ]
    assert slots == []


async def test_who_left_since_is_let_go_again(house, settings, there, reopen, tmp_path):
    ctx, clock = house.ctx, house.ctx.clock
    stays, leaves, wavers = [await signed_in(ctx, name) for name in "abc"]
    await erasures.ask(ctx, by=wavers)
    await take(settings, tmp_path / "b")
    await erasures.call_off(ctx, by=wavers)
    await erasures.ask(ctx, by=leaves)
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    assert await copy_out(house, tmp_path / "erased") >= 1
    assert leaves.id not in (tmp_path / "erased").read_text()
    await put_back(there, tmp_path / "b")
    back = await reopen()
    assert await Worker.get(back.ctx, leaves.id) is not None
    told = await make_whole(back, tmp_path / "erased")
    assert told[2] == "1 who left since are let go again, 1 have their week anew"
    assert await Worker.find(back.ctx, _id=leaves.id) is None
    assert await Worker.find(back.ctx, _id=stays.id) is not None
    again = await Erasure.find(back.ctx, worker_id=wavers.id)
    assert (again.state, again.due_at) == (State.ASKED, clock.now() + COOLING_OFF)


async def test_a_restored_inn_knows_also_who_left_before_its_backup(
    house, settings, there, reopen, tmp_path
):
    """Or an older backup, restored after this one, would bring them back for good."""
    ctx, clock = house.ctx, house.ctx.clock
    leaves = await signed_in(ctx, "a")
    await erasures.ask(ctx, by=leaves)
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    await take(settings, tmp_path / "after")
    await copy_out(house, tmp_path / "erased")
    before = (tmp_path / "erased").read_bytes()
    assert erased.mark_of(ctx, leaves.id) in before.decode()
    await put_back(there, tmp_path / "after")
    back = await reopen()
    assert await copy_out(back, tmp_path / "lost") == 0
    await make_whole(back, tmp_path / "erased")
    await copy_out(back, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == before


async def test_a_mark_goes_when_no_backup_needs_it(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    mark = erased.mark_of(ctx, me.id)
    assert mark in [each.id async for each in erased.all_marks(ctx)]
    clock.forward(erased.KEPT + timedelta(days=1))
    await erased.forget_old(ctx)
    assert mark not in [each.id async for each in erased.all_marks(ctx)]


async def test_sealed_it_opens_for_its_own_identity_only(
    ctx, settings, there, reopen, tmp_path
):
    await furnish(ctx)
    mine, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    taken = await take(settings, tmp_path / "b", sealed_for=mine.to_public())
    content = (tmp_path / "b" / taken.shelves[-1].pieces[0].file).read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    with pytest.raises(Trouble, match="--identity"):
        await put_back(there, tmp_path / "b")
    with pytest.raises(Trouble, match="another identity"):
        await put_back(there, tmp_path / "b", opened_by=other)
    assert await put_back(there, tmp_path / "b", opened_by=mine) == taken


async def test_a_changed_piece_is_named_and_nothing_is_restored(
    ctx, settings, there, reopen, tmp_path
):
    await furnish(ctx)
    taken = await take(settings, tmp_path / "b")
    piece = tmp_path / "b" / taken.shelves[-1].pieces[0].file
    piece.write_bytes(piece.read_bytes()[:-1] + b"x")
    with pytest.raises(Trouble, match=f"{piece.name} is not as it was written"):
        await put_back(there, tmp_path / "b")
    piece.unlink()
    with pytest.raises(Trouble, match=f"{piece.name} is missing"):
        restoring.check(tmp_path / "b", None)


async def test_a_backup_that_was_cut_off_is_none(ctx, settings, there, tmp_path):
    await furnish(ctx)
    await take(settings, tmp_path / "b")
    (tmp_path / "b" / manifest.NAME).unlink()
    with pytest.raises(Trouble, match="no whole backup"):
        await put_back(there, tmp_path / "b")


async def test_nothing_is_restored_over_what_is_there(ctx, settings, tmp_path):
    await furnish(ctx)
    await take(settings, tmp_path / "b")
    with pytest.raises(Trouble, match="not empty"):
        await put_back(settings, tmp_path / "b")


async def test_other_keys_than_the_backups_are_said(
    ctx, settings, there, reopen, tmp_path
):
    await furnish(ctx)
    await take(settings, tmp_path / "b")
    await put_back(there, tmp_path / "b")
    house = await reopen(blind_keys=(os.urandom(32),))
    with pytest.raises(Trouble, match="BLIND_KEY"):
        await make_whole(house, None)
