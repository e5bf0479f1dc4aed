"""Leaving: what must end first, changing one's mind, and being gone for good."""

from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import AgendaClosed
from models.base import aliases
from models.base.aliases import Alias
from models.base.events import Happening, record
from models.privacy import coming_back, erasing, erasures, shelves
from models.privacy.erasures import (
    COOLING_OFF,
    AlreadyLeaving,
    Erasure,
    NotLeaving,
    ObligationsOpen,
    State,
)
from models.stations import bookings
from models.stations.booked import Booking
from models.stations.first_aid_alerts import Alert
from models.unions.staff import put_staff
from models.workers import sessions
from models.workers.workers import AccountGone, Worker, WorkerJoined
from tests.client import together
from tests.models.stations import places
from tests.models.workers.people import arrive, signed_in

SHORT = timedelta(minutes=17)
"""A little longer than a token lives."""


async def carry_through(ctx, clock):
    """Let the week and a token's life pass, with the clockwork after each."""
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    clock.forward(SHORT)
    await erasing.carry_out(ctx)


async def kinds(ctx):
    return {row.kind for row in await Happening.many(ctx, {})}


async def test_asking_shuts_the_agenda_and_says_until_when(ctx, clock):
    me = await signed_in(ctx)
    erasure = await erasures.ask(ctx, by=me)
    assert erasure.state is State.ASKED
    assert erasure.due_at == clock.now() + COOLING_OFF
    assert await erasures.pending(ctx, by=me) == erasure
    assert "ErasureAsked" in await kinds(ctx)
    await places.put(ctx)
    with pytest.raises(AgendaClosed):
        await bookings.book(ctx, places.slot(), by=me)


async def test_asking_twice_is_refused_also_at_once(ctx):
    me = await signed_in(ctx)

    async def ask():
        try:
            return await erasures.ask(ctx, by=me)
        except AlreadyLeaving as refusal:
            return refusal

    answers = await together(*[ask() for _ in range(8)])
    assert sum(isinstance(answer, Erasure) for answer in answers) == 1
    with pytest.raises(AlreadyLeaving):
        await erasures.ask(ctx, by=me)


async def test_only_the_phone_that_asked_stays_signed_in(ctx):
    me = await signed_in(ctx)
    await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    assert [each.id for each in await sessions.of(ctx, by=me)] == [me.session_id]


async def test_a_booking_is_an_obligation(ctx):
    me = await signed_in(ctx)
    await places.put(ctx)
    booking = await bookings.book(ctx, places.slot(), by=me)
    with pytest.raises(ObligationsOpen) as refused:
        await erasures.ask(ctx, by=me)
    assert refused.value.details == {
        "obligations": [
            {
                "kind": "booking",
                "id": booking.id,
                "title": "手机充电·示例·park驿站",
                "until": "2026-11-23T03:25:00Z",
                "how": "请到“我的预约”取消，或在使用结束后点“结束使用”。",
            }
        ]
    }
    assert await Erasure.find(ctx) is None
    await bookings.cancel(ctx, booking.id, by=me)
    await erasures.ask(ctx, by=me)


async def test_working_for_the_union_is_an_obligation(ctx):
    me = await signed_in(ctx)
    await put_staff(ctx, id_="staff_lu", name="陆示例", openid="o-17", unit_id="unit_1")
    with pytest.raises(ObligationsOpen) as refused:
        await erasures.ask(ctx, by=me)
    assert [each["kind"] for each in refused.value.details["obligations"]] == [
        "service"
    ]


async def test_a_booking_and_an_asking_at_the_same_moment_are_never_both(ctx):
    await places.put(ctx, places.station(ports=40))
    people = [await signed_in(ctx, str(number)) for number in range(12)]

    async def outcome(deed):
        try:
            return await deed
        except (AgendaClosed, ObligationsOpen) as refusal:
            return refusal

    for me in people:
        asked, booked = await together(
            outcome(erasures.ask(ctx, by=me)),
            outcome(bookings.book(ctx, places.slot(), by=me)),
        )
        assert isinstance(asked, Erasure) != isinstance(booked, Booking)


async def test_signing_in_calls_it_off(ctx):
    me = await signed_in(ctx)
    asked = await erasures.ask(ctx, by=me)
    back = await coming_back.sign_in(ctx, "w-17-back")
    assert (back.worker.id, back.worker.leaving_at) == (me.id, None)
    kept = await Erasure.find(ctx, _id=asked.id)
    assert kept.state is State.CALLED_OFF
    assert not (await hours.seen(ctx, me.id)).closed
    assert "ErasureCalledOff" in await kinds(ctx)


async def test_calling_off_what_was_not_asked_for_is_refused(ctx):
    me = await signed_in(ctx)
    with pytest.raises(NotLeaving):
        await erasures.call_off(ctx, by=me)
    with pytest.raises(NotLeaving):
        await erasures.pending(ctx, by=me)


async def test_called_off_nothing_is_erased(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    await erasures.call_off(ctx, by=me)
    await carry_through(ctx, clock)
    assert await Worker.find(ctx, _id=me.id) is not None
    await erasures.ask(ctx, by=me)


async def test_before_its_time_nothing_is_erased(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    clock.forward(COOLING_OFF - timedelta(seconds=1))
    assert await erasing.carry_out(ctx) == 0
    assert await Worker.find(ctx, _id=me.id) is not None


async def test_who_signs_in_while_it_is_carried_out_is_a_new_person(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    back = await coming_back.sign_in(ctx, "w-17-back")
    assert back.is_new
    assert back.worker.id != me.id
    clock.forward(SHORT)
    await erasing.carry_out(ctx)
    assert await Worker.find(ctx, _id=back.worker.id) is not None
    assert await Alias.find(ctx, _id=back.worker.id) is not None


async def test_coming_back_and_being_erased_at_once_are_never_both(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    clock.forward(COOLING_OFF)
    stayed, begun = await together(erasures.stay(ctx, me.id), erasing.carry_out(ctx))
    there = await Worker.find(ctx, _id=me.id)
    assert (stayed is not None) == (there is not None) == (begun == 0)


async def test_cut_off_in_the_middle_the_next_round_goes_on(ctx, clock, monkeypatch):
    me = (await arrive(ctx)).worker
    by = await signed_in(ctx)
    alias = await aliases.of(ctx, me.id)
    await erasures.ask(ctx, by=by)
    clock.forward(COOLING_OFF)
    await erasing.carry_out(ctx)
    await Alias.shelf(ctx).delete_one({"_id": me.id})
    clock.forward(SHORT)
    assert await erasing.carry_out(ctx) == 1
    done = await Erasure.find(ctx)
    assert (done.state, done.worker_id, done.alias) == (State.DONE, alias, alias)
    assert await erasing.carry_out(ctx) == 0


async def test_somebody_being_helped_is_not_erased_now(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    clock.forward(COOLING_OFF)
    alert = Alert(
        id="alert_1",
        station_id="station_park",
        for_self=True,
        caller_id=me.id,
        called_at=clock.now(),
        level=1,
        climb_at=None,
        details=None,
        forget_at=None,
    )
    await alert.insert(ctx)
    assert await erasing.carry_out(ctx) == 0
    assert await Worker.find(ctx, _id=me.id) is not None
    await Alert.change(ctx, {"_id": alert.id}, {"$set": {"state": "closed"}})
    clock.forward(erasing.TRY_AGAIN)
    assert await erasing.carry_out(ctx) == 1


async def test_a_closed_wechat_account_is_erased_without_waiting(ctx, clock):
    me = await signed_in(ctx)
    await places.put(ctx)
    booking = await bookings.book(ctx, places.slot(), by=me)
    for _ in range(2):
        await erasures.begin_for_cancelled(ctx, me.id)
    assert await Erasure.shelf(ctx).count_documents({}) == 1
    assert await erasing.carry_out(ctx) == 1
    ended = await Booking.find(ctx, _id=booking.id)
    assert ended.state == "cancelled_by_worker"
    clock.forward(SHORT)
    await erasing.carry_out(ctx)
    left = await Booking.find(ctx, _id=booking.id)
    assert left.worker_id == (await Erasure.find(ctx)).alias
    await erasures.begin_for_cancelled(ctx, me.id)
    assert await Erasure.shelf(ctx).count_documents({}) == 1


async def test_a_closed_wechat_account_hastens_what_was_asked_for(ctx, clock):
    me = await signed_in(ctx)
    await erasures.ask(ctx, by=me)
    await erasures.begin_for_cancelled(ctx, me.id)
    assert (await erasures.pending(ctx, by=me)).due_at == clock.now()


async def test_who_is_gone_cannot_ask(ctx):
    me = await signed_in(ctx)
    await Worker.shelf(ctx).delete_one({"_id": me.id})
    with pytest.raises(AccountGone):
        await erasures.ask(ctx, by=me)


async def test_events_go_also_those_from_before_it_was_noted_whom_they_name(ctx):
    old, new, other = [
        await record(ctx, WorkerJoined(worker_id=who))
        for who in ("worker_gone", "worker_gone", "worker_stays")
    ]
    assert new.names == ["worker_gone"]
    await Happening.shelf(ctx).update_one({"_id": old.id}, {"$unset": {"names": 1}})
    assert await shelves.forget(ctx, "worker_gone", "person_1", but=Erasure) == 2
    assert [each.id for each in await Happening.many(ctx, {})] == [other.id]
