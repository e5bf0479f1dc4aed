"""What happens at a station keeps the path of the union that answered for it."""

from models.stations import bookings, check_ins, codes, first_aid, walk_ins
from models.stations.booked import Booking
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Alert
from models.stations.ledger import CheckIn
from models.stations.strikes import Strike
from tests.models.stations import people, places
from tests.models.stations.places import PHONE, at, slot, somebody

EAST = "/unit_city/unit_east/"


async def test_every_record_of_a_station_is_born_with_its_path(ctx, clock):
    await places.put(ctx, places.station(org_path=EAST))
    li = await people.worker(ctx)
    booking = await bookings.book(ctx, slot("1055"), by=li)
    await walk_ins.walk_in(ctx, "station_park", PHONE, 2, by=somebody("rider"))
    called = await first_aid.call(ctx, "station_park", Call(), by=None)
    clock.put(at("10:50"))
    clerk = await people.clerk(ctx)
    shown = await codes.of_booking(ctx, booking.id, by=li)
    row = await check_ins.scan_worker(ctx, shown.code, "station_park", by=clerk)
    kept = await Booking.many(ctx, {})
    assert [each.org_path for each in kept] == [EAST, EAST]
    assert (await CheckIn.find(ctx, _id=row.id)).org_path == EAST
    assert (await Alert.find(ctx, _id=called.alert.id)).org_path == EAST


async def test_a_strike_keeps_the_path_of_its_booking(ctx, clock):
    await places.put(ctx, places.station(org_path=EAST))
    booking = await bookings.book(ctx, slot("1055"), by=somebody())
    clock.put(at("10:50"))
    await bookings.cancel(ctx, booking.id, by=somebody())
    assert (await Strike.find(ctx, booking_id=booking.id)).org_path == EAST
