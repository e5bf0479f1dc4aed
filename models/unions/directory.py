"""The directory (人员名录): looking up who works for the union, within one's reach.

Source: screens.md, "Console: union back office" (组织与人员); rules 7.2.
"""

from models.base.context import Context
from models.base.pages import Page
from models.unions.logins import Login
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import NAME, Staff

MOST_FOUND = 50
"""People of one name within one's reach who are shown."""


async def in_scope(
    ctx: Context, *, unit_id: str | None, cursor: str | None, limit: int, by: Official
) -> Page[Staff]:
    """List the accounts within reach, newest first.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.STAFF).where()
    if unit_id is not None:
        where["unit_id"] = unit_id
    return await Staff.page(ctx, where, cursor=cursor, limit=limit)


async def search(ctx: Context, text: str, *, by: Official) -> list[Staff]:
    """Find who within reach has this whole name, login name or id (查找人员).

    Rules: names are sealed, so only a whole one is found; people of one name are all
    there, the newest account first.
    Refuses: PermissionMissing.
    """
    where = by.scope(Permission.STAFF).where()
    wanted = text.strip()
    login = await Login.find(ctx, name=wanted.lower())
    ids = {wanted} if login is None else {wanted, login.id}
    called = ctx.secrets.found_by(NAME, wanted)
    either = {"$or": [{"_id": {"$in": sorted(ids)}}, {"name_blind": called}]}
    return await Staff.many(ctx, {"$and": [where, either]}, limit=MOST_FOUND)


async def logins_of(ctx: Context, staff_ids: list[str]) -> dict[str, Login]:
    """Return the logins of some accounts, in one question."""
    found = await Login.many(ctx, {"_id": {"$in": staff_ids}}, limit=0)
    return {login.id: login for login in found}
