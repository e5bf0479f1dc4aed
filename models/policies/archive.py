"""The archive (版本库): every edition of a policy, with what is still to come.

For those who answer for it; the public's own history is ``editions.of_policy``.
Source: features S1-09.
"""

from models.base import pages
from models.base.context import Context
from models.base.pages import Page
from models.policies.contents import Kind
from models.policies.editions import Edition
from models.policies.writing import document_path
from models.unions.officials import Official


async def of(
    ctx: Context, policy_id: str, *, by: Official, cursor: str | None, limit: int
) -> Page[Edition]:
    """List a policy's editions, the last first.

    Refuses: NoSuchDocument, BadCursor, PermissionMissing.
    """
    await document_path(ctx, Kind.POLICY, policy_id, by=by)
    after = {} if cursor is None else {"sequence": {"$lt": pages.decode(cursor, int)}}
    found = await Edition.many(
        ctx,
        {"policy_id": policy_id, **after},
        sort=[("sequence", -1)],
        limit=limit + 1,
    )
    return pages.cut(found, limit, lambda edition: edition.sequence)
