"""Disruptions (变动): changes of a station that some bookings do not survive.

A day is closed, hours are cut, a port breaks. The change of the station is the
commit; bookings that no longer fit it are then called off by the station, or moved
if that was asked for, never with a strike. The verbs are in `settling`::

    bring_about ──▶ open ──── nothing is left, nobody can slip in any more ──▶ settled
                     └ looked at every few seconds, and when it begins to be felt

Source: features S1-23; rules §3.2, §3.5.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.pages import Page
from models.base.units import Instant, Places
from models.stations.overrides import Reason

SLIPPING = timedelta(seconds=30)
"""Who began to book before a change may be written that long after it."""

AGAIN = timedelta(seconds=5)
"""How often to look for them."""


class Cause(StrEnum):
    """What was changed."""

    CLOSURE = "closure"
    SPECIAL_DAY = "special_day"
    HOURS = "hours"
    SERVICES = "services"
    PORT = "port"


class Remedy(StrEnum):
    """What becomes of a booking that no longer fits."""

    CANCEL = "cancel"
    MOVE = "move"
    """To the nearest free slot within two hours, or else called off."""


class Plan(msgspec.Struct, kw_only=True, frozen=True):
    """What a keeper has decided."""

    cause: Cause
    reason: Reason
    remedy: Remedy = Remedy.CANCEL
    move_to: str | None = None
    """The station that bookings move to; None is the same one."""
    since: Instant | None = None
    """When it begins to be felt; None is at once."""


class Disruption(Document, kw_only=True, frozen=True):
    """One change, and what became of the bookings (变动记录)."""

    SHELF = "disruptions"
    PERSONAL = personal.nobody("of stations; by staff")
    INDEXES = (
        IndexModel(["due_at"], partialFilterExpression={"is_open": True}),
        IndexModel(["station_id", ("_id", -1)]),
    )

    station_id: str
    org_path: str = ""
    """Path of the union that answered for the station then."""
    cause: Cause
    reason: str
    by: str
    made_at: Instant
    since: Instant
    """When it begins to be felt by who is inside."""
    remedy: Remedy
    move_to: str
    is_open: bool = True
    due_at: Instant
    """When to look next."""
    cancelled: Places = 0
    moved: Places = 0

    def next_look(self, now: datetime) -> datetime | None:
        """Say when something may have to be settled again; None is never."""
        if now < self.made_at + SLIPPING:
            return now + AGAIN
        if now < self.since:
            return self.since
        return now + AGAIN if now < self.since + SLIPPING else None


async def of_station(
    ctx: Context, station_id: str, *, cursor: str | None, limit: int
) -> Page[Disruption]:
    """List what disrupted a station, the latest first; who may ask is asked before.

    Refuses: BadCursor.
    """
    where = {"station_id": station_id}
    return await Disruption.page(ctx, where, cursor=cursor, limit=limit)
