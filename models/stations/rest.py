"""Rest (休息): so many seats, who sits on one, and how many are free.

One document for a station's day holds every stay; how many are inside follows from
it and is never counted up or down. Coming in is one guarded update of that document:
a seat is free and the person is not inside yet. A new day begins with nobody inside,
because it is another document; who stayed over midnight can still be let out of the
old one. So the number is never below nothing and never above the seats.

Source: features S4-02; rules §3.13.
"""

from datetime import date, timedelta
from typing import Any

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict
from models.base.units import Day, Instant, Places
from models.stations import directory, keepers
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.hours import Status
from models.stations.stations import NoSuchService, Station
from models.stations.walk_ins import StationClosed
from models.unions.staff import Staff
from models.workers.sessions import SignedIn

ONE_DAY = timedelta(days=1)


class Stay(msgspec.Struct, kw_only=True, frozen=True):
    """One person on one seat."""

    id: str
    worker_id: str | None = None
    """None for a guest whom a clerk let in."""
    since: Instant
    left_at: Instant | None = None


class RestDay(Document, kw_only=True, frozen=True):
    """All who rested at a station on a day (休息记录)."""

    SHELF = "rest_days"
    PERSONAL = personal.renamed("驿站休息", "stays[].worker_id")
    INDEXES = (IndexModel(["stays.worker_id"]),)

    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    day: Day
    stays: tuple[Stay, ...] = ()

    def inside(self) -> list[Stay]:
        """Return who has not left."""
        return [stay for stay in self.stays if stay.left_at is None]


class Rest(msgspec.Struct, kw_only=True, frozen=True):
    """How full it is."""

    seats: Places
    inside: Places

    @property
    def free(self) -> int:
        """Seats nobody sits on; none when there are fewer seats than people."""
        return max(0, self.seats - self.inside)


class RestFull(Conflict):
    """Every seat is taken."""

    code = "rest_full"
    message = "休息座位已满，请稍后再来，或看看附近的驿站。"


class AlreadyResting(Conflict):
    """The worker is inside already; ``details.since`` says since when."""

    code = "already_resting"
    message = "您已经登记入座，不用重复登记。"


class NotResting(Conflict):
    """The person is not inside, or has left."""

    code = "not_resting"
    message = "没有正在休息的登记，可能已经离开，请刷新后查看。"


async def enter(ctx: Context, station_id: str, *, by: SignedIn) -> Stay:
    """Take a seat (入座休息).

    Refuses: NoSuchStation, NoSuchService, StationClosed, RestFull, AlreadyResting.
    """
    station = await directory.find(ctx, station_id)
    return await _sit_down(ctx, station, worker_id=by.id)


async def leave(ctx: Context, station_id: str, *, by: SignedIn) -> Stay:
    """Give the seat back (离开).

    Refuses: NoSuchStation, NotResting.
    """
    station = await directory.find(ctx, station_id)
    return await _stand_up(ctx, station, {"worker_id": by.id})


async def let_in(ctx: Context, station_id: str, *, by: Staff) -> Stay:
    """Give a seat to somebody without a phone (登记入座).

    Refuses: NoSuchStation, RoleMissing, NoSuchService, StationClosed, RestFull.
    """
    station = await keepers.find(ctx, station_id, by=by)
    return await _sit_down(ctx, station, worker_id=None)


async def let_out(ctx: Context, station_id: str, stay_id: str, *, by: Staff) -> Stay:
    """Note that somebody has left (登记离开).

    Refuses: NoSuchStation, RoleMissing, NotResting.
    """
    station = await keepers.find(ctx, station_id, by=by)
    return await _stand_up(ctx, station, {"id": stay_id})


async def today(ctx: Context, station_id: str, *, by: Staff) -> tuple[Rest, list[Stay]]:
    """Say how full it is and who is inside (休息区现况).

    Refuses: NoSuchStation, RoleMissing, NoSuchService.
    """
    station = await keepers.find(ctx, station_id, by=by)
    room = _room(station)
    kept = await RestDay.find(ctx, _id=day_id(station.id, ctx.clock.today()))
    inside = [] if kept is None else kept.inside()
    return Rest(seats=room.seats, inside=len(inside)), inside


def room_of(station: Station) -> DropIn | None:
    """Return a station's room to rest in, or None."""
    return station.drop_in(DropInKind.REST)


def day_id(station_id: str, day: date) -> str:
    """Name a station's rest day."""
    stamp = f"{day.year:04}{day.month:02}{day.day:02}"
    return f"rest_{station_id.removeprefix('station_')}_{stamp}"


async def _sit_down(ctx: Context, station: Station, *, worker_id: str | None) -> Stay:
    room, now = _room(station), ctx.clock.now()
    state = station.hours.state_at(now)
    if state.status is Status.CLOSED:
        raise StationClosed({"reason": state.reason})
    stay = Stay(id=ctx.new_id("stay"), worker_id=worker_id, since=now)
    own = day_id(station.id, ctx.clock.today())
    while True:
        kept = await RestDay.change(
            ctx, _may_sit(own, room, worker_id), {"$push": {"stays": plain(stay)}}
        )
        if kept is not None:
            return stay
        seen = await RestDay.find(ctx, _id=own)
        if seen is None:
            await _open(ctx, own, station)
        else:
            _explain(seen, room, worker_id)


def _may_sit(own: str, room: DropIn, worker_id: str | None) -> dict[str, Any]:
    """Say that a seat is free, and that the person has none."""
    open_stays = {"$filter": {"input": "$stays", "cond": {"$not": ["$$this.left_at"]}}}
    has_room = {"$lt": [{"$size": open_stays}, room.seats]}
    mine = {"worker_id": worker_id, "left_at": None}
    new = {} if worker_id is None else {"stays": {"$not": {"$elemMatch": mine}}}
    return {"_id": own, "$expr": has_room, **new}


def _explain(seen: RestDay, room: DropIn, worker_id: str | None) -> None:
    """Say why there was no seat; silent if meanwhile there is."""
    inside = seen.inside()
    mine = [stay for stay in inside if worker_id and stay.worker_id == worker_id]
    if mine:
        raise AlreadyResting({"since": mine[0].since.isoformat()})
    if len(inside) >= room.seats:
        raise RestFull({"seats": room.seats})


async def _stand_up(ctx: Context, station: Station, who: dict[str, str]) -> Stay:
    now = ctx.clock.now()
    for day in (ctx.clock.today(), ctx.clock.today() - ONE_DAY):
        before = await RestDay.shelf(ctx).find_one_and_update(
            {
                "_id": day_id(station.id, day),
                "stays": {"$elemMatch": {**who, "left_at": None}},
            },
            {"$set": {"stays.$.left_at": now}},
        )
        if before is not None:
            return _left(RestDay.of(before), who, now)
    raise NotResting


def _left(before: RestDay, who: dict[str, str], now: Instant) -> Stay:
    [(name, value)] = who.items()
    stay = next(each for each in before.inside() if getattr(each, name) == value)
    return msgspec.structs.replace(stay, left_at=now)


async def _open(ctx: Context, own: str, station: Station) -> None:
    fresh = RestDay(
        id=own,
        station_id=station.id,
        org_path=station.org_path,
        day=ctx.clock.today(),
    )
    try:
        await fresh.insert(ctx)
    except DuplicateKeyError:
        return


def _room(station: Station) -> DropIn:
    room = room_of(station)
    if room is None:
        raise NoSuchService({"station_id": station.id, "service": DropInKind.REST})
    return room
