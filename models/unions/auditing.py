"""Reading the audit (审计日志): what happened in one's subtree, and if it is whole.

The chain is one for the whole house; who may read entries anywhere may have it
verified. A head noted down elsewhere (an anchor) shows a cut-off tail too.

Source: rules 7.9; features X-11.
"""

import msgspec

from models.base import aliases, audit
from models.base.audit import Entry
from models.base.context import Context
from models.base.pages import Page
from models.unions.officials import Official
from models.unions.permissions import Permission


class Verdict(msgspec.Struct, kw_only=True, frozen=True):
    """What a walk along the chain found."""

    ok: bool
    broken_at: int | None
    """The place of the first link that does not hold."""
    links: int
    head: str
    """The last link's hash: note it down with ``links``, and later ask with both."""


async def in_scope(
    ctx: Context,
    *,
    who: str | None,
    about: str | None,
    cursor: str | None,
    limit: int,
    by: Official,
) -> Page[Entry]:
    """List what was done within reach, newest first (查看审计日志).

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.AUDIT).where()
    if who is not None:
        where["who"] = await aliases.of(ctx, who)
    if about is not None:
        where["about"] = await aliases.of(ctx, about)
    return await Entry.page(ctx, where, cursor=cursor, limit=limit)


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
