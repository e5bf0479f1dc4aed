"""Every shelf, by its own word on a person (个人信息): what goes, what loses its name.

Erasure and export walk all shelves there are and do what each one's ``PERSONAL``
says; nobody keeps a second list.
"""

from typing import Any

from models.base import documents
from models.base.context import Context
from models.base.documents import Document
from models.base.personal import HELD, Fate, Personal

Rows = list[dict[str, Any]]


class SilentShelf(Exception):
    """A shelf does not say what it holds about persons; the house's test finds it."""


async def forget(
    ctx: Context, worker_id: str, alias: str, *, but: type[Document]
) -> int:
    """Delete or rename whatever names a worker; returns how many rows.

    Rules: done again it finds nothing, so it may be cut off anywhere.

    but: the shelf that keeps how far this has come.
    """
    changed = 0
    for kind in documents.all_documents():
        word = word_of(kind)
        if kind is but:
            continue
        if word.fate is Fate.DELETED:
            changed += await kind.erase(ctx, word.where(worker_id))
        elif word.fate is Fate.RENAMED:
            changed += await rename(ctx, kind, worker_id, alias)
    return changed


async def rename(ctx: Context, kind: type[Document], worker_id: str, alias: str) -> int:
    """Let a shelf's rows stay under the alias, and empty what they need not say."""
    word, changed = word_of(kind), 0
    for place in word.places:
        for other in word.beside:
            await kind.shelf(ctx).update_many(
                {place: worker_id, other: worker_id}, {"$set": {other: alias}}
            )
        outer, held, inner = place.partition(HELD)
        path = f"{outer}.$[mine]{inner}" if held else place
        done = await kind.shelf(ctx).update_many(
            {place.replace(HELD, ""): worker_id, **word.among},
            {"$set": {path: alias, **dict.fromkeys(word.emptied)}},
            array_filters=[{f"mine{inner}": worker_id}] if held else None,
        )
        changed += done.modified_count
    return changed


async def rows_of(
    ctx: Context, kind: type[Document], worker_id: str, alias: str
) -> Rows:
    """Return a shelf's rows about a worker as the worker may have them."""
    word = word_of(kind)
    who = alias if word.fate is Fate.ALIASED else worker_id
    found = await kind.shelf(ctx).find(word.where(who), sort=[("_id", 1)]).to_list()
    return [_readable(ctx, word, row) for row in found]


def word_of(kind: type[Document]) -> Personal:
    """Return what a shelf says about persons; raises SilentShelf."""
    if kind.PERSONAL is None:
        raise SilentShelf(kind.SHELF)
    return kind.PERSONAL


def exported() -> list[type[Document]]:
    """List the shelves that an export is made of."""
    return [kind for kind in documents.all_documents() if word_of(kind).title]


def _readable(ctx: Context, word: Personal, row: dict[str, Any]) -> dict[str, Any]:
    """Open what is sealed, leave out what is not theirs to have."""
    for field in word.opened:
        _open(ctx, row, field.split("."))
    return {name: value for name, value in row.items() if name not in word.hidden}


def _open(ctx: Context, row: dict[str, Any], path: list[str]) -> None:
    *outer, last = path
    for name in outer:
        inner = row.get(name)
        if not isinstance(inner, dict):
            return
        row = inner
    if isinstance(row.get(last), str):
        row[last] = ctx.secrets.open(row[last])
