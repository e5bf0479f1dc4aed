"""Acts (履职): what an official did, kept in the audit with whose power it rested on.

Source: rules 7.2 (代理), 7.9.
"""

from models.base import audit
from models.base.context import Context
from models.unions.officials import Official
from models.unions.permissions import Permission


async def note(
    ctx: Context,
    what: str,
    about: str,
    *,
    under: Permission,
    at: str,
    by: Official,
    reason: str = "",
    subject: str | None = None,
) -> None:
    """Keep that an official did something, and who lent the power if it was lent.

    under: the permission it was done by.
    at: the path of the unit whose affair it is.
    subject: the worker it is about, who gets to see it.
    """
    await audit.note(
        ctx,
        who=by.id,
        what=what,
        about=about,
        reason=reason,
        acting_for=by.acting_for(under, at),
        subject=subject,
        org_path=at,
    )
