"""Slots: a port is held once, whatever order people come and go in."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from models.base.changes import Follower
from models.stations import slots
from models.stations.claims import Claims
from models.stations.slots import AlreadyHeld, Holder, PortInUse, Slot, SlotFull

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PORTS = 3


def empty(slot_id="slot_park_phone-charging_20261123_1100", ports=PORTS):
    return Slot.empty(
        slot_id,
        station_id="station_park",
        service="phone_charging",
        start=START,
        end=START + timedelta(minutes=30),
        ports=ports,
    )


def holder(who, port=0):
    return Holder(
        port=port, booking_id=f"booking_{who}", worker_id=f"worker_{who}", since=START
    )


async def take(ctx, who, *, port=None, slot=None):
    given_port = 0 if port is None else port
    kept = await slots.take_port(
        ctx, slot or empty(), holder=holder(who, given_port), any_port=port is None
    )
    return kept.held_by(f"booking_{who}").port


async def test_the_lowest_free_port_is_given(ctx):
    assert [await take(ctx, who) for who in "abc"] == [1, 2, 3]
    await slots.give_back_port(ctx, empty().id, booking_id="booking_b")
    assert await take(ctx, "d") == 2


async def test_a_full_slot_is_refused(ctx):
    for who in "abc":
        await take(ctx, who)
    with pytest.raises(SlotFull):
        await take(ctx, "d")


async def test_one_worker_holds_one_port_of_a_slot(ctx):
    await take(ctx, "a")
    other = Holder(port=0, booking_id="booking_x", worker_id="worker_a", since=START)
    with pytest.raises(AlreadyHeld) as refusal:
        await slots.take_port(ctx, empty(), holder=other)
    assert refusal.value.details["booking_id"] == "booking_a"


async def test_the_same_booking_again_gets_what_it_holds(ctx):
    assert await take(ctx, "a") == await take(ctx, "a") == 1
    assert len((await Slot.find(ctx, _id=empty().id)).holders) == 1


async def test_a_named_port_is_taken_or_refused_with_the_free_ones(ctx):
    assert await take(ctx, "a", port=2) == 2
    with pytest.raises(PortInUse) as refusal:
        await take(ctx, "b", port=2)
    assert refusal.value.details == {"port": 2, "free": [1, 3]}


async def test_giving_back_twice_changes_nothing(ctx):
    await take(ctx, "a")
    for _ in range(2):
        await slots.give_back_port(ctx, empty().id, booking_id="booking_a")
    assert sorted((await Slot.find(ctx, _id=empty().id)).free) == [1, 2, 3]


async def test_a_day_is_read_in_one_query(ctx):
    await take(ctx, "a")
    known = await slots.known(ctx, [empty().id, "slot_park_phone-charging_x"])
    assert list(known) == [empty().id]


async def test_many_at_once_on_a_slot_nobody_wanted_get_every_port_once(ctx):
    for turn in range(5):
        slot = empty(f"slot_race_{turn}", ports=4)
        tries = [take(ctx, str(who), slot=slot) for who in range(40)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(a for a in answers if isinstance(a, int)) == [1, 2, 3, 4]
        assert sum(isinstance(a, SlotFull) for a in answers) == 36


async def test_two_processes_that_open_the_same_slots_at_once_give_every_port_once(ctx):
    houses = []
    for _ in range(2):
        claims = Claims()
        house = structs.replace(ctx, live={**ctx.live, Claims: claims})
        claims.listen(Follower(ctx.db, ctx.clock), house)
        houses.append(house)
    for turn in range(8):
        kept = [empty(f"slot_race_{turn}_{place}", ports=2) for place in range(6)]
        tries = [
            take(house, f"{slot.id}_{number}_{who}", slot=slot)
            for slot in kept
            for number, house in enumerate(houses)
            for who in range(3)
        ]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(a for a in answers if isinstance(a, int)) == [1] * 6 + [2] * 6
        assert sum(isinstance(a, SlotFull) for a in answers) == 4 * 6
        for slot in kept:
            found = await Slot.find(ctx, _id=slot.id)
            assert sorted(each.port for each in found.holders) == [1, 2]
            assert (found.free, found.ports, found.start) == ((), 2, START)


async def test_taking_and_giving_back_at_once_leaves_every_port_accounted_for(ctx):
    async def come_and_go(who):
        for _ in range(4):
            try:
                await take(ctx, who)
            except SlotFull:
                continue
            await slots.give_back_port(ctx, empty().id, booking_id=f"booking_{who}")

    await asyncio.gather(*(come_and_go(str(who)) for who in range(12)))
    kept = await Slot.find(ctx, _id=empty().id)
    assert (sorted(kept.free), kept.holders) == ([1, 2, 3], ())


steps = st.lists(
    st.tuples(
        st.sampled_from(["take", "name", "give back"]),
        st.sampled_from("abcde"),
        st.integers(1, PORTS),
    ),
    max_size=25,
)


@given(steps=steps)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_free_and_held_are_always_all_the_ports(run, ctx, steps):
    run(walk(ctx, steps))


async def walk(ctx, steps):
    slot = empty(ctx.new_id("slot"))
    await take(ctx, "first", slot=slot)
    for step, who, port in steps:
        try:
            if step == "take":
                await take(ctx, who, slot=slot)
            elif step == "name":
                await take(ctx, who, port=port, slot=slot)
            else:
                await slots.give_back_port(ctx, slot.id, booking_id=f"booking_{who}")
        except (SlotFull, AlreadyHeld, PortInUse):
            pass
        kept = await Slot.find(ctx, _id=slot.id)
        held = [each.port for each in kept.holders]
        assert sorted([*held, *kept.free]) == list(range(1, PORTS + 1))
        assert len({each.worker_id for each in kept.holders}) == len(held)
