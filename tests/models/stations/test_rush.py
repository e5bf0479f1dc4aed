"""The rush on ports: written together, and never differently from alone."""

import asyncio

import pytest
from pymongo.errors import AutoReconnect

from models.agenda import hours
from models.agenda.hours import Agenda, Taken
from models.base import deeds
from models.base.errors import Refusal
from models.base.events import Happening
from models.stations import bookings, lapses, offers, slots, sweeps, writing
from models.stations.booked import Booking
from models.stations.fair_use import TooManyActive
from models.stations.slots import AlreadyHeld, Slot
from models.stations.strikes import Strike, Weight
from tests.models.stations import places
from tests.models.stations.places import at, slot, somebody
from tests.models.stations.test_sweeps import die_before_writing


async def kinds(ctx):
    rows = Happening.shelf(ctx).find(sort=[("kind", 1)])
    return [row["kind"] async for row in rows]


async def test_a_full_rush_gives_every_port_once_with_hours_and_event(ctx):
    await places.put(ctx, places.station(ports=4), places.station("bank", ports=4))
    tries = [
        bookings.book(ctx, slot(slug=slug), by=somebody(f"{slug}{number}"))
        for number in range(20)
        for slug in ("park", "bank")
    ]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    made = [each for each in answers if isinstance(each, Booking)]
    assert all(isinstance(each, Booking | Refusal) for each in answers)
    for slug in ("park", "bank"):
        kept = await Slot.find(ctx, _id=slot(slug=slug))
        here = {each.id: each.port for each in made if each.slot_ids == (kept.id,)}
        assert {h.booking_id: h.port for h in kept.holders} == here
        assert (sorted(here.values()), kept.free) == ([1, 2, 3, 4], ())
    assert await kinds(ctx) == ["BookingMade"] * 8
    assert await Agenda.shelf(ctx).count_documents({"taken.0": {"$exists": True}}) == 8


async def test_many_on_slots_of_their_own_are_fewer_commands_than_bookings(ctx, ear):
    slugs, times = "abcdefgh", ("1020", "1055", "1130", "1205", "1240")
    await places.put(ctx, *(places.station(slug) for slug in slugs))
    wanted = [slot(time, slug=slug) for slug in slugs for time in times]
    before = ear.commands
    tries = [bookings.book(ctx, each, by=somebody(each)) for each in wanted]
    made = await asyncio.gather(*tries)
    assert ear.commands - before < len(wanted)
    assert [(each.slot_ids, each.port) for each in made] == [((w,), 1) for w in wanted]
    assert await kinds(ctx) == ["BookingMade"] * len(wanted)


async def test_what_changes_after_the_look_is_looked_at_again(ctx, monkeypatch):
    await places.put(ctx)
    look = deeds.write

    async def be_late(ctx, deed):
        monkeypatch.setattr(deeds, "write", look)
        for time in ("1205", "1315"):
            await bookings.book(ctx, slot(time), by=somebody())
        return await look(ctx, deed)

    monkeypatch.setattr(deeds, "write", be_late)
    with pytest.raises(TooManyActive):
        await bookings.book(ctx, slot("1055"), by=somebody())
    assert (await Slot.find(ctx, _id=slot("1055"))).holders == ()
    assert await kinds(ctx) == ["BookingDropped", "BookingMade", "BookingMade"]


async def test_a_strike_after_the_look_is_seen(ctx, clock, monkeypatch):
    await places.put(ctx)
    missed = await bookings.book(ctx, slot("1020"), by=somebody())
    for name in ("a", "b"):
        await Strike(
            id=f"strike_{name}",
            worker_id=somebody().id,
            booking_id=f"booking_{name}",
            weight=Weight.NO_SHOW,
            at=at("09:00"),
        ).insert(ctx)
    look = deeds.write

    async def be_late(ctx, deed):
        clock.put(at("10:30"))
        assert await lapses.lapse_of(ctx, missed.worker_id) == 1
        return await look(ctx, deed)

    monkeypatch.setattr(deeds, "write", be_late)
    with pytest.raises(Refusal) as refusal:
        await bookings.book(ctx, slot("1205"), by=somebody())
    assert refusal.value.code == "booking_suspended"
    assert (await Slot.find(ctx, _id=slot("1205"))).holders == ()


async def test_an_agenda_from_before_revisions_is_taken_on(ctx):
    await places.put(ctx)
    await Agenda.shelf(ctx).insert_one({"_id": somebody().id, "taken": []})
    await bookings.book(ctx, slot(), by=somebody())
    agenda = await Agenda.find(ctx, _id=somebody().id)
    assert (len(agenda.taken), agenda.rev) == (1, 1)


async def test_the_sweep_and_a_late_writer_agree(ctx, clock):
    """The hours come free between the sweep's refusal and its giving back."""
    await places.put(ctx)
    offer = await offers.find(ctx, slot())
    for turn in range(8):
        clock.put(at("10:00"))
        who = somebody(str(turn))
        lost = await die_before_writing(ctx, str(turn))
        holder = (await Slot.find(ctx, _id=slot())).held_by(lost)
        clock.forward(sweeps.SETTLE)
        await hours.look(ctx, who.id, [])
        await asyncio.gather(
            writing.let_go(ctx, slot(), lost),
            writing.write_down(ctx, offer, writing.draft(offer, holder)),
            return_exceptions=True,
        )
        kept = await Slot.find(ctx, _id=slot())
        written = await Booking.find(ctx, _id=lost)
        assert (written is None) == (kept.held_by(lost) is None)
        if written is not None:
            await bookings.cancel(ctx, lost, by=who)


async def test_what_was_let_go_is_never_written(ctx):
    await places.put(ctx)
    lost = await die_before_writing(ctx)
    offer = await offers.find(ctx, slot())
    holder = (await Slot.find(ctx, _id=slot())).held_by(lost)
    await writing.let_go(ctx, slot(), lost)
    await writing.let_go(ctx, slot(), lost)
    await hours.look(ctx, somebody().id, [])
    with pytest.raises(AlreadyHeld):
        await writing.write_down(ctx, offer, writing.draft(offer, holder))
    assert await kinds(ctx) == ["BookingDropped"]
    assert await hours.of(ctx, somebody().id) == []


async def test_what_was_written_is_not_let_go(ctx):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    await writing.let_go(ctx, slot(), booking.id)
    assert (await Slot.find(ctx, _id=slot())).held_by(booking.id)


async def test_a_sweep_that_died_after_deciding_is_followed_up(ctx, clock, monkeypatch):
    await places.put(ctx, places.station(), places.station("bank"))
    await die_before_writing(ctx)
    await bookings.book(ctx, slot(slug="bank"), by=somebody())
    clock.forward(sweeps.SETTLE)

    async def die(*_, **__):
        raise AutoReconnect("died here")

    with monkeypatch.context() as broken:
        broken.setattr(slots, "give_back_port", die)
        assert await sweeps.sweep_recent(ctx) == 0
    assert (await Slot.find(ctx, _id=slot())).holders
    await sweeps.sweep_recent(ctx)
    assert (await Slot.find(ctx, _id=slot())).holders == ()


async def test_hours_taken_by_another_room_meanwhile_are_seen(ctx, monkeypatch):
    await places.put(ctx)
    lesson = Taken(
        ref="booking_other",
        kind="phone_charging",
        title="另一处",
        start=at("10:50"),
        end=at("11:30"),
        binding=False,
    )
    look = deeds.write

    async def be_late(ctx, deed):
        await hours.look(ctx, somebody().id, [lesson])
        await hours.take(ctx, somebody().id, [lesson])
        return await look(ctx, deed)

    monkeypatch.setattr(deeds, "write", be_late)
    with pytest.raises(Refusal) as refusal:
        await bookings.book(ctx, slot(), by=somebody())
    assert refusal.value.code == "time_conflict"
    assert (await Slot.find(ctx, _id=slot())).holders == ()
