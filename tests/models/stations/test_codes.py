"""Rotating codes: whose, which way, until when; anything else is refused."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import rotating
from models.base.errors import Refusal
from models.base.rotating import BadCode, CodeExpired
from models.stations import bookings, codes
from models.stations.booked import BookingMoved, NoSuchBooking
from models.stations.codes import Direction, StationCode, WrongDirection
from models.stations.port_services import ServiceKind
from models.stations.stations import NoSuchService, NoSuchStation
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, VEHICLE, slot, somebody

REFUSED = {"bad_code", "expired", "wrong_direction"}


def test_a_stations_code_says_station_and_service(ctx):
    shown = codes.show_station(ctx, "station_park", PHONE)
    assert codes.read_station(ctx, shown.code) == StationCode(
        station_id="station_park", service=PHONE, direction=Direction.IN
    )
    assert shown.code.isascii()


def test_a_code_for_what_only_a_newer_release_has_is_bad(ctx):
    told = "v1.station_park.hair_dryer.in"
    shown = rotating.show(ctx, "station_code", told, codes.STATION_SLOT)
    with pytest.raises(BadCode):
        codes.read_station(ctx, shown.code)


def test_it_turns_every_15_seconds_and_counts_for_30_more(ctx, clock):
    shown = codes.show_station(ctx, "station_park", None)
    assert shown.refresh_at - clock.now() <= timedelta(seconds=15)
    clock.put(shown.refresh_at)
    assert codes.show_station(ctx, "station_park", None).code != shown.code
    clock.put(shown.refresh_at + timedelta(seconds=30) - timedelta(milliseconds=1))
    assert codes.read_station(ctx, shown.code).service is None
    clock.put(shown.refresh_at + timedelta(seconds=30))
    with pytest.raises(CodeExpired) as refused:
        codes.read_station(ctx, shown.code)
    assert refused.value.details == {
        "server_time": clock.now().isoformat(),
        "good_until": clock.now().isoformat(),
    }


def test_a_code_of_a_later_time_is_bad_but_two_seconds_are_forgiven(ctx, clock):
    now = clock.now()
    clock.put(now + timedelta(seconds=15))
    early = codes.show_station(ctx, "station_park", None).code
    clock.put(now + timedelta(seconds=13))
    assert codes.read_station(ctx, early)
    clock.put(now + timedelta(seconds=12))
    with pytest.raises(BadCode):
        codes.read_station(ctx, early)


def test_a_changed_code_is_bad(ctx):
    code = codes.show_station(ctx, "station_park", PHONE).code
    for changed in (
        code.replace("park", "lake"),
        code.replace("phone", "vehicle"),
        code.replace(".in.", ".out."),
        code[:-1] + ("A" if code[-1] != "A" else "B"),
        code + "\n",
        code[1:],
    ):
        with pytest.raises(BadCode):
            codes.read_station(ctx, changed)


def test_a_code_for_the_way_out_is_not_one_for_the_way_in(ctx):
    shown = codes.show_station(ctx, "station_park", PHONE, Direction.OUT)
    with pytest.raises(WrongDirection):
        codes.read_station(ctx, shown.code)


async def test_each_side_refuses_the_others_code_as_such(ctx):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    of_worker = (await codes.of_booking(ctx, booking.id, by=somebody())).code
    of_station = codes.show_station(ctx, "station_park", PHONE).code
    assert codes.read_worker(ctx, of_worker).booking_id == booking.id
    with pytest.raises(WrongDirection):
        codes.read_station(ctx, of_worker)
    with pytest.raises(WrongDirection):
        codes.read_worker(ctx, of_station)


async def test_a_workers_code_counts_for_its_minute_and_30_seconds(ctx, clock):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    shown = await codes.of_booking(ctx, booking.id, by=somebody())
    assert shown.refresh_at == clock.now() + timedelta(minutes=1)
    clock.put(shown.good_until - timedelta(milliseconds=1))
    assert codes.read_worker(ctx, shown.code)
    clock.put(shown.good_until)
    with pytest.raises(CodeExpired):
        codes.read_worker(ctx, shown.code)


async def test_nobody_gets_the_code_of_anothers_or_an_ended_booking(ctx):
    await places.put(ctx)
    booking = await bookings.book(ctx, slot(), by=somebody())
    with pytest.raises(NoSuchBooking):
        await codes.of_booking(ctx, booking.id, by=somebody("other"))
    await bookings.cancel(ctx, booking.id, by=somebody())
    with pytest.raises(BookingMoved):
        await codes.of_booking(ctx, booking.id, by=somebody())


async def test_staff_show_only_their_stations_code_for_what_it_offers(ctx):
    await places.put(ctx, places.station(services=places.station().services[:1]))
    lu = await people.clerk(ctx)
    other = await people.clerk(ctx, "other", stations=("lake",))
    assert (await codes.of_station(ctx, "station_park", PHONE, by=lu)).code
    with pytest.raises(NoSuchStation):
        await codes.of_station(ctx, "station_park", PHONE, by=other)
    with pytest.raises(NoSuchService):
        await codes.of_station(ctx, "station_park", VEHICLE, by=lu)


words = st.text(alphabet="abcxyz_-.0123456789", max_size=12)
near_codes = st.builds(
    ".".join,
    st.lists(
        st.one_of(
            st.sampled_from(["v1", "w1", "in", "out", "visit", *ServiceKind]),
            st.integers(min_value=0, max_value=10**13).map(str),
            st.text(max_size=24),
            words,
        ),
        max_size=8,
    ),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), near_codes))
def test_arbitrary_text_is_refused_and_nothing_else(ctx, text):
    for read in (codes.read_station, codes.read_worker):
        with pytest.raises(Refusal) as refused:
            read(ctx, text)
        assert refused.value.code in REFUSED


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), letter=st.characters())
def test_one_changed_letter_spoils_a_code(ctx, place, letter):
    code = codes.show_station(ctx, "station_park", PHONE).code
    place %= len(code)
    changed = code[:place] + letter + code[place + 1 :]
    if changed != code:
        with pytest.raises(Refusal) as refused:
            codes.read_station(ctx, changed)
        assert refused.value.code in REFUSED
