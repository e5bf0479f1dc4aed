"""Units (工会组织): the tree from the city's union down to a firm's.

Every unit carries the path of ids from the root to itself, so that all below one
are found by a prefix. When a unit moves, what it made before stays under its old
path: its old superior goes on seeing that, its new one sees what is made from then
on, and the unit itself sees both, because it remembers its former paths.

Source: rules 7.1.
"""

from contextlib import suppress
from enum import StrEnum
from typing import Any

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import pages, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.pages import Page
from models.unions.scopes import Scope, within

ROOT = "/"


class Kind(StrEnum):
    """What sort of unit it is; those from park on are side branches."""

    CITY = "city"
    DISTRICT = "district"
    ZONE = "zone"
    STREET = "street"
    INDUSTRY = "industry"
    GRASSROOTS = "grassroots"
    PARK = "park"
    GRID = "grid"
    PARTNER = "partner"
    DEPARTMENT = "department"
    """A court, a labour bureau: works with us, belongs to nobody below."""


class Unit(Document, kw_only=True, frozen=True):
    """One unit of the union."""

    SHELF = "units"
    PERSONAL = personal.nobody()
    INDEXES = (IndexModel(["path"]), IndexModel(["parent_id", "path"]))

    name: str
    kind: Kind
    parent_id: str | None
    path: str
    """Ids from the root to this unit, such as /unit_city/unit_zone/."""
    former_paths: tuple[str, ...] = ()
    """Where it stood before; what it made there is still its own."""
    turns: int = 0
    """Counted up by whoever must not be overtaken while looking at what is here."""

    @property
    def path_above(self) -> str:
        """The path of the unit right above; ``/`` for the root."""
        return self.path[: self.path.rindex("/", 0, -1) + 1]

    def reach(self) -> Scope:
        """Return the subtree somebody put in charge of this unit looks after."""
        return Scope.of([self.path, *self.former_paths])


class NoSuchUnit(NotFound):
    """No unit has this id."""

    code = "no_such_unit"
    message = "没有找到这个工会组织，请返回重选。"


class UnitElsewhere(Conflict):
    """The unit stands under another parent already."""

    code = "unit_elsewhere"
    message = "该工会组织已挂在其他上级之下，调整隶属关系请走变更流程。"


class LevelSkipped(Conflict):
    """Somebody in between is in charge; ``details.unit_id`` says which unit."""

    code = "level_skipped"
    message = "请由该组织本级或直接上级的管理员办理。"


async def put_unit(
    ctx: Context, *, id_: str, name: str, kind: Kind, parent_id: str | None
) -> Unit:
    """Plant a unit under its parent, or rename it; the same again changes nothing.

    Refuses: NoSuchUnit, for the parent; UnitElsewhere.
    """
    path = await _path(ctx, id_, parent_id)
    unit = Unit(id=id_, name=name, kind=kind, parent_id=parent_id, path=path)
    with suppress(DuplicateKeyError):
        return await unit.insert(ctx)
    known = await Unit.change(
        ctx,
        where={"_id": id_, "parent_id": parent_id},
        update={"$set": {"name": name, "kind": kind}},
    )
    if known is None:
        raise UnitElsewhere
    return known


async def below(ctx: Context, unit: Unit) -> list[Unit]:
    """List a unit and all under it, parents before children."""
    where = {"path": within(unit.path)}
    return await Unit.many(ctx, where, sort=[("path", 1)], limit=0)


async def find(ctx: Context, unit_id: str, *, scope: Scope) -> Unit:
    """Return a unit that lies within a scope.

    Refuses: NoSuchUnit, also for one that lies elsewhere.
    """
    unit = await Unit.get(ctx, unit_id)
    if unit is None or not scope.covers(unit.path):
        raise NoSuchUnit
    return unit


async def hold(ctx: Context, unit: Unit) -> Unit:
    """Keep a unit where it was seen, until the transaction at hand is over.

    Rules: what is written under its path does not miss a move at the same moment.
    Refuses: NoSuchUnit, if it has moved since.
    """
    seen = {"_id": unit.id, "path": unit.path}
    held = await Unit.change(ctx, seen, {"$inc": {"turns": 1}})
    if held is None:
        raise NoSuchUnit
    return held


async def in_scope(
    ctx: Context,
    *,
    parent_id: str | None,
    cursor: str | None,
    limit: int,
    scope: Scope,
) -> Page[Unit]:
    """List the units within a scope, parents before children.

    Refuses: BadCursor.
    """
    where: dict[str, Any] = {"$and": [scope.where("path")]}
    if parent_id is not None:
        where["parent_id"] = parent_id
    if cursor is not None:
        where["path"] = {"$gt": pages.decode(cursor, str)}
    found = await Unit.many(ctx, where, sort=[("path", 1)], limit=limit + 1)
    return pages.cut(found, limit, lambda unit: unit.path)


async def path_of(ctx: Context, unit_id: str | None) -> str:
    """Return where a unit stands now; nowhere if there is none."""
    unit = None if unit_id is None else await Unit.get(ctx, unit_id)
    return "" if unit is None else unit.path


async def _path(ctx: Context, id_: str, parent_id: str | None) -> str:
    if parent_id is None:
        return f"{ROOT}{id_}/"
    parent = await Unit.find(ctx, _id=parent_id)
    if parent is None:
        raise NoSuchUnit
    return f"{parent.path}{id_}/"
