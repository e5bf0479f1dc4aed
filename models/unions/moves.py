"""Moves (调整隶属): a unit with all below it goes to another parent, on a date.

::

    planned ── its day has come ──▶ carried_out
       └────── called off ──▶ called_off

What was made before stays under the old path; what belongs to a unit as it is now
(its accounts and grants at once, its stations, programmes and workers when they hear
`UnitMoved`) follows.

Source: rules 7.1; features S1-24 ("changes new records only").
"""

from enum import StrEnum

from pymongo import IndexModel

from models.base import personal, rounds
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, Invalid, NotFound
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Day, Instant
from models.unions import acts, planting, units
from models.unions.grants import Grant
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Staff
from models.unions.units import Unit

A_ROUND = 50


class State(StrEnum):
    """Where a move is in its life."""

    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
    CALLED_OFF = "called_off"


class Move(Document, kw_only=True, frozen=True):
    """One move of one unit."""

    SHELF = "unit_moves"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel(["on"], partialFilterExpression={"state": State.PLANNED}),
        IndexModel(
            ["unit_id"], unique=True, partialFilterExpression={"state": State.PLANNED}
        ),
        IndexModel([("org_path", 1), ("_id", -1)]),
    )

    unit_id: str
    org_path: str
    """Where the unit stood when this was planned."""
    from_id: str | None
    to_id: str
    on: Day
    """From the beginning of this day in Shanghai."""
    reason: str
    planned_by: str
    state: State = State.PLANNED
    done_at: Instant | None = None


class UnitMoved(Event, kw_only=True, frozen=True):
    """A unit stands under another parent now, with all below it."""

    unit_id: str


class NoSuchMove(NotFound):
    """No planned move within reach has this id."""

    code = "no_such_move"
    message = "没有找到这次隶属调整，可能已执行或已取消。"


class MovePlanned(Conflict):
    """The unit has a planned move already."""

    code = "move_planned"
    message = "该组织已有待执行的隶属调整，请先取消后再安排。"


class IntoItself(Invalid):
    """A unit cannot stand below itself, nor move to where it is."""

    code = "into_itself"
    message = "不能调整到自身、其下级或当前上级之下，请重新选择。"


class DayOver(Invalid):
    """A move is not dated back."""

    code = "day_over"
    message = "生效日期不能早于今天，请重新选择。"


async def plan(
    ctx: Context, unit_id: str, *, to_id: str, on: Day, reason: str, by: Official
) -> Move:
    """Plan a move; one for today is carried out at once (安排隶属调整).

    Refuses: PermissionMissing, NoSuchUnit, IntoItself, WrongLevel, DayOver,
    MovePlanned.
    Records: UnitMoved, when it is carried out.
    """
    if on < ctx.clock.today():
        raise DayOver
    move = await _plan(ctx, unit_id, to_id=to_id, on=on, reason=reason, by=by)
    if on == ctx.clock.today():
        await carry_out(ctx, move)
        return await Move.find(ctx, _id=move.id) or move
    return move


@atomic(duplicate=MovePlanned)
async def _plan(
    ctx: Context, unit_id: str, *, to_id: str, on: Day, reason: str, by: Official
) -> Move:
    scope = by.scope(Permission.UNITS)
    unit = await units.find(ctx, unit_id, scope=scope)
    parent = await units.find(ctx, to_id, scope=scope)
    _check(unit, parent)
    move = Move(
        id=ctx.new_id("move"),
        unit_id=unit_id,
        org_path=unit.path,
        from_id=unit.parent_id,
        to_id=to_id,
        on=on,
        reason=reason,
        planned_by=by.id,
    )
    await move.insert(ctx)
    await acts.note(
        ctx,
        "units.plan_move",
        unit_id,
        under=Permission.UNITS,
        at=unit.path,
        by=by,
        reason=reason,
    )
    return move


@atomic()
async def call_off(ctx: Context, move_id: str, *, by: Official) -> None:
    """Call a planned move off (取消隶属调整).

    Refuses: PermissionMissing, NoSuchMove.
    """
    scope = by.scope(Permission.UNITS)
    off = await Move.change(
        ctx,
        {"_id": move_id, "state": State.PLANNED} | scope.where(),
        {"$set": {"state": State.CALLED_OFF, "done_at": ctx.clock.now()}},
    )
    if off is None:
        raise NoSuchMove
    await acts.note(
        ctx,
        "units.call_off_move",
        off.unit_id,
        under=Permission.UNITS,
        at=off.org_path,
        by=by,
    )


async def in_scope(
    ctx: Context, *, cursor: str | None, limit: int, by: Official
) -> Page[Move]:
    """List the moves within reach, the latest planned first.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.UNITS).where()
    return await Move.page(ctx, where, cursor=cursor, limit=limit)


async def carry_out_due(ctx: Context) -> int:
    """Carry out the moves whose day has come.

    Records: UnitMoved.
    """
    due = await Move.many(
        ctx,
        {"state": State.PLANNED, "on": {"$lte": ctx.clock.today().isoformat()}},
        sort=[("on", 1)],
        limit=A_ROUND,
    )
    return await rounds.each("move", due, lambda move: carry_out(ctx, move))


@atomic()
async def carry_out(ctx: Context, move: Move) -> bool:
    """Move a unit and all below it; False when somebody else did, or it cannot be.

    Rules: a tree that changed since, so that the unit would stand below itself, calls
    the move off.
    Records: UnitMoved.
    """
    unit = await Unit.change(ctx, {"_id": move.unit_id}, {"$inc": {"turns": 1}})
    parent = await Unit.change(ctx, {"_id": move.to_id}, {"$inc": {"turns": 1}})
    possible = unit is not None and parent is not None and _is_elsewhere(unit, parent)
    taken = await Move.change(
        ctx,
        {"_id": move.id, "state": State.PLANNED},
        {
            "$set": {
                "state": State.CARRIED_OUT if possible else State.CALLED_OFF,
                "done_at": ctx.clock.now(),
            }
        },
    )
    if taken is None or unit is None or parent is None or not possible:
        return False
    await _replant(ctx, unit, parent)
    await record(ctx, UnitMoved(unit_id=unit.id))
    return True


async def follow(ctx: Context, belongings: type[Document], unit_id: str) -> None:
    """Let what has a ``unit_id`` and an ``org_path`` stand where its unit stands now.

    Rules: done again it changes nothing; the unit's present place counts, so events
    that come late or in another order do no harm.
    """
    moved = await Unit.find(ctx, _id=unit_id)
    for unit in [] if moved is None else await units.below(ctx, moved):
        await belongings.shelf(ctx).update_many(
            {"unit_id": unit.id, "org_path": {"$ne": unit.path}},
            {"$set": {"org_path": unit.path}},
        )


def _check(unit: Unit, parent: Unit) -> None:
    if not _is_elsewhere(unit, parent):
        raise IntoItself
    planting.check_level(parent, unit.kind)


def _is_elsewhere(unit: Unit, parent: Unit) -> bool:
    return not parent.path.startswith(unit.path) and parent.id != unit.parent_id


async def _replant(ctx: Context, unit: Unit, parent: Unit) -> None:
    """Give a unit and all below it their new paths; they remember the old ones."""
    goes = f"{parent.path}{unit.id}/"
    for each in await units.below(ctx, unit):
        path = goes + each.path.removeprefix(unit.path)
        above = {"parent_id": parent.id} if each.id == unit.id else {}
        former = [old for old in each.former_paths if old != path]
        await Unit.shelf(ctx).update_one(
            {"_id": each.id},
            {"$set": {"path": path, "former_paths": [*former, each.path]} | above},
        )
        for shelf in (Staff.shelf(ctx), Grant.shelf(ctx)):
            await shelf.update_many({"unit_id": each.id}, {"$set": {"org_path": path}})
