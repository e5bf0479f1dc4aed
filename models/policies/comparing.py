"""Comparing (版本对照): what changed from one text to another, field by field.

Texts are compared clause by clause: a block of the text (a heading, a paragraph, a
line of a list) is the same, changed, added or removed.
Source: features S1-09; screens 审核 (side-by-side).
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec import structs

from models.base.context import Context
from models.base.documents import plain
from models.policies import releases, transcripts, wording
from models.policies.carried import Attachment
from models.policies.contents import Content, Kind
from models.policies.editions import Edition
from models.policies.manuscripts import Manuscript
from models.policies.writing import NoSuchEdition, document_path
from models.unions.officials import Official

APART = frozenset({"body", "body_format", "test_persons"})
"""Not compared as fields: the body goes clause by clause, the rest is not shown."""


class Change(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Clause(msgspec.Struct, kw_only=True, frozen=True):
    """One block of a text, before and after."""

    change: Change
    before: str | None
    after: str | None


class FieldChange(msgspec.Struct, kw_only=True, frozen=True):
    """One field that is not what it was."""

    field: str
    before: Any
    after: Any


class Difference(msgspec.Struct, kw_only=True, frozen=True):
    """All that changed."""

    fields: tuple[FieldChange, ...]
    clauses: tuple[Clause, ...]


async def editions(
    ctx: Context, policy_id: str, before_id: str, after_id: str, *, by: Official
) -> Difference:
    """Compare two editions of a policy (版本对照).

    Refuses: NoSuchDocument, NoSuchEdition, PermissionMissing.
    """
    await document_path(ctx, Kind.POLICY, policy_id, by=by)
    before = await _edition(ctx, policy_id, before_id)
    after = await _edition(ctx, policy_id, after_id)
    return _with_files(
        compare(transcripts.written(before), transcripts.written(after)),
        before.attachments,
        after.attachments,
    )


async def with_public(ctx: Context, manuscript: Manuscript) -> Difference:
    """Compare a manuscript with what the public reads now (与现行版本对照)."""
    public = await releases.public(ctx, manuscript)
    before = Content() if public is None else transcripts.written(public)
    carried = public.attachments if isinstance(public, Edition) else ()
    difference = compare(before, manuscript.content)
    return _with_files(difference, carried, manuscript.attachments)


def compare(before: Content, after: Content) -> Difference:
    """Return what changed."""
    was, now = plain(before), plain(after)
    fields = (
        FieldChange(field=name, before=was[name], after=now[name])
        for name in was
        if name not in APART and was[name] != now[name]
    )
    return Difference(fields=tuple(fields), clauses=_clauses(before, after))


def _with_files(
    difference: Difference, was: Sequence[Attachment], now: Sequence[Attachment]
) -> Difference:
    """Say of the files too if they are not what they were, or in another order."""
    before, after = ([_file(each) for each in side] for side in (was, now))
    if before == after:
        return difference
    change = FieldChange(field="attachments", before=before, after=after)
    return structs.replace(difference, fields=(*difference.fields, change))


def _file(attachment: Attachment) -> dict[str, str]:
    return {"name": attachment.name, "sha256": attachment.sha256}


def _clauses(before: Content, after: Content) -> tuple[Clause, ...]:
    was, now = _blocks(before), _blocks(after)
    clauses: list[Clause] = []
    matcher = SequenceMatcher(a=was, b=now, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        for old, new in zip_longest(was[a:b], now[c:d]):
            clauses.append(_clause(tag == "equal", old, new))
    return tuple(clauses)


def _clause(is_same: bool, old: str | None, new: str | None) -> Clause:
    if is_same:
        change = Change.SAME
    elif old is None:
        change = Change.ADDED
    else:
        change = Change.REMOVED if new is None else Change.CHANGED
    return Clause(change=change, before=old, after=new)


def _blocks(content: Content) -> list[str]:
    words = wording.plain_of(wording.html_of(content.body, content.body_format))
    return words.split("\n") if words else []


async def _edition(ctx: Context, policy_id: str, edition_id: str) -> Edition:
    found = await Edition.find(ctx, _id=edition_id, policy_id=policy_id)
    if found is None:
        raise NoSuchEdition
    return found
