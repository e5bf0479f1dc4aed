"""The synonym table on its shelf (同义词): editors' data, the same in every process.

社保 means 社会保险, 欠薪 means 拖欠工资; who asks in one word finds the other. There is
one table for the whole union: whoever writes policies may mend it, and every change
is in the audit.
"""

import hashlib
from collections.abc import Iterable

import msgspec
from pymongo import UpdateOne

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Invalid, NotFound
from models.base.pages import Page
from models.base.store import atomic
from models.base.text import normalise
from models.policies.search.synonyms import Group, Synonyms
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission

FEWEST_TERMS = 2
"""One word alone means nothing else."""


class SynonymGroup(Document, kw_only=True, frozen=True):
    """One line of the table."""

    SHELF = "synonyms"
    PERSONAL = personal.nobody()

    terms: tuple[str, ...] = ()
    """Words that all mean each other; or none, and then:"""
    word: str | None = None
    to: tuple[str, ...] = ()
    """What ``word`` leads to, and not back."""


class BadLine(Invalid):
    """The line says nothing, or two things at once; ``details.problem`` says what."""

    code = "bad_synonym_line"
    message = "这一行同义词有误，请写至少两个不同的同义词，或一个词及其指向的词。"


class NoSuchLine(NotFound):
    """The table has no such line."""

    code = "no_such_synonym"
    message = "没有找到这一行同义词，可能已删除，请刷新列表。"


class LineExists(Conflict):
    """The table says so already; ``details`` name the line."""

    code = "synonym_exists"
    message = "同义词表中已有相同的一行。"


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


@atomic()
async def add(ctx: Context, group: Group, *, by: Official) -> SynonymGroup:
    """Add a line (新增同义词).

    Refuses: BadLine, LineExists, PermissionMissing.
    """
    by.scope(Permission.POLICIES_WRITE)
    said = _sound(group)
    await _refuse_twin(ctx, said)
    line = SynonymGroup(
        id=ctx.new_id("synonym"), terms=said.terms, word=said.word, to=said.to
    )
    await _note(ctx, "synonyms.add", line.id, by)
    return await line.insert(ctx)


@atomic()
async def change(
    ctx: Context, line_id: str, group: Group, *, by: Official
) -> SynonymGroup:
    """Say a line otherwise (修改同义词).

    Refuses: BadLine, LineExists, NoSuchLine, PermissionMissing.
    """
    by.scope(Permission.POLICIES_WRITE)
    said = _sound(group)
    await _refuse_twin(ctx, said, beside=line_id)
    told = {"terms": said.terms, "word": said.word, "to": said.to}
    changed = await SynonymGroup.change(ctx, {"_id": line_id}, {"$set": plain(told)})
    if changed is None:
        raise NoSuchLine
    await _note(ctx, "synonyms.change", line_id, by)
    return changed


@atomic()
async def remove(ctx: Context, line_id: str, *, by: Official) -> None:
    """Take a line out (删除同义词).

    Refuses: NoSuchLine, PermissionMissing.
    """
    by.scope(Permission.POLICIES_WRITE)
    gone = await SynonymGroup.shelf(ctx).delete_one({"_id": line_id})
    if not gone.deleted_count:
        raise NoSuchLine
    await _note(ctx, "synonyms.remove", line_id, by)


async def listed(
    ctx: Context, *, by: Official, cursor: str | None, limit: int
) -> Page[SynonymGroup]:
    """List the table, a page at a time.

    Refuses: BadCursor, PermissionMissing.
    """
    by.scope(Permission.POLICIES_WRITE)
    return await SynonymGroup.page(ctx, {}, cursor=cursor, limit=limit)


async def every(ctx: Context) -> list[SynonymGroup]:
    """Return the whole table."""
    return await SynonymGroup.many(ctx, {}, sort=[("_id", 1)], limit=0)


def table_of(groups: Iterable[SynonymGroup]) -> Synonyms:
    """Make the table ready to be looked up."""
    return Synonyms.of(
        Group(terms=each.terms, word=each.word, to=each.to) for each in groups
    )


def _sound(group: Group) -> Group:
    """Return a line with each word once.

    Refuses: BadLine.
    """
    terms, to = _each_once(group.terms), _each_once(group.to)
    word = (group.word or "").strip()
    if bool(terms) is bool(word or to):
        raise BadLine({"problem": "terms or from"})
    if terms and len(terms) < FEWEST_TERMS:
        raise BadLine({"problem": "terms"})
    if not terms and (not normalise(word).strip() or not to):
        raise BadLine({"problem": "from and to"})
    if normalise(word) in map(normalise, to):
        raise BadLine({"problem": "to"})
    return Group(terms=terms, word=word or None, to=to)


def _each_once(words: Iterable[str]) -> tuple[str, ...]:
    """Keep of the words that are the same to search the first; of none, nothing."""
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(normalise(word).strip(), word.strip())
    kept.pop("", None)
    return tuple(kept.values())


async def _refuse_twin(ctx: Context, said: Group, *, beside: str = "") -> None:
    same = {"terms": list(said.terms), "word": said.word, "to": list(said.to)}
    twin = await SynonymGroup.shelf(ctx).find_one(same | {"_id": {"$ne": beside}})
    if twin is not None:
        raise LineExists({"id": twin["_id"]})


async def _note(ctx: Context, what: str, line_id: str, by: Official) -> None:
    """Keep it where the editor writes; a line belongs to no unit itself."""
    home = by.scope(Permission.POLICIES_WRITE).paths[0]
    await acts.note(
        ctx,
        what,
        line_id,
        under=Permission.POLICIES_WRITE,
        at=home,
        by=by,
    )


def _id(group: Group) -> str:
    told = msgspec.json.encode([group.terms, group.word, group.to])
    return f"synonym_{hashlib.blake2b(told, digest_size=10).hexdigest()}"
