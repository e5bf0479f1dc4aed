"""The desk: the day's list, letting in by hand, and taking an entry back."""

import asyncio
from datetime import timedelta

import pytest

from models.base.errors import Refusal
from models.base.events import Happening
from models.base.pages import BadCursor
from models.stations import bookings, check_ins, codes, desk, desk_arrivals, walk_ins
from models.stations.booked import (
    Booking,
    BookingMoved,
    NoSuchBooking,
    State,
    TooEarly,
    TooLate,
)
from models.stations.desk_arrivals import AlreadyUndone, NoSuchCheckIn
from models.stations.desk_marks import UndoTooLate
from models.stations.ledger import (
    AccountSuspended,
    AlreadyIn,
    AlreadyRedeemed,
    CheckIn,
    Way,
)
from models.stations.stations import NoSuchStation
from models.unions.staff import Role, RoleMissing
from models.workers.workers import State as AccountState
from models.workers.workers import Worker
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, at, slot


@pytest.fixture
def inn(ctx, run):
    """A park where lu is a clerk and li has booked 10:55, and a lake."""

    async def furnish():
        await places.put(ctx, places.station(), places.station("lake"))
        li, lu = await people.worker(ctx), await people.clerk(ctx)
        return li, lu, await bookings.book(ctx, slot("1055"), by=li)

    return run(furnish())


async def words(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def kinds(ctx):
    kinds = [row["kind"] async for row in Happening.shelf(ctx).find()]
    return sorted(kind for kind in kinds if kind != "WorkerJoined")


async def test_the_days_bookings_are_listed_by_time_page_by_page(ctx, clock, inn):
    _, lu, booking = inn
    later = []
    for number, time in enumerate(("1130", "1020", "1130")):
        who = await people.worker(ctx, f"w{number}")
        later.append(await bookings.book(ctx, slot(time), by=who))
    tomorrow = await people.worker(ctx, "tomorrow")
    await bookings.book(ctx, slot("1055", day="20261124"), by=tomorrow)
    seen, cursor = [], None
    while True:
        page = await desk.of_day(
            ctx, "station_park", clock.today(), by=lu, cursor=cursor, limit=2
        )
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert seen == [later[1], booking, *sorted([later[0], later[2]], key=by_id)]
    with pytest.raises(BadCursor):
        await desk.of_day(
            ctx, "station_park", clock.today(), by=lu, cursor="?", limit=2
        )


def by_id(booking):
    return booking.id


async def test_a_state_is_asked_for_as_it_is_seen_now(ctx, clock, inn):
    _, lu, booking = inn

    async def of(state):
        page = await desk.of_day(
            ctx, "station_park", clock.today(), by=lu, state=state, limit=9
        )
        return [each.id for each in page.items]

    assert (await of(State.BOOKED), await of(State.NO_SHOW)) == ([booking.id], [])
    clock.put(at("11:05"))
    assert (await of(State.BOOKED), await of(State.NO_SHOW)) == ([], [booking.id])


async def test_only_the_stations_own_clerks_see_and_touch(ctx, clock, inn):
    _, _, booking = inn
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    nurse = await people.clerk(ctx, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    clock.put(at("10:55"))
    for who, hidden, missing in (
        (fan, NoSuchStation, NoSuchBooking),
        (nurse, RoleMissing, RoleMissing),
    ):
        with pytest.raises(hidden):
            await desk.of_day(ctx, "station_park", clock.today(), by=who, limit=9)
        for deed in (desk_arrivals.mark_arrival, desk_arrivals.undo_arrival):
            with pytest.raises(missing):
                await deed(ctx, booking.id, by=who)


async def test_somebody_is_let_in_by_hand_once(ctx, clock, inn):
    _, lu, booking = inn
    song = await people.clerk(ctx, "song")
    with pytest.raises(TooEarly):
        await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    clock.put(at("10:50"))
    assert await words(
        *(desk_arrivals.mark_arrival(ctx, booking.id, by=who) for who in (lu, song))
    ) == ["already_redeemed", "done"]
    with pytest.raises(AlreadyRedeemed):
        await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    [row] = await CheckIn.many(ctx, {})
    assert (row.way, row.what, row.org_path) == (Way.BY_HAND, booking.id, "")
    assert await kinds(ctx) == ["BookingMade", "BookingUsed", "CheckedIn"]


async def test_who_may_not_come_in_is_not_let_in_by_hand(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:50"))
    frozen = {"$set": {"state": AccountState.FROZEN}}
    await Worker.change(ctx, {"_id": li.id}, frozen)
    with pytest.raises(AccountSuspended):
        await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    active = {"$set": {"state": AccountState.ACTIVE}}
    await Worker.change(ctx, {"_id": li.id}, active)
    clock.put(at("11:05"))
    with pytest.raises(TooLate):
        await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    other = await bookings.book(ctx, slot("1130"), by=li)
    await bookings.cancel(ctx, other.id, by=li)
    clock.put(at("11:25"))
    with pytest.raises(BookingMoved):
        await desk_arrivals.mark_arrival(ctx, other.id, by=lu)


async def test_an_undone_arrival_leaves_both_rows_and_may_be_entered_again(
    ctx, clock, inn
):
    _, lu, booking = inn
    clock.put(at("10:56"))
    await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    clock.forward(timedelta(seconds=59))
    undone = await desk_arrivals.undo_arrival(ctx, booking.id, by=lu)
    assert (undone.state, undone.begun_at) == (State.BOOKED, None)
    with pytest.raises(AlreadyUndone):
        await desk_arrivals.undo_arrival(ctx, booking.id, by=lu)
    clock.forward(timedelta(seconds=1))
    again = await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    assert again.state is State.IN_USE
    rows = await CheckIn.many(ctx, {}, sort=[("_id", 1)])
    assert [row.undoes for row in rows] == [None, rows[0].id, None]
    assert [row.entry for row in rows[::2]] == [booking.id] * 2
    twice = ["BookingUsed"] * 2 + ["CheckInUndone"] + ["CheckedIn"] * 2
    assert await kinds(ctx) == ["BookingMade", *twice]


async def test_a_scan_undone_may_be_scanned_again_with_the_same_code(ctx, clock, inn):
    li, lu, booking = inn
    clock.put(at("10:50"))
    code = (await codes.of_booking(ctx, booking.id, by=li)).code
    row = await check_ins.scan_worker(ctx, code, "station_park", by=lu)
    await desk_arrivals.undo(ctx, row.id, by=lu)
    again = await check_ins.scan_worker(ctx, code, "station_park", by=lu)
    assert again.once == f"{booking.id}#1"


async def test_of_five_who_undo_at_once_one_does(ctx, clock, inn):
    _, lu, booking = inn
    clock.put(at("10:56"))
    await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    [row] = await CheckIn.many(ctx, {})
    tries = [desk_arrivals.undo(ctx, row.id, by=lu) for _ in range(5)]
    assert await words(*tries) == ["already_undone"] * 4 + ["done"]
    assert await CheckIn.shelf(ctx).count_documents({}) == 2


async def test_what_may_not_be_undone_stays(ctx, clock, inn):
    li, lu, booking = inn
    with pytest.raises(NoSuchCheckIn):
        await desk_arrivals.undo_arrival(ctx, booking.id, by=lu)
    clock.put(at("10:56"))
    await desk_arrivals.mark_arrival(ctx, booking.id, by=lu)
    [row] = await CheckIn.many(ctx, {})
    await bookings.finish(ctx, booking.id, by=li)
    with pytest.raises(BookingMoved):
        await desk_arrivals.undo(ctx, row.id, by=lu)
    clock.forward(timedelta(minutes=1))
    with pytest.raises(UndoTooLate):
        await desk_arrivals.undo(ctx, row.id, by=lu)
    assert (await Booking.find(ctx, _id=booking.id)).state is State.FINISHED
    assert await CheckIn.shelf(ctx).count_documents({}) == 1


async def test_a_visit_undone_may_be_made_again_that_day(ctx, clock, inn):
    _, lu, _ = inn
    qian = await people.worker(ctx, "qian")

    async def visit():
        clock.forward(timedelta(seconds=15))
        code = codes.show_station(ctx, "station_park", None).code
        return await check_ins.scan_station(ctx, code, by=qian)

    row = await visit()
    await desk_arrivals.undo(ctx, row.id, by=lu)
    await visit()
    with pytest.raises(AlreadyIn):
        await visit()


async def test_a_walk_in_has_no_entry_to_undo(ctx, inn):
    _, lu, _ = inn
    qian = await people.worker(ctx, "qian")
    walk_in = await walk_ins.walk_in(ctx, "station_park", PHONE, 3, by=qian)
    with pytest.raises(NoSuchCheckIn):
        await desk_arrivals.undo_arrival(ctx, walk_in.id, by=lu)
