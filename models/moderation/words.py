"""Words (敏感词): what the editors do not want to read, as a provider of its own.

A word counts in the subtree of the unit that wrote it down, in every spelling that
`base.text` knows as the same.
Source: features S6-02; screens.md §4 (sensitive words).
"""

import hashlib
from typing import TYPE_CHECKING

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Invalid, NotFound
from models.base.pages import Page
from models.base.store import atomic
from models.base.text import normalise
from models.base.units import Instant
from models.moderation.findings import Finding, Says
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit, Unit

if TYPE_CHECKING:
    from models.moderation.pieces import Piece

MOST = 5_000
"""Words one text is held against; more is a mistake."""


class Word(Document, kw_only=True, frozen=True):
    """One word, or phrase, and what it means for a text."""

    SHELF = "moderation_words"
    PERSONAL = personal.nobody("added by staff")
    INDEXES = (IndexModel([("org_path", 1), ("_id", -1)]),)

    text: str
    """As the editor wrote it."""
    form: str
    """The comparable spelling."""
    says: Says
    """``review`` or ``risky``."""
    unit_id: str
    """Whose list it is on; the word counts there and below."""
    org_path: str
    """Where that unit stands; follows when it moves."""
    added_by: str
    added_at: Instant


class NoSuchWord(NotFound):
    """No word within reach has this id."""

    code = "no_such_word"
    message = "没有找到这个敏感词，请刷新列表。"


class BadWord(Invalid):
    """Nothing is left of the word once spelled plainly, or it means nothing."""

    code = "bad_word"
    message = "请填写至少两个字的敏感词，并选择“需复核”或“禁用”。"


class Words:
    """The editors' list, asked like any provider."""

    name = "words"

    async def check(self, ctx: Context, piece: "Piece") -> Finding:
        """Hold a piece against every word that counts where it would be shown."""
        above = piece.org_path.strip("/").split("/")
        paths = [f"/{'/'.join(above[: depth + 1])}/" for depth in range(len(above))]
        listed = await Word.many(ctx, {"org_path": {"$in": paths}}, limit=MOST)
        said = normalise(f"{piece.text} {piece.nickname or ''}").replace(" ", "")
        found = [word for word in listed if word.form in said]
        says = Says.PASS
        if found:
            risky = any(word.says is Says.RISKY for word in found)
            says = Says.RISKY if risky else Says.REVIEW
        words = tuple(sorted(word.text for word in found))
        return Finding(provider=self.name, says=says, words=words)


async def add(
    ctx: Context, unit_id: str, text: str, *, says: Says, by: Official
) -> Word:
    """Put a word on a unit's list (添加敏感词), or change what it means.

    Refuses: PermissionMissing, NoSuchUnit, BadWord.
    """
    scope = by.scope(Permission.MODERATION)
    unit = await Unit.find(ctx, _id=unit_id)
    if unit is None or not scope.covers(unit.path):
        raise NoSuchUnit
    form = normalise(text).replace(" ", "")
    if len(form) < 2 or says is Says.PASS:  # noqa: PLR2004
        raise BadWord
    told = f"{unit.id}:{form}".encode()
    word = Word(
        id=f"word_{hashlib.blake2b(told, digest_size=10).hexdigest()}",
        text=text.strip(),
        form=form,
        says=says,
        unit_id=unit.id,
        org_path=unit.path,
        added_by=by.id,
        added_at=ctx.clock.now(),
    )
    return await _keep(ctx, word, by)


@atomic()
async def _keep(ctx: Context, word: Word, by: Official) -> Word:
    given = {
        "text": word.text,
        "form": word.form,
        "says": word.says,
        "unit_id": word.unit_id,
        "org_path": word.org_path,
    }
    once = {"added_by": word.added_by, "added_at": word.added_at}
    update = {"$set": given, "$setOnInsert": once}
    kept = await Word.change_or_make(ctx, word.id, update)
    await _note(ctx, "moderation.add_word", kept, by)
    return kept


@atomic()
async def remove(ctx: Context, word_id: str, *, by: Official) -> None:
    """Take a word off the list (移除敏感词).

    Refuses: PermissionMissing, NoSuchWord.
    """
    where = {"_id": word_id, **by.scope(Permission.MODERATION).where()}
    row = await Word.shelf(ctx).find_one_and_delete(where)
    if row is None:
        raise NoSuchWord
    await _note(ctx, "moderation.remove_word", Word.of(row), by)


async def of(
    ctx: Context, *, cursor: str | None = None, limit: int = 20, by: Official
) -> Page[Word]:
    """List the words within reach.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.MODERATION).where()
    return await Word.page(ctx, where, cursor=cursor, limit=limit)


async def _note(ctx: Context, what: str, word: Word, by: Official) -> None:
    await acts.note(
        ctx,
        what,
        word.id,
        under=Permission.MODERATION,
        at=word.org_path,
        by=by,
    )
