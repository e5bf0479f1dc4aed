"""Indexes as the documents declare them: built while the inn is open, compared.

MongoDB builds an index beside reads and writes and takes the shelf for itself only
for a moment at the beginning and at the end; several processes that ask for the same
one wait for one build. So what is missing is built at every start. What is declared
otherwise than it stands is never touched at a start, since without it a promise
would not hold for a while; what nobody declares any more may still serve the release
before. Both wait for a person (`python -m app indexes --plan`).

Source: docs/decisions/0012-migrations.md.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec
import structlog
from pymongo import IndexModel
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError, OperationFailure

from models.base.context import Context
from models.base.documents import Document, Row, all_documents

log = structlog.get_logger("inn.indexes")

OPTIONS_CHANGED = {85, 86}
"""MongoDB's words for an index of this name or these keys that is otherwise."""

OWN_WORDS = {"v", "ns", "background", "2dsphereIndexVersion", "textIndexVersion"}
"""What MongoDB adds to an index by itself."""

THE_ID = "_id_"
"""The index that every shelf has."""


class IndexTrouble(Exception):
    """An index that a promise hangs on cannot be had; the text is for the operator."""


class Finding(StrEnum):
    """How an index stands to what is declared."""

    MISSING = "missing"
    CHANGED = "changed"
    UNUSED = "unused"
    """Nobody declares it."""


class Difference(msgspec.Struct, kw_only=True, frozen=True):
    """One index that is not as declared."""

    finding: Finding
    shelf: str
    index: str
    uses: int | None = None
    """How often the server we ask used it since it started; None when not there."""


async def make_indexes(ctx: Context) -> int:
    """Build the declared indexes that are missing; again changes nothing.

    Refuses: IndexTrouble, when rows stand against a unique one, or when one that
    stands is not unique and must be.
    """
    return sum([await _make(ctx, document) for document in all_documents()])


async def compare(ctx: Context) -> list[Difference]:
    """List the indexes that are missing, changed or declared by nobody."""
    found: list[Difference] = []
    for document in all_documents():
        found += await _differences(ctx, document)
    return found


async def renew_changed(ctx: Context) -> int:
    """Drop every changed index and build it as declared; for a quiet hour.

    Rules: till it is built, its queries scan and nothing keeps its rows unique.
    Refuses: IndexTrouble.
    """
    renewed = 0
    for document in all_documents():
        shelf = document.shelf(ctx)
        standing = await _standing(shelf)
        for wanted in document.INDEXES:
            rivals = _rivals(wanted, standing.values())
            for name in rivals:
                await shelf.drop_index(name)
            if rivals:
                await _build(document, shelf, [wanted])
                renewed += 1
    return renewed


async def drop_unused(ctx: Context) -> list[Difference]:
    """Drop the indexes that nobody declares; returns them.

    Rules: only on shelves that a document declares; those of others are theirs.
    """
    unused = [one for one in await compare(ctx) if one.finding is Finding.UNUSED]
    for one in unused:
        await ctx.db[one.shelf].drop_index(one.index)
    return unused


async def _make(ctx: Context, document: type[Document]) -> int:
    shelf, wanted = document.shelf(ctx), list(document.INDEXES)
    if not wanted:
        return 0
    try:
        await _build(document, shelf, wanted)
    except OperationFailure as conflict:
        if conflict.code not in OPTIONS_CHANGED:
            raise
        for index in wanted:
            await _make_or_say(document, shelf, index)
    return len(wanted)


async def _make_or_say(
    document: type[Document], shelf: AsyncCollection[Row], wanted: IndexModel
) -> None:
    """Build one of several; what stands otherwise stays, unless it must be unique."""
    try:
        await _build(document, shelf, [wanted])
    except OperationFailure as conflict:
        if conflict.code not in OPTIONS_CHANGED:
            raise
        standing = (await _standing(shelf)).values()
        if wanted.document.get("unique") and not _holds_unique(wanted, standing):
            raise IndexTrouble(
                f"index {wanted.document['name']} of {document.SHELF} must be unique "
                "and is not: in a quiet hour run python -m app indexes --renew"
            ) from conflict
        log.warning(
            "index_changed", shelf=document.SHELF, index=wanted.document["name"]
        )


async def _build(
    document: type[Document], shelf: AsyncCollection[Row], wanted: list[IndexModel]
) -> None:
    try:
        await shelf.create_indexes(wanted)
    except DuplicateKeyError as clash:
        raise IndexTrouble(await _told(document, shelf, wanted)) from clash


async def _told(
    document: type[Document], shelf: AsyncCollection[Row], wanted: list[IndexModel]
) -> str:
    """Say how many rows stand against which index, and never what is in them."""
    lines = []
    for index in wanted:
        if index.document.get("unique"):
            values = await _doubled(shelf, index.document)
            if values:
                lines.append(
                    f"index {index.document['name']} of {document.SHELF} must be "
                    f"unique, and {values} values stand in several rows"
                )
    return "; ".join(lines) + ": see docs/operations.md#unique-index, then start again"


async def _doubled(shelf: AsyncCollection[Row], index: Mapping[str, Any]) -> int:
    keys = {f"k{n}": f"${field}" for n, field in enumerate(index["key"])}
    cursor = await shelf.aggregate(
        [
            {"$match": index.get("partialFilterExpression", {})},
            {"$group": {"_id": keys, "rows": {"$sum": 1}}},
            {"$match": {"rows": {"$gt": 1}}},
            {"$count": "values"},
        ],
        allowDiskUse=True,
    )
    counted = await cursor.to_list()
    return int(counted[0]["values"]) if counted else 0


async def _differences(ctx: Context, document: type[Document]) -> list[Difference]:
    shelf = document.shelf(ctx)
    standing = await _standing(shelf)
    uses = await _uses(shelf) if standing else {}
    found = {
        index.document["name"]: Finding.CHANGED
        if _rivals(index, standing.values())
        else Finding.MISSING
        for index in document.INDEXES
        if not _stands(index, standing)
    }
    rivals = {
        name for index in document.INDEXES for name in _rivals(index, standing.values())
    }
    declared = {index.document["name"] for index in document.INDEXES} | rivals
    unused = dict.fromkeys(set(standing) - declared, Finding.UNUSED)
    return [
        Difference(
            finding=finding, shelf=document.SHELF, index=name, uses=uses.get(name)
        )
        for name, finding in sorted((found | unused).items())
    ]


async def _standing(shelf: AsyncCollection[Row]) -> dict[str, Row]:
    listed = await (await shelf.list_indexes()).to_list()
    return {row["name"]: dict(row) for row in listed if row["name"] != THE_ID}


async def _uses(shelf: AsyncCollection[Row]) -> dict[str, int]:
    """Return how often each index was used since the server started."""
    stats = await (await shelf.aggregate([{"$indexStats": {}}])).to_list()
    return {row["name"]: int(row["accesses"]["ops"]) for row in stats}


def _stands(wanted: IndexModel, standing: Mapping[str, Row]) -> bool:
    there = standing.get(wanted.document["name"])
    return there is not None and _same(wanted.document, there)


def _rivals(wanted: IndexModel, standing: Iterable[Row]) -> list[str]:
    """Name what stands in the way: of the same name, or the same under another."""
    name = wanted.document["name"]
    return [
        row["name"]
        for row in standing
        if (row["name"] == name) != _same(wanted.document, row)
    ]


def _same(wanted: Mapping[str, Any], there: Row) -> bool:
    ours, theirs = _plain(wanted), _plain(there)
    if "collation" in ours and "collation" in theirs:
        known = theirs["collation"]
        theirs["collation"] = {name: known.get(name) for name in ours["collation"]}
    return ours == theirs


def _plain(index: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes an index what it is, the order of its keys included."""
    plain = {name: index[name] for name in index if name not in OWN_WORDS | {"name"}}
    return plain | {"key": list(index["key"].items())}


def _holds_unique(wanted: IndexModel, standing: Iterable[Row]) -> bool:
    """Say whether an index of another name keeps the same rows unique."""
    return any(_same(wanted.document, row) for row in standing)
