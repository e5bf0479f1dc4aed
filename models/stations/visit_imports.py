"""Bringing in visits (批量登记来访): what was written on paper, some hundreds at once.

Each row has an ``event_id`` and counts once under it, however often it is sent; of
what makes no sense it is said which row, and the others count.

Source: features S1-04 (39,000 visits, 1,000 of them sent twice, are 39,000).
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from pymongo.errors import BulkWriteError

from models.base import audit
from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict, Refusal
from models.base.events import Event, record
from models.base.secrets import any_of, same_as
from models.base.store import atomic
from models.stations import desk, directory, visits
from models.stations.ledger import CheckIn
from models.stations.stations import Station
from models.stations.visits import Visitor
from models.unions.staff import Staff
from models.workers.workers import Worker

MOST_ROWS = 500

MOST_TRIES = 5
"""Somebody else may bring the same rows in at the same moment."""


class Outcome(StrEnum):
    """What became of a row."""

    COUNTED = "counted"
    KNOWN = "known"
    """Counted before, under the same event id."""
    REFUSED = "refused"


class Result(msgspec.Struct, kw_only=True, frozen=True):
    """What became of one row, and why not."""

    event_id: str
    outcome: Outcome
    refusal: Refusal | None = None


class VisitsBroughtIn(Event, kw_only=True, frozen=True):
    """Staff brought in visits that were written down elsewhere."""

    station_id: str
    station_name: str
    org_path: str
    rows: int
    people: int
    staff_id: str


class _BroughtInMeanwhile(Conflict):
    """Somebody else has just brought in some of the rows."""


async def bring_in(
    ctx: Context, station_id: str, rows: Sequence[Visitor], *, by: Staff
) -> list[Result]:
    """Write down many visits at once; again changes nothing (批量登记来访).

    Refuses: NoSuchStation, RoleMissing; a row alone: NumberNotUsable,
        NumberOrPeople, NotYet.
    Records: VisitsBroughtIn, if any row is new.
    """
    desk.check_clerk(by, station_id)
    station = await directory.find(ctx, station_id)
    refused = _refused(ctx, rows)
    good = [row for place, row in enumerate(rows) if place not in refused]
    drafts = await _drafts(ctx, station, good, by)
    new = await _write(ctx, station, drafts, by)
    results: list[Result] = []
    for place, row in enumerate(rows):
        event_id, refusal = row.event_id or "", refused.get(place)
        outcome = Outcome.KNOWN
        if refusal is not None:
            outcome = Outcome.REFUSED
        elif visits.once_by(station, event_id) in new:
            new.remove(visits.once_by(station, event_id))
            outcome = Outcome.COUNTED
        results.append(Result(event_id=event_id, outcome=outcome, refusal=refusal))
    return results


def _refused(ctx: Context, rows: Sequence[Visitor]) -> dict[int, Refusal]:
    """Say which rows make no sense, by their place."""
    refused: dict[int, Refusal] = {}
    for place, row in enumerate(rows):
        try:
            visits.check(ctx, row)
        except Refusal as refusal:
            refused[place] = refusal
    return refused


async def _drafts(
    ctx: Context, station: Station, rows: Sequence[Visitor], by: Staff
) -> list[CheckIn]:
    """Return the rows as they are kept; of two with one event id the first."""
    blinds = [visits.check(ctx, row) for row in rows]
    workers = await _workers(ctx, [blind for each in blinds for blind in each])
    drafts: dict[str, CheckIn] = {}
    for row, mine in zip(rows, blinds, strict=True):
        found = [workers[blind] for blind in mine if blind in workers]
        known = visits.known_as(ctx, row, found[0] if found else None)
        once = visits.once_by(station, row.event_id or "")
        draft = visits.written(ctx, station, row, known, by, once=once)
        drafts.setdefault(once, draft)
    return list(drafts.values())


async def _workers(ctx: Context, blinds: Sequence[str]) -> dict[str, str]:
    """Return whose accounts some numbers are, in one question."""
    where = {"phone_blind": any_of(blinds)}
    found: dict[str, str] = {}
    async for row in Worker.shelf(ctx).find(where, {"phone_blind": 1}):
        for blind in same_as(row["phone_blind"])["$in"]:
            found[blind] = row["_id"]
    return found


async def _write(
    ctx: Context, station: Station, drafts: Sequence[CheckIn], by: Staff
) -> set[str]:
    for _ in range(MOST_TRIES):
        try:
            return await _write_new(ctx, station, drafts, by)
        except _BroughtInMeanwhile:
            continue
    raise _BroughtInMeanwhile


@atomic(duplicate=_BroughtInMeanwhile)
async def _write_new(
    ctx: Context, station: Station, drafts: Sequence[CheckIn], by: Staff
) -> set[str]:
    """Write what is not in the ledger yet, all or none; returns what was new."""
    asked = {"once": {"$in": [draft.once for draft in drafts]}}
    known = set(await CheckIn.shelf(ctx).distinct("once", asked))
    new = [draft for draft in drafts if draft.once not in known]
    if not new:
        return set()
    try:
        await CheckIn.shelf(ctx).insert_many([plain(draft) for draft in new])
    except BulkWriteError as clash:
        raise _BroughtInMeanwhile from clash
    people = sum(draft.people for draft in new)
    event = VisitsBroughtIn(
        station_id=station.id,
        station_name=station.name,
        org_path=station.org_path,
        rows=len(new),
        people=people,
        staff_id=by.id,
    )
    await record(ctx, event)
    await audit.note(
        ctx,
        who=by.id,
        what="visits.bring_in",
        about=station.id,
        org_path=station.org_path,
    )
    return {draft.once for draft in new}
