"""The audit by name (审计日志): who did what to what, for whoever oversees a subtree.

An entry keeps ids for good. What they are called is asked when somebody reads, in one
question a kind of thing for a whole page. What lies outside the reader's reach has no
name here, nor has what was never public, unless the reader may read it elsewhere; a
worker has none for anybody, their record is opened elsewhere, for a reason that they
get to see.

Source: rules 7.3, 7.9; features X-11.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from models.base.audit import Entry
from models.base.context import Context
from models.base.documents import Document
from models.base.pages import Page
from models.policies.manuscripts import Manuscript
from models.policies.transitions import ANY
from models.stations.stations import Station
from models.trainings.programmes import Programme, Standing
from models.trainings.sessions import Session
from models.unions import auditing
from models.unions.auditing import Wanted
from models.unions.emergencies import Emergency
from models.unions.grants import Grant
from models.unions.officials import Official, reach_of
from models.unions.permissions import Permission
from models.unions.scopes import Scope
from models.unions.staff import Staff
from models.unions.units import Unit
from models.workers import masks

Where = dict[str, Any]
"""What must hold of a row, for MongoDB."""


class Kept(NamedTuple):
    """What is not everybody's from the first."""

    reads: tuple[Permission, ...]
    """Any of them lets somebody read it before it is public."""
    is_public: Callable[[datetime], Where]
    """What holds of it once anybody could read it."""


class Shelf(NamedTuple):
    """Where the things of a noun are kept, and what is read of them."""

    document: type[Document]
    field: str
    path: str = "org_path"
    """The field that says where in the tree a thing belongs."""
    kept: Kept | None = None


def _is_published(now: datetime) -> Where:
    begun = {"public.begins_at": {"$lte": now}}
    return begun | {"$expr": {"$lt": ["$public.begins_at", "$public.ends_at"]}}


def _is_opened(_: datetime) -> Where:
    return {"standing": {"$ne": Standing.PLANNED}}


NAMED = {
    "staff": Shelf(Staff, "name"),
    "unit": Shelf(Unit, "name", "path"),
    "station": Shelf(Station, "name"),
    "programme": Shelf(
        Programme, "title", kept=Kept((Permission.TRAININGS,), _is_opened)
    ),
    "manuscript": Shelf(Manuscript, "content.title", kept=Kept(ANY, _is_published)),
}

CALLED_AFTER = {
    "grant": Shelf(Grant, "staff_id"),
    "emergency": Shelf(Emergency, "unit_id"),
    "session": Shelf(Session, "programme_id"),
}
"""What has no name of its own, and the id of what it is called after."""


class Told(msgspec.Struct, kw_only=True, frozen=True):
    """An entry, and what those in it are called, as far as the reader reaches."""

    entry: Entry
    who: str | None
    """A masked name."""
    acting_for: str | None
    about: str | None


async def of(
    ctx: Context, wanted: Wanted, *, cursor: str | None, limit: int, by: Official
) -> Page[Told]:
    """List what was done within reach by name, newest first (查看审计日志).

    Refuses: PermissionMissing, SpanBackwards, BadCursor.
    """
    page = await auditing.in_scope(ctx, wanted, cursor=cursor, limit=limit, by=by)
    names = await _names(ctx, page.items, by)
    told = [
        Told(
            entry=entry,
            who=names.get(entry.who),
            acting_for=names.get(entry.acting_for or ""),
            about=names.get(entry.about),
        )
        for entry in page.items
    ]
    return Page(told, page.next)


async def _names(ctx: Context, entries: list[Entry], by: Official) -> dict[str, str]:
    ids = {id_ for each in entries for id_ in (each.who, each.acting_for, each.about)}
    after = await _read(ctx, CALLED_AFTER, filter(None, ids), by)
    names = await _read(ctx, NAMED, filter(None, {*ids, *after.values()}), by)
    for id_ in names:
        if _noun(id_) == "staff":
            names[id_] = masks.sealed_name(ctx.secrets, names[id_])
    named_after = {id_: names[one] for id_, one in after.items() if one in names}
    return names | named_after


async def _read(
    ctx: Context, shelves: dict[str, Shelf], ids: Iterable[str], by: Official
) -> dict[str, str]:
    """Read one field of each of these that the reader may know."""
    by_noun: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(ids):
        by_noun[_noun(id_)].append(id_)
    found: dict[str, str] = {}
    for noun in shelves.keys() & by_noun.keys():
        shelf = shelves[noun]
        where = _known(shelf, by, ctx.clock.now()) | {"_id": {"$in": by_noun[noun]}}
        told = {"$project": {"told": f"${shelf.field}"}}
        rows = await shelf.document.shelf(ctx).aggregate([{"$match": where}, told])
        async for row in rows:
            found[row["_id"]] = row["told"]
    return found


def _known(shelf: Shelf, by: Official, now: datetime) -> Where:
    """Return what holds of a thing that the reader may know by name."""
    within = by.scope(Permission.AUDIT).where(shelf.path)
    if shelf.kept is None:
        return within
    paths = [
        path for each in shelf.kept.reads for path in reach_of(by.powers, each).paths
    ]
    readable = Scope.of(paths).where(shelf.path)
    return {"$and": [within, {"$or": [readable, shelf.kept.is_public(now)]}]}


def _noun(id_: str) -> str:
    return id_.partition("_")[0]
