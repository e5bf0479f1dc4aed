"""Helping with a code: once, for one person and purpose, and nothing left half done."""

from collections import Counter
from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.assisted import assistances, codes, finishing, helping
from models.assisted.assistances import Assistance
from models.assisted.codes import LEASE, LIFE, MOST_TRIES, Code, CodeNotValid, What
from models.assisted.helping import MOST_AT_STATION, MOST_BY_STAFF, TooManyGuesses
from models.base import aliases, events
from models.base.audit import Entry
from models.messages import inbox
from models.reactions import REACTIONS
from models.stations import bookings
from models.stations.booked import Booking
from models.stations.slots import SlotFull
from models.stations.stations import NoSuchStation
from models.trainings.enrolments import Enrolment
from models.trainings.seats import SessionFull
from models.unions.staff import Role, RoleMissing
from models.workers import identities, sessions
from models.workers.identities import ClientClass
from tests.client import together
from tests.models.stations import people, places
from tests.models.stations.places import slot
from tests.models.trainings import courses
from tests.models.workers.people import signed_in

PARK = "station_park"
WRONG = "zzzzzzzz"


@pytest.fixture
def park(run, ctx):
    """The park's station, one port, and the lake's."""
    return run(places.put(ctx, places.station(ports=1), places.station("lake")))


async def asked(ctx, me, what=What.BOOKING):
    return (await codes.ask(ctx, what, by=me)).code


async def book(ctx, letters, by, at="1055", station=PARK):
    return await helping.book(ctx, station, letters, slot(at), by=by)


async def outcome(call):
    try:
        await call
    except Exception as refusal:  # noqa: BLE001 - whatever it is, it is counted
        return type(refusal).__name__
    return "done"


async def test_a_booking_is_the_workers_own_and_both_stand_in_the_record(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    letters = await asked(ctx, me)
    assert letters not in repr(await Code.shelf(ctx).find().to_list())
    done = await book(ctx, letters, lu)
    assert done.booking.worker_id == me.id
    assert await Assistance.many(ctx, {}) == [done.given]
    assert (done.given.worker_id, done.given.staff_id) == (me.id, lu.id)
    assert done.given.ref == done.booking.id
    entry = await Entry.find(ctx, what="assisted.booking")
    assert entry is not None
    assert (entry.who, entry.about) == (lu.id, done.booking.id)
    assert entry.subject == await aliases.of(ctx, me.id)
    assert await Code.many(ctx, {}) == []
    while await events.deliver_one(ctx, REACTIONS):
        pass
    told = {message.kind for message in (await inbox.of(ctx, me.id)).items}
    assert {"booking_made", "done_for_you"} <= told
    await bookings.cancel(ctx, done.booking.id, by=me)


async def test_a_sign_up_and_a_declaration_too(ctx, clock, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    await courses.course(ctx)
    letters = await asked(ctx, me, What.SIGN_UP)
    done = await helping.sign_up(ctx, PARK, letters, "session_one", by=lu)
    assert (done.enrolment.worker_id, done.given.ref) == (me.id, done.enrolment.id)
    clock.forward(timedelta(seconds=1))
    letters = await asked(ctx, me, What.IDENTITY_DECLARATION)
    wanted = [ClientClass.MIGRANT_WORKER]
    declared = await helping.declare(ctx, PARK, letters, wanted, by=lu)
    assert declared.declared == await identities.of(ctx, me.id)
    assert declared.given.ref is None
    page = await assistances.of(ctx, by=me, cursor=None, limit=1)
    assert [each.what for each in page.items] == [What.IDENTITY_DECLARATION]
    page = await assistances.of(ctx, by=me, cursor=page.next, limit=1)
    assert ([each.what for each in page.items], page.next) == ([What.SIGN_UP], None)


async def test_a_code_is_read_as_people_say_it(ctx, park, monkeypatch):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    monkeypatch.setattr("models.base.ids.new_code", lambda _: "0a1b1c0d")
    await asked(ctx, me)
    assert (await book(ctx, "OAIB-LC0D", lu)).booking.worker_id == me.id


async def test_what_is_not_valid_is_refused_alike(ctx, clock, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    with pytest.raises(CodeNotValid):
        await book(ctx, WRONG, lu)
    other = await asked(ctx, me, What.SIGN_UP)
    with pytest.raises(CodeNotValid):
        await book(ctx, other, lu)
    old, new = await asked(ctx, me), await asked(ctx, me)
    with pytest.raises(CodeNotValid):
        await book(ctx, old, lu)
    clock.forward(LIFE)
    with pytest.raises(CodeNotValid):
        await book(ctx, new, lu)
    letters = await asked(ctx, me)
    await book(ctx, letters, lu)
    with pytest.raises(CodeNotValid):
        await book(ctx, letters, lu, at="1130")
    assert await Booking.shelf(ctx).count_documents({}) == 1


async def test_who_signed_out_has_no_code_any_more(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    letters = await asked(ctx, me)
    await sessions.sign_out_everywhere(ctx, by=me)
    with pytest.raises(CodeNotValid):
        await book(ctx, letters, lu)
    assert await Code.many(ctx, {}) == []


async def test_a_code_never_acts_on_somebody_else(ctx, park):
    mine, theirs = await signed_in(ctx), await signed_in(ctx, "18")
    lu = await people.clerk(ctx)
    letters = await asked(ctx, mine)
    await asked(ctx, theirs)
    assert (await book(ctx, letters, lu)).booking.worker_id == mine.id
    assert await Booking.find(ctx, worker_id=theirs.id) is None
    assert (await assistances.of(ctx, by=theirs, cursor=None, limit=9)).items == []


async def test_only_a_clerk_of_the_station_may(ctx, park):
    me = await signed_in(ctx)
    letters = await asked(ctx, me)
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    with pytest.raises(NoSuchStation):
        await book(ctx, letters, fan)
    helper = await people.clerk(ctx, "yu", roles=(Role.FIRST_AID_RESPONDER,))
    with pytest.raises(RoleMissing):
        await book(ctx, letters, helper)
    await book(ctx, letters, await people.clerk(ctx))


async def test_two_clerks_with_one_code_at_once_are_one_deed(ctx, park):
    me = await signed_in(ctx)
    clerks = [await people.clerk(ctx, name) for name in ("lu", "song", "fan", "gao")]
    letters = await asked(ctx, me)
    times = ("1055", "1130", "1205", "1240")
    told = await together(
        *(
            outcome(book(ctx, letters, by, at=at))
            for by, at in zip(clerks, times, strict=True)
        )
    )
    assert Counter(told) == {"done": 1, "CodeNotValid": 3}
    assert await Booking.shelf(ctx).count_documents({}) == 1
    assert await Assistance.shelf(ctx).count_documents({}) == 1


async def test_a_refused_deed_gives_the_code_back_five_times_at_most(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    await bookings.book(ctx, slot("1055"), by=await people.worker(ctx))
    letters = await asked(ctx, me)
    with pytest.raises(SlotFull):
        await book(ctx, letters, lu)
    await book(ctx, letters, lu, at="1130")
    letters = await asked(ctx, me)
    for _ in range(MOST_TRIES):
        with pytest.raises(SlotFull):
            await book(ctx, letters, lu)
    with pytest.raises(CodeNotValid):
        await book(ctx, letters, lu, at="1205")


async def test_a_full_session_gives_the_code_back_as_well(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    await courses.course(ctx, seats=1)
    await courses.sign(ctx, "first")
    letters = await asked(ctx, me, What.SIGN_UP)
    with pytest.raises(SessionFull):
        await helping.sign_up(ctx, PARK, letters, "session_one", by=lu)
    done = await helping.sign_up(ctx, PARK, letters, "session_one", by=lu, or_wait=True)
    assert done.enrolment.state == "waitlisted"


async def test_a_clerk_hears_nothing_of_other_appointments(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    await bookings.book(ctx, slot("1055", slug="lake"), by=me)
    letters = await asked(ctx, me)
    with pytest.raises(TimeConflict) as refused:
        await book(ctx, letters, lu)
    assert (refused.value.details, "您" in refused.value.message) == ({}, False)


async def test_a_clerk_does_not_hear_that_somebody_is_leaving(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    letters = await asked(ctx, me)
    await hours.look(ctx, me.id, [])
    await hours.close(ctx, me.id)
    with pytest.raises(TimeConflict) as refused:
        await book(ctx, letters, lu)
    assert (type(refused.value), refused.value.code) == (TimeConflict, "time_conflict")


async def test_who_guesses_has_to_wait_however_the_guesses_come(ctx, clock, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    guesses = [outcome(book(ctx, WRONG, lu)) for _ in range(MOST_BY_STAFF + 4)]
    told = Counter(await together(*guesses))
    assert told == {"CodeNotValid": MOST_BY_STAFF, "TooManyGuesses": 4}
    letters = await asked(ctx, me)
    with pytest.raises(TooManyGuesses) as refused:
        await book(ctx, letters, lu)
    assert 0 < refused.value.retry_after <= 15 * 60 + 1
    song = await people.clerk(ctx, "song")
    await book(ctx, letters, song)
    clock.forward(timedelta(minutes=16))
    assert await outcome(book(ctx, WRONG, lu)) == "CodeNotValid"


async def test_a_right_code_does_not_pay_for_wrong_ones(ctx, park):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    for at in ("1055", "1130"):
        for _ in range(MOST_BY_STAFF // 2):
            assert await outcome(book(ctx, WRONG, lu)) == "CodeNotValid"
        told = await outcome(book(ctx, await asked(ctx, me), lu, at=at))
        assert told == ("done" if at == "1055" else "TooManyGuesses")


async def test_a_station_has_so_many_guesses_whoever_tries(ctx, park):
    told = []
    for number in range(5):
        by = await people.clerk(ctx, f"c{number}")
        told += [await outcome(book(ctx, WRONG, by)) for _ in range(MOST_BY_STAFF - 1)]
    assert told[:MOST_AT_STATION] == ["CodeNotValid"] * MOST_AT_STATION
    assert set(told[MOST_AT_STATION:]) == {"TooManyGuesses"}


class Died(BaseException):
    """The process is gone."""


async def die(*_, **__):
    raise Died


async def test_a_deed_whose_process_died_is_written_down_later(
    ctx, clock, park, monkeypatch
):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    await courses.course(ctx)
    booking, signing = await asked(ctx, me), await asked(ctx, me, What.SIGN_UP)
    with monkeypatch.context() as dying:
        dying.setattr(assistances, "write_down", die)
        with pytest.raises(Died):
            await book(ctx, booking, lu)
        with pytest.raises(Died):
            await helping.sign_up(ctx, PARK, signing, "session_one", by=lu)
    with pytest.raises(codes.DeedUnderWay):
        await asked(ctx, me)
    assert await finishing.finish(ctx) == 0
    clock.forward(LEASE)
    assert await finishing.finish(ctx) == 2
    made = await Booking.many(ctx, {}) + await Enrolment.many(ctx, {})
    given = await Assistance.many(ctx, {})
    assert {each.ref for each in given} == {each.id for each in made}
    assert {each.staff_id for each in given} == {lu.id}
    with pytest.raises(CodeNotValid):
        await book(ctx, booking, lu, at="1130")
    assert await finishing.finish(ctx) == 0


async def test_a_deed_that_never_came_about_leaves_the_code_alive(
    ctx, clock, park, monkeypatch
):
    me, lu = await signed_in(ctx), await people.clerk(ctx)
    letters = await asked(ctx, me)
    with monkeypatch.context() as dying:
        dying.setattr(bookings, "book", die)
        with pytest.raises(Died):
            await book(ctx, letters, lu)
    with pytest.raises(CodeNotValid):
        await book(ctx, letters, lu)
    clock.forward(LEASE)
    await finishing.finish(ctx)
    assert (await book(ctx, letters, lu)).booking.worker_id == me.id


async def test_codes_whose_time_is_over_are_forgotten(ctx, clock, park):
    me = await signed_in(ctx)
    await asked(ctx, me)
    assert await finishing.finish(ctx) == 0
    clock.forward(LIFE)
    assert await finishing.finish(ctx) == 1
    assert await Code.many(ctx, {}) == []
