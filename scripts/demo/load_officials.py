"""Loads the demo's officials and what they may do; again changes nothing."""

from pathlib import Path

import msgspec
import yaml

from models.base.context import Context
from models.base.documents import plain
from models.unions import staff, units
from models.unions.grants import Grant
from models.unions.permissions import PERMISSIONS_OF, GrantRole

PEOPLE = Path(__file__).parent / "people.yaml"


class OfficialRow(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True
):
    """One made-up official."""

    slug: str
    name: str
    openid: str
    unit: str
    roles: tuple[GrantRole, ...]


class People(msgspec.Struct, kw_only=True, frozen=True):
    """The officials' part of the file."""

    officials: tuple[OfficialRow, ...]


async def load(ctx: Context) -> int:
    """Load the officials; the units are loaded before."""
    raw = yaml.safe_load(PEOPLE.read_text("utf-8"))
    rows = msgspec.convert(raw, People).officials
    for row in rows:
        await staff.put_staff(
            ctx,
            id_=f"staff_{row.slug}",
            name=row.name,
            openid=row.openid,
            unit_id=f"unit_{row.unit}",
        )
        for role in row.roles:
            await _put_grant(ctx, row, role)
    return len(rows)


async def _put_grant(ctx: Context, row: OfficialRow, role: GrantRole) -> None:
    """Keep a grant as written; one that was ended since stays ended."""
    now = ctx.clock.now()
    unit_id = f"unit_{row.unit}"
    grant = Grant(
        id=f"grant_{row.slug}_{role}",
        staff_id=f"staff_{row.slug}",
        unit_id=unit_id,
        org_path=await units.path_of(ctx, unit_id),
        role=role,
        permissions=PERMISSIONS_OF[role],
        begins_at=now,
        granted_by="demo",
        given_at=now,
    )
    given = plain(grant)
    await Grant.shelf(ctx).update_one(
        {"_id": given.pop("_id")}, {"$setOnInsert": given}, upsert=True
    )
