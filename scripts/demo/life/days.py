"""What happens on a day of the demo inn: people come, book, use, stay away, call."""

from datetime import date, datetime, time, timedelta
from random import Random

from models.base.clock import SHANGHAI
from models.base.context import Context
from models.stations import (
    bookings,
    check_ins,
    codes,
    first_aid,
    first_aid_response,
    visits,
    walk_ins,
    water,
)
from models.stations.drop_in_services import DropInKind
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Kind as Emergency
from models.stations.first_aid_alerts import Outcome
from models.stations.port_services import Service, ServiceKind
from models.stations.stations import Station
from models.stations.timetable import SlotTime
from models.stations.visits import Kind, Visitor
from models.workers.sessions import SignedIn
from scripts.demo.life.diary import Diary
from scripts.demo.life.people import Town

MINUTE = timedelta(minutes=1)

COMINGS, BOOKINGS, WALK_INS, CUPS = 7, 7, 3, 3
"""On a day, by phone; groups of those who come without one are counted beside."""

GROUPS = 0.6
"""Stations of all to which a group comes on a day."""

STAYS_AWAY, CALLS_OFF = 0.07, 0.1
"""Of those who booked."""

EMERGENCY_EVERY = 3
"""Days between two calls for first aid."""

GRAVE = 0.25
"""Of the calls are handed to 120."""

WAITS = ((20, 95), (90, 240), (300, 1200))
"""Seconds, at least and at most, until somebody answers, is there, and is done."""

LONGEST_CALL = timedelta(seconds=sum(most for _, most in WAITS))


class Days:
    """Writes days into the diary."""

    def __init__(self, ctx: Context, town: Town, diary: Diary) -> None:
        self._ctx = ctx
        self._town = town
        self._diary = diary

    def write(self, day: date) -> None:
        """Write down what happens on a day; the same whenever it is asked."""
        draw = Random(day.toordinal())
        for station in self._town.stations:
            self._group(draw, day, station)
        for _ in range(COMINGS):
            station, by = self._town.draw(draw)
            self._diary.add(_at(draw, day, 8, 20), self._come, station, None, by)
        for _ in range(WALK_INS):
            self._walk_in(draw, _at(draw, day, 9, 17))
        for _ in range(CUPS):
            self._cup(draw, _at(draw, day, 9, 18))
        for _ in range(BOOKINGS):
            self._booking(draw, day)
        if day.toordinal() % EMERGENCY_EVERY == 0:
            self._emergency(draw, _at(draw, day, 9, 17))

    def _group(self, draw: Random, day: date, station: Station) -> None:
        """Let the clerk count those who came without a phone, on most days."""
        at, people = _at(draw, day, 9, 17), draw.randrange(2, 9)
        used, is_there = draw.choice(station.facilities), draw.random() < GROUPS
        clerk = self._town.clerks.get(station.id)
        if clerk is not None and is_there:
            said = Visitor(kind=Kind.COUNT_ONLY, people=people, used=used)
            self._diary.add(at, visits.register, self._ctx, station.id, said, by=clerk)

    async def _come(
        self, station: Station, service: ServiceKind | None, by: SignedIn
    ) -> None:
        shown = codes.show_station(self._ctx, station.id, service)
        await check_ins.scan_station(self._ctx, shown.code, by=by)

    def _walk_in(self, draw: Random, at: datetime) -> None:
        station, by = self._town.draw(draw)
        charging = [each for each in station.services if each.kind.charges]
        if charging:
            service = draw.choice(charging)
            port = draw.randrange(service.ports) + 1
            kind = service.kind
            self._diary.add(
                at, walk_ins.walk_in, self._ctx, station.id, kind, port, by=by
            )

    def _cup(self, draw: Random, at: datetime) -> None:
        station, by = self._town.draw(draw)
        if station.drop_in(DropInKind.WATER) is not None:
            self._diary.add(at, water.take, self._ctx, station.id, by=by)

    def _booking(self, draw: Random, day: date) -> None:
        station, by = self._town.draw(draw)
        if not station.services:
            return
        service = draw.choice(station.services)
        slots = station.timetable(service, day)
        ahead, end = timedelta(hours=draw.randrange(1, 12)), draw.random()
        if slots:
            slot = draw.choice(slots)
            at = slot.start - ahead
            self._diary.add(at, self._book, slot, by, station, service, end)

    async def _book(
        self, slot: SlotTime, by: SignedIn, at: Station, service: Service, end: float
    ) -> None:
        """Book, and come, call off or stay away; ``end`` says which of them."""
        booking = await bookings.book(self._ctx, slot.id, by=by)
        if end < STAYS_AWAY:
            return
        if end < STAYS_AWAY + CALLS_OFF:
            early = slot.start - 40 * MINUTE
            self._diary.add(early, bookings.cancel, self._ctx, booking.id, by=by)
            return
        self._diary.add(slot.start, self._come, at, service.kind, by)
        done = slot.end - MINUTE
        self._diary.add(done, bookings.finish, self._ctx, booking.id, by=by)

    def _emergency(self, draw: Random, at: datetime) -> None:
        """Let somebody call for help, unless the inn would open in the midst of it."""
        if at + LONGEST_CALL > self._diary.until:
            return
        station = draw.choice(sorted(self._town.helpers))
        said = Call(kind=draw.choice(list(Emergency)))
        waits = [timedelta(seconds=draw.randrange(*span)) for span in WAITS]
        is_grave = draw.random() < GRAVE
        outcome = Outcome.HANDED_TO_120 if is_grave else Outcome.HELPED
        self._diary.add(at, self._call, station, said, waits, outcome)

    async def _call(
        self, station_id: str, said: Call, waits: list[timedelta], outcome: Outcome
    ) -> None:
        called = await first_aid.call(self._ctx, station_id, said, by=None)
        by, at = self._town.helpers[station_id], called.alert.called_at
        told = {"ctx": self._ctx, "alert_id": called.alert.id, "by": by}
        to_answer, to_arrive, to_end = waits
        at += to_answer
        self._diary.add(at, first_aid_response.acknowledge, **told)
        at += to_arrive
        self._diary.add(at, first_aid_response.arrive, **told)
        at += to_end
        self._diary.add(at, first_aid_response.close, outcome=outcome, **told)


def _at(draw: Random, day: date, earliest: int, latest: int) -> datetime:
    """Return a moment of a day, between two hours; people come in waves."""
    return datetime.combine(day, time(draw.randrange(earliest, latest, 3)), SHANGHAI)
