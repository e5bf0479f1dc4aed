"""Check-ins: one ledger, two ways in, each code and each coming-in once."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from models.base import rotating
from models.base.errors import Refusal
from models.base.events import Happening
from models.base.pages import BadCursor
from models.base.rotating import BadCode, CodeExpired
from models.stations import bookings, check_ins, codes, walk_ins
from models.stations.booked import Booking, State, TooEarly, TooLate
from models.stations.lapses import lapse_no_shows
from models.stations.ledger import (
    AccountSuspended,
    AlreadyIn,
    AlreadyRedeemed,
    AlreadyUsed,
    CheckIn,
    CodeRevoked,
    NotBooked,
    Way,
    WrongStation,
)
from models.stations.stations import NoSuchStation
from models.unions.staff import Role, RoleMissing
from models.workers.workers import State as AccountState
from models.workers.workers import Worker
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, at, slot


@pytest.fixture
def inn(ctx, run, clock):
    """A station and a lake with somebody who booked the park at 10:55."""

    async def furnish():
        await places.put(ctx, places.station(), places.station("lake"))
        li = await people.worker(ctx)
        return li, await bookings.book(ctx, slot("1055"), by=li)

    return run(furnish())


def station_code(ctx, service=PHONE, slug="park"):
    return codes.show_station(ctx, f"station_{slug}", service).code


async def worker_code(ctx, booking, by):
    return (await codes.of_booking(ctx, booking.id, by=by)).code


async def told(ctx):
    kinds = [row["kind"] async for row in Happening.shelf(ctx).find()]
    return sorted(kind for kind in kinds if kind not in {"WorkerJoined", "BookingMade"})


async def gathered(*tries):
    """Return the rows' way or the words of tries made at once."""
    answers = await asyncio.gather(*tries, return_exceptions=True)
    surprises = [a for a in answers if isinstance(a, Exception)]
    assert all(isinstance(each, Refusal) for each in surprises), surprises
    return sorted(a.code if isinstance(a, Refusal) else "in" for a in answers)


async def test_a_worker_scans_the_station_and_the_booking_is_in_use(ctx, clock, inn):
    li, booking = inn
    clock.put(at("10:50"))
    row = await check_ins.scan_station(ctx, station_code(ctx), by=li)
    assert (row.what, row.way, row.by) == (booking.id, Way.WORKER_SCANNED, li.id)
    assert (await Booking.find(ctx, _id=booking.id)).state is State.IN_USE
    assert await told(ctx) == ["BookingUsed", "CheckedIn"]


async def test_both_ways_write_the_same_row(ctx, clock, inn):
    li, _ = inn
    lu = await people.clerk(ctx)
    second = await bookings.book(ctx, slot("1115", service=VEHICLE), by=li)
    clock.put(at("10:50"))
    one = await check_ins.scan_station(ctx, station_code(ctx), by=li)
    clock.put(at("11:15"))
    two = await check_ins.scan_worker(
        ctx, await worker_code(ctx, second, li), "station_park", by=lu
    )
    assert (two.what, two.way, two.by) == (second.id, Way.STATION_SCANNED, lu.id)
    rows = [row async for row in CheckIn.shelf(ctx).find()]
    assert [set(row) for row in rows] == [
        {"_id", *msgspec.structs.asdict(one)} - {"id"}
    ] * 2
    assert all(row["online"] and row["device_time"] is None for row in rows)


async def test_a_replay_is_told_when_and_where(ctx, clock, inn):
    li, _ = inn
    clock.put(at("10:50"))
    code = station_code(ctx)
    await check_ins.scan_station(ctx, code, by=li)
    clock.forward(timedelta(seconds=20))
    with pytest.raises(AlreadyUsed) as refused:
        await check_ins.scan_station(ctx, code, by=li)
    assert refused.value.details == {
        "at": "2026-11-23T02:50:00+00:00",
        "station_id": "station_park",
        "station_name": "示例·park驿站",
    }
    assert "10:50" in refused.value.message


async def test_a_code_scanned_20_times_at_once_is_used_once(ctx, clock, inn):
    li, _ = inn
    clock.put(at("10:50"))
    code = station_code(ctx)
    words = await gathered(
        *(check_ins.scan_station(ctx, code, by=li) for _ in range(20))
    )
    assert words == ["already_used"] * 19 + ["in"]
    assert await CheckIn.shelf(ctx).count_documents({}) == 1
    assert await told(ctx) == ["BookingUsed", "CheckedIn"]


async def test_of_two_clerks_with_one_code_one_is_told(ctx, clock, inn):
    li, booking = inn
    clerks = [await people.clerk(ctx, name) for name in ("lu", "song")]
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    words = await gathered(
        *(check_ins.scan_worker(ctx, code, "station_park", by=lu) for lu in clerks)
    )
    assert words == ["already_redeemed", "in"]


async def test_ten_clerks_at_one_booking_let_in_once_and_are_told_where(
    ctx, clock, inn
):
    li, booking = inn
    clerks = [await people.clerk(ctx, f"c{number}") for number in range(10)]
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    tries = await asyncio.gather(
        *(check_ins.scan_worker(ctx, code, "station_park", by=lu) for lu in clerks),
        return_exceptions=True,
    )
    refused = [each for each in tries if isinstance(each, Exception)]
    assert len(refused) == 9
    for refusal in refused:
        assert isinstance(refusal, AlreadyRedeemed)
        assert refusal.details == {
            "at": "2026-11-23T02:50:00+00:00",
            "station": "示例·park驿站",
            "station_id": "station_park",
            "station_name": "示例·park驿站",
        }
        assert "10:50" in refusal.message
    assert await CheckIn.shelf(ctx).count_documents({}) == 1


async def test_the_same_clerk_with_the_same_code_replays_it(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    await check_ins.scan_worker(ctx, code, "station_park", by=lu)
    with pytest.raises(AlreadyUsed):
        await check_ins.scan_worker(ctx, code, "station_park", by=lu)


async def test_worker_and_clerk_who_scan_each_other_at_once_make_one_row(
    ctx, clock, inn
):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    mine, theirs = await worker_code(ctx, booking, li), station_code(ctx)
    words = await gathered(
        check_ins.scan_worker(ctx, mine, "station_park", by=lu),
        check_ins.scan_station(ctx, theirs, by=li),
    )
    assert words in (["already_in", "in"], ["already_redeemed", "in"])
    assert await told(ctx) == ["BookingUsed", "CheckedIn"]


async def test_cancelling_and_checking_in_at_once_is_one_of_them(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    tries = await asyncio.gather(
        bookings.cancel(ctx, booking.id, by=li),
        check_ins.scan_worker(ctx, code, "station_park", by=lu),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, Exception) for each in tries) == 1
    rows = await CheckIn.shelf(ctx).count_documents({})
    is_in = (await Booking.find(ctx, _id=booking.id)).state is State.IN_USE
    assert rows == is_in


async def test_a_screenshot_is_expired_after_the_grace(ctx, clock, inn):
    li, _ = inn
    clock.put(at("10:50"))
    code = station_code(ctx)
    clock.forward(timedelta(seconds=45))
    with pytest.raises(CodeExpired) as refused:
        await check_ins.scan_station(ctx, code, by=li)
    assert refused.value.details["server_time"] == clock.now().isoformat()


async def test_too_early_and_too_late_are_said(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    for scan in (
        lambda: check_ins.scan_station(ctx, station_code(ctx), by=li),
        lambda: _show_to(ctx, booking, li, lu),
    ):
        clock.put(at("10:45") - timedelta(milliseconds=1))
        with pytest.raises(TooEarly):
            await scan()
    code = await worker_code(ctx, booking, li)
    clock.put(at("11:05"))
    with pytest.raises(TooLate):
        await check_ins.scan_station(ctx, station_code(ctx), by=li)
    clock.put(at("11:04"))
    code = await worker_code(ctx, booking, li)
    clock.put(at("11:05"))
    await lapse_no_shows(ctx)
    with pytest.raises(TooLate):
        await check_ins.scan_worker(ctx, code, "station_park", by=lu)
    with pytest.raises(TooLate):
        await check_ins.scan_station(ctx, station_code(ctx), by=li)


async def _show_to(ctx, booking, li, lu):
    code = await worker_code(ctx, booking, li)
    return await check_ins.scan_worker(ctx, code, booking.station_id, by=lu)


async def test_another_station_is_the_wrong_one(ctx, clock, inn):
    li, booking = inn
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    clock.put(at("10:50"))
    with pytest.raises(WrongStation) as refused:
        await check_ins.scan_station(ctx, station_code(ctx, slug="lake"), by=li)
    assert refused.value.details["station_id"] == "station_park"
    code = await worker_code(ctx, booking, li)
    with pytest.raises(WrongStation):
        await check_ins.scan_worker(ctx, code, "station_lake", by=fan)


async def test_somebody_elses_and_another_services_code_finds_nothing_booked(
    ctx, clock, inn
):
    li, _ = inn
    qian = await people.worker(ctx, "qian")
    clock.put(at("10:50"))
    with pytest.raises(NotBooked):
        await check_ins.scan_station(ctx, station_code(ctx), by=qian)
    with pytest.raises(NotBooked):
        await check_ins.scan_station(ctx, station_code(ctx, VEHICLE), by=li)


async def test_a_cancelled_bookings_code_is_revoked(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    await bookings.cancel(ctx, booking.id, by=li)
    with pytest.raises(CodeRevoked):
        await check_ins.scan_worker(ctx, code, "station_park", by=lu)


async def test_a_later_code_of_a_used_booking_is_already_redeemed(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    await _show_to(ctx, booking, li, lu)
    clock.put(at("10:52"))
    with pytest.raises(AlreadyRedeemed) as refused:
        await _show_to(ctx, booking, li, lu)
    assert (
        refused.value.details["at"]
        == at("10:50").astimezone(clock.now().tzinfo).isoformat()
    )
    with pytest.raises(AlreadyIn):
        await check_ins.scan_station(ctx, station_code(ctx), by=li)


async def test_who_walked_in_is_in_already(ctx, clock, inn):
    qian = await people.worker(ctx, "qian")
    await walk_ins.walk_in(ctx, "station_park", PHONE, 3, by=qian)
    with pytest.raises(AlreadyIn):
        await check_ins.scan_station(ctx, station_code(ctx), by=qian)


async def test_a_frozen_account_is_suspended_both_ways(ctx, clock, inn):
    li, booking = inn
    lu = await people.clerk(ctx)
    clock.put(at("10:50"))
    await Worker.change(ctx, {"_id": li.id}, {"$set": {"state": AccountState.FROZEN}})
    with pytest.raises(AccountSuspended):
        await check_ins.scan_station(ctx, station_code(ctx), by=li)
    with pytest.raises(AccountSuspended):
        await _show_to(ctx, booking, li, lu)


async def test_a_code_of_a_booking_that_never_was_is_bad(ctx, inn):
    lu = await people.clerk(ctx)
    slot_now = rotating.slot_at(ctx.clock.now(), codes.WORKER_SLOT)
    text = f"w1.worker_li.booking_none.{slot_now}"
    code = f"{text}.{ctx.secrets.sign('worker_code', text)}"
    with pytest.raises(BadCode):
        await check_ins.scan_worker(ctx, code, "station_park", by=lu)


async def test_only_the_stations_own_clerks_scan_and_list(ctx, clock, inn):
    li, booking = inn
    stranger = await people.clerk(ctx, "fan", stations=("lake",))
    nurse = await people.clerk(ctx, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    clock.put(at("10:50"))
    code = await worker_code(ctx, booking, li)
    for who, refusal in ((stranger, NoSuchStation), (nurse, RoleMissing)):
        with pytest.raises(refusal):
            await check_ins.scan_worker(ctx, code, "station_park", by=who)
        with pytest.raises(refusal):
            await check_ins.of_day(ctx, "station_park", clock.today(), by=who, limit=5)


async def test_a_visit_counts_once_a_day_and_station(ctx, clock, inn):
    qian = await people.worker(ctx, "qian")

    async def visit(slug="park"):
        return await check_ins.scan_station(ctx, station_code(ctx, None, slug), by=qian)

    assert (await visit()).what == "visit"
    clock.forward(timedelta(minutes=1))
    with pytest.raises(AlreadyIn):
        await visit()
    assert (await visit("lake")).station_id == "station_lake"
    clock.put(at("00:00", day=24))
    assert await visit()
    assert await told(ctx) == ["VisitMade"] * 3


async def test_ten_visits_at_once_with_two_codes_make_one_row(ctx, clock, inn):
    qian = await people.worker(ctx, "qian")
    early = station_code(ctx, None)
    clock.forward(timedelta(seconds=15))
    tries = [early, station_code(ctx, None)] * 5
    words = await gathered(
        *(check_ins.scan_station(ctx, code, by=qian) for code in tries)
    )
    assert words.count("in") == 1
    assert set(words) == {"in", "already_in", "already_used"}
    assert await told(ctx) == ["VisitMade"]


async def test_one_code_on_the_screen_serves_everybody_who_scans_it(ctx, inn):
    crowd = [await people.worker(ctx, f"w{number}") for number in range(12)]
    code = station_code(ctx, None)
    words = await gathered(*(check_ins.scan_station(ctx, code, by=w) for w in crowd))
    assert words == ["in"] * 12


async def test_the_visits_code_checks_a_due_booking_in(ctx, clock, inn):
    li, booking = inn
    clock.put(at("10:50"))
    row = await check_ins.scan_station(ctx, station_code(ctx, None), by=li)
    assert row.what == booking.id
    clock.put(at("10:51"))
    row = await check_ins.scan_station(ctx, station_code(ctx, None), by=li)
    assert row.what == "visit"


async def test_the_days_list_pages_from_the_last_to_the_first(ctx, clock, inn):
    lu = await people.clerk(ctx)
    rows = []
    for number in range(5):
        qian = await people.worker(ctx, f"w{number}")
        clock.forward(timedelta(seconds=1))
        rows.append(await check_ins.scan_station(ctx, station_code(ctx, None), by=qian))
    seen, cursor = [], None
    while True:
        page = await check_ins.of_day(
            ctx, "station_park", clock.today(), by=lu, cursor=cursor, limit=2
        )
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert seen == rows[::-1]
    with pytest.raises(BadCursor):
        await check_ins.of_day(
            ctx, "station_park", clock.today(), by=lu, cursor="?", limit=2
        )
