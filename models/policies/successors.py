"""Successors (替代链): what took a text's place, and what took that one's.

A chain never comes round to where it began, so whoever follows it arrives.
Source: rules §1.2; features S1-08.
"""

from datetime import datetime

from models.base.context import Context
from models.base.errors import Conflict, Invalid
from models.policies.texts import WAS_TO_BE, Text

LONGEST_CHAIN = 50
"""Links; a longer one is followed no further."""


class NoSuchSuccessor(Invalid):
    """What should take the place is not public and will not be."""

    code = "no_such_successor"
    message = "没有找到替代的政策或文章，请先发布它或选择其他。"


class ReplacementCircle(Conflict):
    """The successor was itself replaced by this one."""

    code = "replacement_circle"
    message = "替代关系不能形成循环，请选择其他政策。"


async def begins_at(
    ctx: Context, kind: type[Text], id_: str, *, successor: str
) -> datetime:
    """Return when a successor is or was first public.

    Refuses: NoSuchSuccessor, ReplacementCircle.
    """
    if id_ in {successor, *await _after(ctx, kind, successor)}:
        raise ReplacementCircle
    row = await kind.shelf(ctx).find_one(
        {
            "$and": [
                kind.about(successor),
                {"visible_to": {"$gt": ctx.clock.now()}},
                WAS_TO_BE,
            ]
        },
        {"visible_from": 1},
        sort=[("visible_from", 1)],
    )
    if row is None:
        raise NoSuchSuccessor
    begin: datetime = row["visible_from"]
    return begin


async def last_of(ctx: Context, kind: type[Text], id_: str) -> str | None:
    """Return what stands at the end of a text's chain; None if nothing replaced it."""
    after = await _after(ctx, kind, id_)
    return after[-1] if after else None


async def _after(ctx: Context, kind: type[Text], id_: str) -> list[str]:
    found: list[str] = []
    following: str | None = id_
    while following is not None and len(found) < LONGEST_CHAIN:
        row = await kind.shelf(ctx).find_one(
            kind.about(following), {"replaced_by": 1}, sort=[("visible_from", -1)]
        )
        following = None if row is None else row["replaced_by"]
        if following is None or following in found:
            break
        found.append(following)
    return found
