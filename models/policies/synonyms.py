"""The synonym table on its shelf (同义词): editors' data, the same in every process.

社保 means 社会保险, 欠薪 means 拖欠工资; who asks in one word finds the other.
"""

import hashlib
from collections.abc import Iterable

import msgspec
from pymongo import UpdateOne

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.policies.search.synonyms import Group, Synonyms


class SynonymGroup(Document, kw_only=True, frozen=True):
    """One line of the table."""

    SHELF = "synonyms"
    PERSONAL = personal.nobody()

    terms: tuple[str, ...] = ()
    """Words that all mean each other; or none, and then:"""
    word: str | None = None
    to: tuple[str, ...] = ()
    """What ``word`` leads to, and not back."""


async def put(ctx: Context, groups: Iterable[Group]) -> int:
    """Add lines to the table; returns how many were new."""
    rows = [
        plain(SynonymGroup(id=_id(each), terms=each.terms, word=each.word, to=each.to))
        for each in groups
    ]
    if not rows:
        return 0
    done = await SynonymGroup.shelf(ctx).bulk_write(
        [
            UpdateOne({"_id": row.pop("_id")}, {"$setOnInsert": row}, upsert=True)
            for row in rows
        ],
        ordered=False,
    )
    return done.upserted_count


async def every(ctx: Context) -> list[SynonymGroup]:
    """Return the whole table."""
    return await SynonymGroup.many(ctx, {}, sort=[("_id", 1)], limit=0)


def table_of(groups: Iterable[SynonymGroup]) -> Synonyms:
    """Make the table ready to be looked up."""
    return Synonyms.of(
        Group(terms=each.terms, word=each.word, to=each.to) for each in groups
    )


def _id(group: Group) -> str:
    told = msgspec.json.encode([group.terms, group.word, group.to])
    return f"synonym_{hashlib.blake2b(told, digest_size=10).hexdigest()}"
