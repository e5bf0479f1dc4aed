"""Lapsing (到期): when an official's powers change by the clock alone.

Whoever asks at a door is looked at anew each time; who listens for hours must be
looked at again when a grant ends, or somebody's service does who lent a power.

Source: rules 7.2, 7.5.
"""

from datetime import datetime

from models.base.clock import start_of
from models.base.context import Context
from models.unions import grants
from models.unions.officials import Official
from models.unions.staff import Staff


async def powers_end(ctx: Context, official: Official) -> datetime | None:
    """Return the first moment at which some power may end; None if none does."""
    held = await grants.held_by(ctx, official.id)
    lenders = {grant.lent_by for grant in held if grant.lent_by is not None}
    lent = await grants.held_by(ctx, *lenders) if lenders else []
    where = {"_id": {"$in": [official.id, *sorted(lenders)]}}
    people = await Staff.many(ctx, where, limit=len(lenders) + 1)
    ends = [grant.ends_at for grant in (*held, *lent) if grant.ends_at is not None]
    leaving = [each.valid_to for each in people if each.valid_to is not None]
    now = ctx.clock.now()
    coming = [end for end in (*ends, *map(start_of, leaving)) if end > now]
    return min(coming, default=None)
