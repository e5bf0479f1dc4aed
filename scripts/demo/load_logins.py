"""Gives the demo's officials and clerks a way in by name, for the console.

All have the same password and authenticator, made at random for one checkout and
handed in by DEMO_PASSWORD and DEMO_AUTHENTICATOR; without them nobody gets a login.
"""

import os
from pathlib import Path

import msgspec
import yaml

from models.base.context import Context
from models.base.documents import plain
from models.unions import passwords
from models.unions.logins import Login

PEOPLE = Path(__file__).parent / "people.yaml"


class Named(msgspec.Struct, kw_only=True, frozen=True):
    """One made-up person behind the counter; the slug is the name they sign in by."""

    slug: str


class People(msgspec.Struct, kw_only=True, frozen=True):
    """Those of the file who sign in."""

    staff: tuple[Named, ...]
    officials: tuple[Named, ...]


async def load(ctx: Context) -> int:
    """Open the logins, ready to be used; loaded again they stay as they are."""
    password = os.environ.get("DEMO_PASSWORD")
    authenticator = os.environ.get("DEMO_AUTHENTICATOR")
    if not password or not authenticator:
        return 0
    raw = yaml.safe_load(PEOPLE.read_text("utf-8"))
    people = msgspec.convert(raw, People)
    hashed = await passwords.hash_of(password)
    named = [*people.officials, *people.staff]
    for each in named:
        login = Login(
            id=f"staff_{each.slug}",
            name=each.slug,
            password_hash=hashed,
            must_change=False,
            changed_at=ctx.clock.now(),
            totp_secret=ctx.secrets.seal(authenticator),
            is_confirmed=True,
            seen_on=ctx.clock.today(),
        )
        kept = plain(login)
        await Login.shelf(ctx).update_one(
            {"_id": kept.pop("_id")}, {"$setOnInsert": kept}, upsert=True
        )
    return len(named)
