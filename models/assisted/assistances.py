"""Assistances (协助办理记录): what a clerk did as a worker, with the worker's code.

Actor is the staff member, subject the worker: both stand in the record and in the
audit, and the worker is told. To undo it they use their own doors.

Source: features S1-28; rules §7.9 (acting for).
"""

from pymongo import IndexModel

from models.assisted import codes
from models.assisted.codes import Code, What
from models.base import audit, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.stations import directory
from models.unions.staff import Staff
from models.workers.sessions import SignedIn


class Assistance(Document, kw_only=True, frozen=True):
    """One thing done for somebody."""

    SHELF = "assistances"
    PERSONAL = personal.renamed(
        "工作人员协助我办理的事项", "worker_id", hidden=("staff_id",)
    )
    INDEXES = (
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel([("org_path", 1), ("_id", -1)]),
    )

    worker_id: str
    staff_id: str
    station_id: str
    """Where they were helped; what was booked may be elsewhere."""
    station_name: str
    org_path: str
    what: What
    ref: str | None
    """The booking or enrolment; None for a declaration."""
    at: Instant


class AssistanceGiven(Event, kw_only=True, frozen=True):
    """Something was done for somebody; they hear of it."""

    assistance_id: str
    worker_id: str
    station_name: str
    what: What


@atomic()
async def write_down(ctx: Context, code: Code, ref: str | None) -> Assistance:
    """Keep what was done and use the code up, both or neither; again changes nothing.

    Records: AssistanceGiven.
    """
    claim = code.under_way
    known = await Assistance.find(ctx, _id=claim.id)
    if known is not None:
        return known
    await codes.use_up(ctx, code)
    station = await directory.find(ctx, claim.station_id)
    given = Assistance(
        id=claim.id,
        worker_id=code.worker_id,
        staff_id=claim.staff_id,
        station_id=station.id,
        station_name=station.name,
        org_path=station.org_path,
        what=code.what,
        ref=ref,
        at=claim.at,
    )
    await given.insert(ctx)
    await audit.note(
        ctx,
        who=given.staff_id,
        what=f"assisted.{given.what}",
        about=given.ref or given.id,
        subject=given.worker_id,
        org_path=given.org_path,
    )
    told = AssistanceGiven(
        assistance_id=given.id,
        worker_id=given.worker_id,
        station_name=given.station_name,
        what=given.what,
    )
    await record(ctx, told)
    return given


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None, limit: int
) -> Page[Assistance]:
    """List what was done for oneself, the latest first (代我办理).

    Refuses: BadCursor.
    """
    return await Assistance.page(ctx, {"worker_id": by.id}, cursor=cursor, limit=limit)


async def helpers(ctx: Context, given: list[Assistance]) -> dict[str, str]:
    """Return the masked names of who helped, in one question."""
    staff_ids = sorted({each.staff_id for each in given})
    found = await Staff.many(ctx, {"_id": {"$in": staff_ids}}, limit=0)
    return {staff.id: staff.masked_name(ctx) for staff in found}
