"""Water (喝水): taken and counted, no more.

A row for every cup; nobody is asked who they are, and the count of a day is only
ever counted from the rows.

Source: features S4-02 (water: count only).
"""

from datetime import date
from typing import Annotated

from msgspec import Meta
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.units import Day, Instant
from models.stations import directory, keepers
from models.stations.drop_in_services import DropInKind
from models.stations.stations import NoSuchService, Station
from models.unions.staff import Staff
from models.workers.sessions import SignedIn

MOST_CUPS = 100
"""A clerk may enter a whole morning's; more is a slip of the pen."""

Cups = Annotated[int, Meta(ge=1, le=MOST_CUPS)]


class Drink(Document, kw_only=True, frozen=True):
    """Some cups of water; whose is not kept."""

    SHELF = "drinks"
    PERSONAL = personal.nobody("only counted")
    INDEXES = (
        IndexModel(["station_id", "day"]),
        IndexModel(["org_path", ("_id", -1)]),
    )

    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    cups: int
    by_staff: bool
    at: Instant
    day: Day


async def take(ctx: Context, station_id: str, *, by: SignedIn) -> int:
    """Take a cup of water; returns the day's count (喝水).

    Refuses: NoSuchStation, NoSuchService.
    """
    station = await directory.find(ctx, station_id)
    return await _pour(ctx, station, 1, by_staff=False)


async def note(ctx: Context, station_id: str, cups: Cups, *, by: Staff) -> int:
    """Note cups that nobody tapped; returns the day's count (登记喝水).

    Refuses: NoSuchStation, RoleMissing, NoSuchService.
    """
    station = await keepers.find(ctx, station_id, by=by)
    return await _pour(ctx, station, cups, by_staff=True)


async def count(ctx: Context, station_id: str, day: date) -> int:
    """Count the cups of a day."""
    rows = await Drink.shelf(ctx).aggregate(
        [
            {"$match": {"station_id": station_id, "day": day.isoformat()}},
            {"$group": {"_id": None, "cups": {"$sum": "$cups"}}},
        ]
    )
    found = await rows.to_list()
    return found[0]["cups"] if found else 0


async def _pour(ctx: Context, station: Station, cups: int, *, by_staff: bool) -> int:
    if station.drop_in(DropInKind.WATER) is None:
        raise NoSuchService({"station_id": station.id, "service": DropInKind.WATER})
    today = ctx.clock.today()
    drink = Drink(
        id=ctx.new_id("drink"),
        station_id=station.id,
        org_path=station.org_path,
        cups=cups,
        by_staff=by_staff,
        at=ctx.clock.now(),
        day=today,
    )
    await drink.insert(ctx)
    return await count(ctx, station.id, today)
