"""Notices of the kit (物资提醒): what the desk is told, each once.

Source: features S1-19.
"""

from enum import StrEnum

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.events import Event, record
from models.base.pages import Page
from models.base.push import Push
from models.base.units import Day, Instant
from models.stations import audience
from models.stations.audience import Hall
from models.stations.kit import find_station
from models.unions.officials import Official
from models.unions.staff import Staff


class Why(StrEnum):
    """What is told."""

    EXPIRING = "expiring"
    LOW = "low"


class Notice(Document, kw_only=True, frozen=True):
    """One thing the desk was told of its kit (物资提醒)."""

    SHELF = "kit_notices"
    PERSONAL = personal.nobody("of things")
    INDEXES = (
        IndexModel(["key"], unique=True),
        IndexModel([("station_id", 1), ("_id", -1)]),
    )

    key: str
    """What is told once."""
    station_id: str
    org_path: str = ""
    why: Why
    item: str
    batch_id: str | None = None
    expires_on: Day | None = None
    left: int
    """Pieces that may still be handed out."""
    at: Instant


class KitRunsOut(Event, kw_only=True, frozen=True):
    """Something of a kit is about to expire, or little of it is left."""

    notice_id: str
    station_id: str
    org_path: str
    why: Why
    item: str

    def push(self) -> Push:
        """Tell the station's desk and who is above it."""
        topics = audience.of(Hall.DESK, self.station_id, self.org_path)
        return Push(
            topics=topics,
            ref=self.notice_id,
            station_id=self.station_id,
            state=self.why,
        )


async def tell(ctx: Context, notice: Notice) -> None:
    """Tell the desk; called in the transaction that found it out."""
    await notice.insert(ctx)
    event = KitRunsOut(
        notice_id=notice.id,
        station_id=notice.station_id,
        org_path=notice.org_path,
        why=notice.why,
        item=notice.item,
    )
    await record(ctx, event)


async def notices(
    ctx: Context,
    station_id: str,
    *,
    by: Staff | Official,
    cursor: str | None = None,
    limit: int,
) -> Page[Notice]:
    """List what the desk was told of its kit, the last first (物资提醒).

    Refuses: NoSuchStation, RoleMissing, PermissionMissing, BadCursor.
    """
    where = {"station_id": await find_station(ctx, station_id, by=by)}
    return await Notice.page(ctx, where, cursor=cursor, limit=limit)
