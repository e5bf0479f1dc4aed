"""Affiliations (所属工会): which union a worker belongs to, chosen by themself.

A worker belongs to one unit, and its path on the worker's record says whose eyes it
is under. Who has chosen none is the city's: only an official whose reach begins at
the root sees them, and what they ask for goes there too.

Source: rules 7.1, 7.7; features S1-03.
"""

from typing import Any

from models.base.context import Context
from models.base.errors import NotFound
from models.base.events import Event, record
from models.base.store import atomic
from models.unions import units
from models.unions.scopes import Scope
from models.unions.units import Kind, NoSuchUnit, Unit
from models.workers.sessions import SignedIn
from models.workers.workers import AccountGone, State, Worker

JOINABLE = (
    Kind.DISTRICT,
    Kind.ZONE,
    Kind.STREET,
    Kind.INDUSTRY,
    Kind.GRASSROOTS,
    Kind.PARK,
    Kind.GRID,
)
"""Not the city's own office, a partner or a department: they have no members."""

MOST_SHOWN = 200

ROOT_SLASHES = 2
"""In the path of a unit that stands under none."""


class UnitChosen(Event, kw_only=True, frozen=True):
    """A worker belongs to a unit now."""

    worker_id: str
    unit_id: str
    org_path: str


class NoSuchMember(NotFound):
    """No worker within reach has this id."""

    code = "no_such_worker"
    message = "没有找到这位职工，请核对后再试。"


async def choices(ctx: Context, parent_id: str | None) -> list[Unit]:
    """List the unions one can join under another; the first level if none is named."""
    roots = await Unit.many(ctx, {"parent_id": None}, sort=[("path", 1)])
    parents = [parent_id] if parent_id is not None else [root.id for root in roots]
    return await Unit.many(
        ctx,
        {"parent_id": {"$in": parents}, "kind": {"$in": list(JOINABLE)}},
        sort=[("path", 1)],
        limit=MOST_SHOWN,
    )


@atomic()
async def join(ctx: Context, unit_id: str, *, by: SignedIn) -> Worker:
    """Belong to a unit from now on, in place of any other (选择所属工会).

    Refuses: NoSuchUnit, AccountGone.
    Records: UnitChosen.
    """
    unit = await Unit.find(ctx, _id=unit_id)
    if unit is None or unit.kind not in JOINABLE:
        raise NoSuchUnit
    worker = await Worker.change(
        ctx,
        where={"_id": by.id, "state": State.ACTIVE},
        update={"$set": {"unit_id": unit.id, "org_path": unit.path}},
    )
    if worker is None:
        raise AccountGone
    await record(ctx, UnitChosen(worker_id=by.id, unit_id=unit.id, org_path=unit.path))
    return worker


async def home_of(ctx: Context, worker: Worker) -> tuple[str, str]:
    """Return id and path of the unit that answers for a worker: theirs, or the root.

    Refuses: NoSuchUnit, when nothing is planted.
    """
    if worker.unit_id is not None:
        return worker.unit_id, worker.org_path
    root = await Unit.find(ctx, parent_id=None)
    if root is None:
        raise NoSuchUnit
    return root.id, root.path


def where(scope: Scope) -> dict[str, Any]:
    """Return what a worker within reach fulfils; who belongs nowhere is the root's."""
    if any(path.count(units.ROOT) == ROOT_SLASHES for path in scope.paths):
        return {"$or": [scope.where(), {"org_path": {"$in": ["", None]}}]}
    return scope.where()


async def find(ctx: Context, worker_id: str, *, scope: Scope) -> Worker:
    """Return a worker within reach.

    Refuses: NoSuchMember, also for one who is somebody else's.
    """
    row = await Worker.shelf(ctx).find_one({"_id": worker_id, **where(scope)})
    if row is None:
        raise NoSuchMember
    return Worker.of(row)
