"""Many of everything: what is on the shelves, again and again, for walks over lists.

Of every row there are copies that agree with it, and copies that name another thing in
one of the fields that name things: so a list by any of them has many rows, and the rows
of each list name many different things.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import BulkWriteError

from models.base.documents import Row, all_documents

ALONE = {"clockwork", "units", "sessions"}
"""Shelves of which there are never many alike."""


async def multiply(ctx: Any, times: int) -> None:
    """Put copies of every row beside it, so many a field."""
    for kind in all_documents():
        rows = await kind.shelf(ctx).find().to_list()
        only_once = _only_once(kind)
        copies = [copy for row in rows for copy in _copies(row, only_once, times)]
        if kind.SHELF not in ALONE and copies:
            await _put(ctx, kind, copies)


async def _put(ctx: Any, kind: Any, copies: list[Row]) -> None:
    try:
        await kind.shelf(ctx).insert_many(copies, ordered=False)
    except BulkWriteError as clash:
        told = {each["code"] for each in clash.details["writeErrors"]}
        assert told == {DUPLICATE}, clash.details


DUPLICATE = 11000
"""Of what there may be only one at a time, such as an open request, there is one."""


def _only_once(kind: Any) -> set[str]:
    """Name the last field of every unique index: in it copies must differ."""
    return {
        list(index.document["key"])[-1]
        for index in kind.INDEXES
        if index.document.get("unique")
        and "state" not in index.document.get("partialFilterExpression", {})
    }


def _copies(row: Row, only_once: set[str], times: int) -> Iterator[Row]:
    naming = [name for name, value in row.items() if _names(name, value)]
    for name in ["", *naming]:
        for turn in range(times):
            differing = {name, *only_once} & set(row)
            apart = {each: _another(row[each], turn) for each in differing}
            yield row | apart | {"_id": f"{row['_id']}{name}_{turn:03}"}


def _names(name: str, value: Any) -> bool:
    return name.endswith("_id") and name != "_id" and isinstance(value, str)


def _another(value: Any, turn: int) -> Any:
    match value:
        case int():
            return value + turn + 1
        case datetime():
            return value + timedelta(minutes=turn + 1)
        case str():
            return f"{value}_{turn:03}"
    return value
