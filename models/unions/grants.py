"""Grants (授权): who may do what, at which unit and below, from when to when.

A grant lives through this and nothing else::

    given ──▶ in force ──▶ over        its end came
      └───────────┴──────▶ ended       taken back, or its holder left

What somebody lent to another for a while (代理) is a grant too; it names the
lender and is worth what the lender still holds. Giving and ending are in `granting`.

Source: rules 7.2, 7.5; features S1-24, X-12.
"""

from datetime import datetime

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.units import Instant
from models.unions.permissions import GrantRole, Permission

MOST_HELD = 200
"""Grants of one person; more is a mistake."""


MOST_HOLDERS = 500
"""Grants of one permission along one branch; nobody tells more people than that."""


class Grant(Document, kw_only=True, frozen=True):
    """One grant."""

    SHELF = "grants"
    PERSONAL = personal.nobody("of staff")
    INDEXES = (
        IndexModel(["staff_id", "ended_at"]),
        IndexModel(
            ["lent_by", ("_id", -1)], partialFilterExpression={"lent_by": {"$gt": ""}}
        ),
        IndexModel(["unit_id", "role", "ended_at"]),
        IndexModel([("org_path", 1), ("_id", -1)]),
    )

    staff_id: str
    unit_id: str
    org_path: str
    """The unit's path; follows when the unit moves."""
    role: GrantRole
    permissions: frozenset[Permission]
    begins_at: Instant
    ends_at: Instant | None = None
    """None is without end."""
    granted_by: str
    """A staff member's id; ``first`` for the one made on the server itself."""
    lent_by: str | None = None
    """Whose power this is, if it was lent (代理)."""
    reason: str = ""
    given_at: Instant
    ended_at: Instant | None = None
    ended_by: str | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Say whether it counts at a moment."""
        begun = self.begins_at <= now and self.ended_at is None
        return begun and (self.ends_at is None or now < self.ends_at)


class NoSuchGrant(NotFound):
    """No grant within reach has this id."""

    code = "no_such_grant"
    message = "没有找到这条授权，请刷新列表后重试。"


async def own_of(ctx: Context, staff_id: str) -> list[Grant]:
    """List what somebody was given, now or from a later day on; not what was lent."""
    now = ctx.clock.now()
    found = await Grant.many(
        ctx, {"staff_id": staff_id, "ended_at": None, "lent_by": None}, limit=0
    )
    return [each for each in found if each.ends_at is None or now < each.ends_at]


async def held_by(ctx: Context, *staff_ids: str) -> list[Grant]:
    """List what people hold now, in one question.

    Rules: what is over is not counted; what was lent never crowds out one's own.
    """
    now = ctx.clock.now()
    found = await Grant.many(
        ctx,
        {
            "staff_id": {"$in": list(staff_ids)},
            "ended_at": None,
            "$or": [{"ends_at": None}, {"ends_at": {"$gt": now}}],
        },
        sort=[("lent_by", 1), ("_id", -1)],
        limit=MOST_HELD * len(staff_ids),
    )
    return [grant for grant in found if grant.is_in_force(now)]


async def holders(ctx: Context, permission: Permission, path: str) -> list[str]:
    """Name who holds a grant of this now, at a place of the tree or above."""
    above = [part for part in path.split("/") if part]
    where = {"unit_id": {"$in": above}, "permissions": permission, "ended_at": None}
    found = await Grant.many(ctx, where, limit=MOST_HOLDERS)
    now = ctx.clock.now()
    return sorted({grant.staff_id for grant in found if grant.is_in_force(now)})
