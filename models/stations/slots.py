"""Slots (时段): the hours of one service, and who holds which of its ports.

The slot owns its ports: taking one is a single guarded update that gives the
lowest free port and writes its holder into the slot. That update is the commit.
It needs no transaction, and must not be in one: a transaction that changes a
document everybody wants collapsed to 135-400 bookings a second where this form
gave 2,500-5,700 (replica set, 64 at once).

A slot nobody wanted yet has no document; the timetable knows it all the same.
Source: rules §3.1, §3.6; features S1-16.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from pymongo import IndexModel, ReturnDocument

from models.base import personal
from models.base.clock import EPOCH
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict
from models.base.units import Instant, Places
from models.stations import claims
from models.stations.claims import Claim, Claims

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class Way(StrEnum):
    """How a port came to be held."""

    BOOKING = "booking"
    WALK_IN = "walk_in"


class Holder(msgspec.Struct, kw_only=True, frozen=True):
    """Who holds a port, under which booking, since when."""

    port: int
    booking_id: str
    worker_id: str
    since: Instant
    way: Way = Way.BOOKING


class Slot(Document, kw_only=True, frozen=True):
    """One stretch of time of one service (时段), half-open."""

    SHELF = claims.SHELF
    PERSONAL = personal.renamed(
        "", "holders[].worker_id", among={"holders.since": {"$gt": EPOCH}}
    )
    """By the index on ``since``, which holds the slots with holders and no others: an
    index by worker would make every booking dearer."""
    INDEXES = (IndexModel(["holders.since"], sparse=True),)

    station_id: str
    service: str
    start: Instant
    end: Instant
    ports: Places
    free: tuple[int, ...]
    """Numbers of the ports nobody holds."""
    holders: tuple[Holder, ...] = ()
    paused: tuple[int, ...] = ()
    """Numbers of ports that are out of order: not given out when given back."""

    @classmethod
    def empty(
        cls,
        slot_id: str,
        *,
        station_id: str,
        service: str,
        start: datetime,
        end: datetime,
        ports: int,
        paused: Sequence[int] = (),
    ) -> "Slot":
        """Return a slot as it is before anybody wanted it."""
        return cls(
            id=slot_id,
            station_id=station_id,
            service=service,
            start=start,
            end=end,
            ports=ports,
            free=tuple(p for p in range(1, ports + 1) if p not in paused),
            paused=tuple(paused),
        )

    def held_by(self, booking_id: str) -> Holder | None:
        """Return the holder under a booking, or None."""
        return next((h for h in self.holders if h.booking_id == booking_id), None)

    def held_for(self, worker_id: str) -> Holder | None:
        """Return the holder that is a worker, or None."""
        return next((h for h in self.holders if h.worker_id == worker_id), None)


class SlotFull(Conflict):
    """Every port of the slot is held."""

    code = "slot_full"
    message = "该时段已约满，请选择其他时段。"


class AlreadyHeld(Conflict):
    """The worker already holds a port in this slot."""

    code = "already_booked"
    message = "您已预约该时段，请到“我的预约”查看。"


class PortInUse(Conflict):
    """Somebody else holds this port now."""

    code = "port_in_use"
    message = "这个充电口正在使用，请换一个空闲的充电口。"


async def take_port(
    ctx: Context, empty: Slot, *, holder: Holder, any_port: bool = True
) -> Slot:
    """Take a port of a slot: the lowest free one, or exactly the holder's.

    Rules: the same booking again gets what it already holds. Of the holders only
        this one is told.
    Refuses: SlotFull, AlreadyHeld, PortInUse.
    """
    while True:
        taken = await (
            _take(ctx, empty, holder)
            if any_port
            else _take_named(ctx, empty.id, holder)
        )
        if taken is not None:
            return taken
        kept = await Slot.get(ctx, empty.id)
        if kept is None:
            await _write_down(ctx, empty)
        elif kept.held_by(holder.booking_id):
            return kept
        else:
            _check_full(kept, holder, any_port=any_port)


async def give_back_port(
    ctx: Context, slot_id: str, *, booking_id: str, till: datetime = FOREVER
) -> None:
    """Give the port of a booking back; a second time changes nothing.

    till: leaves alone what was taken anew since, after an undo.
    """
    held = {
        "$and": [
            {"$eq": ["$$h.booking_id", {"$literal": booking_id}]},
            {"$lte": ["$$h.since", till]},
        ]
    }
    mine = {"$filter": {"input": "$holders", "as": "h", "cond": held}}
    others = {"$filter": {"input": "$holders", "as": "h", "cond": {"$not": [held]}}}
    ports = {"$map": {"input": mine, "as": "h", "in": "$$h.port"}}
    free = {"$concatArrays": ["$free", ports]}
    await Slot.change(
        ctx,
        where={
            "_id": slot_id,
            "holders": {
                "$elemMatch": {"booking_id": booking_id, "since": {"$lte": till}}
            },
        },
        update=[
            {
                "$set": {
                    "free": {"$setDifference": [free, {"$ifNull": ["$paused", []]}]},
                    "holders": others,
                }
            }
        ],
    )


async def known(ctx: Context, slot_ids: Sequence[str]) -> dict[str, Slot]:
    """Return those of some slots that somebody wanted, by id, in one query."""
    if not slot_ids:
        return {}
    found = await Slot.many(ctx, {"_id": {"$in": list(slot_ids)}}, limit=len(slot_ids))
    return {slot.id: slot for slot in found}


async def _take(ctx: Context, empty: Slot, holder: Holder) -> Slot | None:
    """Take the lowest free port, if there is one, along with others who ask."""
    claim = Claim(empty=plain(empty), holder=plain(holder))
    row = await ctx.the(Claims).take(claim)
    return None if row is None else Slot.of(row)


async def _take_named(ctx: Context, slot_id: str, holder: Holder) -> Slot | None:
    """Take exactly the holder's port, if it is free."""
    row = await Slot.shelf(ctx).find_one_and_update(
        {
            "_id": slot_id,
            "holders.worker_id": {"$ne": holder.worker_id},
            "free": holder.port,
        },
        {"$pull": {"free": holder.port}, "$push": {"holders": plain(holder)}},
        projection=claims.only([holder.booking_id]),
        return_document=ReturnDocument.AFTER,
    )
    return None if row is None else Slot.of(row)


async def _write_down(ctx: Context, empty: Slot) -> None:
    row = plain(empty)
    await Slot.shelf(ctx).update_one(
        {"_id": row.pop("_id")}, {"$setOnInsert": row}, upsert=True
    )


def _check_full(slot: Slot, holder: Holder, *, any_port: bool) -> None:
    """Say why nothing could be taken; silent if meanwhile something can."""
    mine = slot.held_for(holder.worker_id)
    if mine is not None:
        raise AlreadyHeld({"booking_id": mine.booking_id, "slot_id": slot.id})
    if any_port and not slot.free:
        raise SlotFull({"slot_id": slot.id})
    if not any_port and holder.port not in slot.free:
        raise PortInUse({"port": holder.port, "free": sorted(slot.free)})
