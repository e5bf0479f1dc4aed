"""Reading the audit (审计日志): what happened in one's subtree, and if it is whole.

The chain is one for the whole house; who may read entries anywhere may have it
verified. A head noted down elsewhere (an anchor) shows a cut-off tail too.

Source: rules 7.9; features X-11.
"""

from datetime import date

import msgspec

from models.base import aliases, audit, days
from models.base.audit import NOUN, Entry
from models.base.context import Context
from models.base.ids import first_id
from models.base.pages import Page
from models.unions.officials import Official
from models.unions.permissions import Permission


class Wanted(msgspec.Struct, kw_only=True, frozen=True):
    """By whom, about what, which deed, from a day to a day, both counted."""

    who: str | None = None
    about: str | None = None
    what: str | None = None
    since: date | None = None
    until: date | None = None


class Verdict(msgspec.Struct, kw_only=True, frozen=True):
    """What a walk along the chain found."""

    ok: bool
    broken_at: int | None
    """The place of the first link that does not hold."""
    links: int
    head: str
    """The last link's hash: note it down with ``links``, and later ask with both."""


async def in_scope(
    ctx: Context, wanted: Wanted, *, cursor: str | None, limit: int, by: Official
) -> Page[Entry]:
    """List what was done within reach, newest first (查看审计日志).

    Refuses: PermissionMissing, SpanBackwards, BadCursor.
    """
    where = by.scope(Permission.AUDIT).where()
    if wanted.who is not None:
        where["who"] = await aliases.of(ctx, wanted.who)
    if wanted.about is not None:
        where["about"] = await aliases.of(ctx, wanted.about)
    if wanted.what is not None:
        where["what"] = wanted.what
    if made := _made_between(ctx, wanted.since, wanted.until):
        where["$and"] = [{"_id": made}]
    return await Entry.page(ctx, where, cursor=cursor, limit=limit)


def _made_between(
    ctx: Context, since: date | None, until: date | None
) -> dict[str, str]:
    """Ask for entries of a day to a day, by what their ids begin with."""
    first, end = days.moments(ctx, since, until)
    bounds = {"$gte": first, "$lt": end}
    return {
        name: first_id(NOUN, moment)
        for name, moment in bounds.items()
        if moment is not None
    }


async def verify(
    ctx: Context, *, links: int | None, head: str | None, by: Official
) -> Verdict:
    """Walk the whole chain (核验审计日志); with an anchor, also look that it is in it.

    Refuses: PermissionMissing.
    """
    by.scope(Permission.AUDIT)
    await audit.chain_up(ctx)
    broken = await audit.first_broken(ctx)
    if broken is None and links and head and not await audit.has(ctx, links, head):
        broken = links
    count, last = await audit.head(ctx)
    return Verdict(ok=broken is None, broken_at=broken, links=count, head=last)
