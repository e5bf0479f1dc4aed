"""A document is a struct with a shelf in MongoDB; nothing more.

Moments are kept as BSON dates (UTC), civil days as ``YYYY-MM-DD`` text, enums
as their value.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

import msgspec
from pymongo import IndexModel, ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection

from models.base import pages
from models.base.context import Context
from models.base.loader import Fields
from models.base.pages import Page
from models.base.personal import Personal
from models.base.store import inside_transaction

Row = dict[str, Any]
Update = Mapping[str, Any] | Sequence[Mapping[str, Any]]

NEWEST_FIRST = (("_id", -1),)
"""Ids sort by time, so this is the order people expect of a list."""


def plain(value: Any) -> Any:
    """Turn structs and enums into what MongoDB keeps."""
    return msgspec.to_builtins(value, builtin_types=(datetime, bytes))


def holding(text: str) -> Mapping[str, Any]:
    """Ask for what has a text anywhere in it, small letters or capital."""
    return {"$regex": re.escape(text.strip()), "$options": "i"}


def exactly(text: str) -> Mapping[str, Any]:
    """Ask for one text where only texts are indexed, so that the index may be used.

    MongoDB answers by a partial index only what names its condition.
    """
    return {"$eq": text, "$type": "string"}


class Document(msgspec.Struct, kw_only=True, frozen=True):
    """One kept thing; its class knows the shelf, its fields are the truth."""

    SHELF: ClassVar[str] = ""
    INDEXES: ClassVar[tuple[IndexModel, ...]] = ()
    PERSONAL: ClassVar[Personal | None] = None
    """What the shelf holds about a person; each says it (`models.base.personal`)."""
    MARKED: ClassVar[Mapping[str, tuple[str, str]]] = MappingProxyType({})
    """Fields that a sealed value is found by: the kind of the mark, and whose it is."""

    id: str = msgspec.field(name="_id")

    @classmethod
    def shelf(cls, ctx: Context) -> AsyncCollection[Row]:
        """Return the collection, for a question the verbs below do not ask."""
        return ctx.db[cls.SHELF]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a document from its row."""
        return msgspec.convert(row, cls)

    async def insert(self, ctx: Context) -> Self:
        """Put this new document on its shelf."""
        await self.shelf(ctx).insert_one(plain(self))
        return self

    @classmethod
    async def get(cls, ctx: Context, id_: str) -> Self | None:
        """Return the document with this id, or None; batched outside transactions."""
        if inside_transaction():
            return await cls.find(ctx, _id=id_)
        row = await ctx.loader.load(cls.SHELF, id_)
        return None if row is None else cls.of(row)

    @classmethod
    async def find(cls, ctx: Context, **match: Any) -> Self | None:
        """Return the one document that matches, or None."""
        row = await cls.shelf(ctx).find_one(match)
        return None if row is None else cls.of(row)

    @classmethod
    async def many(
        cls,
        ctx: Context,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = NEWEST_FIRST,
        limit: int = 100,
    ) -> list[Self]:
        """Return the documents that match, in one indexed query."""
        cursor = cls.shelf(ctx).find(where, sort=list(sort), limit=limit)
        return [cls.of(row) for row in await cursor.to_list()]

    @classmethod
    async def page(
        cls, ctx: Context, where: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> Page[Self]:
        """Return a page of the documents that match, newest first, in one query.

        Refuses: BadCursor.
        """
        after = {} if cursor is None else {"_id": {"$lt": pages.decode(cursor, str)}}
        found = await cls.many(ctx, {**where, **after}, limit=limit + 1)
        return pages.cut(found, limit, lambda each: each.id)

    @classmethod
    async def change(
        cls, ctx: Context, where: Mapping[str, Any], update: Update
    ) -> Self | None:
        """Change the one document that still matches; None if none does."""
        row = await cls.shelf(ctx).find_one_and_update(
            where, update, return_document=ReturnDocument.AFTER
        )
        return None if row is None else cls.of(row)

    @classmethod
    async def erase(cls, ctx: Context, where: Mapping[str, Any]) -> int:
        """Delete what matches, with all that hangs on it; returns how many."""
        return (await cls.shelf(ctx).delete_many(where)).deleted_count

    @classmethod
    async def change_or_make(cls, ctx: Context, id_: str, update: Update) -> Self:
        """Change the document with this id, or make it from the change."""
        row = await cls.shelf(ctx).find_one_and_update(
            {"_id": id_}, update, upsert=True, return_document=ReturnDocument.AFTER
        )
        return cls.of(cast(Row, row))


class Part(msgspec.Struct, kw_only=True, frozen=True):
    """Some fields of a document, for those who read it often and want no others."""

    OF: ClassVar[type[Document]]
    BARELY: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Fields that are read only as far as to know whether they are there."""

    id: str = msgspec.field(name="_id")

    @classmethod
    async def get(cls, ctx: Context, id_: str) -> Self | None:
        """Return the part of the document with this id, or None; batched.

        Rules: not for what is part of a transaction.
        """
        row = await ctx.loader.load(cls.OF.SHELF, id_, _fields(cls))
        return None if row is None else msgspec.convert(row, cls)


@lru_cache
def _fields(part: type[Part]) -> Fields:
    names = (each.encode_name for each in msgspec.structs.fields(part))
    return tuple(part.BARELY.get(name, name) for name in names)


def all_documents() -> list[type[Document]]:
    """Return every document class that has a shelf, wherever it is declared."""
    found, queue = [], [Document]
    while queue:
        for child in queue.pop().__subclasses__():
            queue.append(child)
            if child.SHELF:
                found.append(child)
    return sorted(found, key=lambda document: document.SHELF)
