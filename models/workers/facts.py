"""Facts (基本情况): what a worker told about themself, kept for the next match.

They are sealed as one piece and mean nothing in this room; the eligibility room
says which there are and what they must look like. Sensitive ones are kept only
under the consent `facts`; to match without storing needs none.

Source: features S1-06; PIPL (个人信息保护法) art. 28, 29.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.store import atomic
from models.base.units import Instant
from models.workers import consents
from models.workers.consent_texts import Purpose
from models.workers.sessions import SignedIn

Values = Mapping[str, Any]
"""Fact names to JSON values."""


class KeptFacts(Document, kw_only=True, frozen=True):
    """The facts of one worker, under the worker's own id."""

    SHELF = "facts"
    PERSONAL = personal.deleted("基本情况", "_id", opened=("sealed",))

    sealed: str
    """JSON of the values, sealed."""
    updated_at: Instant

    def __repr__(self) -> str:
        return f"<KeptFacts {self.id}>"


async def declare(
    ctx: Context, values: Values, *, sensitive: bool, by: SignedIn
) -> None:
    """Keep a worker's facts, in place of what was kept (保存基本情况).

    Refuses: ConsentRequired, when some are sensitive.
    """
    if sensitive:
        await consents.require(ctx, by.id, Purpose.FACTS)
        await _keep_sensitive(ctx, by.id, values)
    else:
        await put(ctx, by.id, values)


async def put(ctx: Context, worker_id: str, values: Values) -> None:
    """Keep facts whose consent was looked at, or that are loaded with a person."""
    if await of(ctx, worker_id) == dict(values):
        return
    sealed = ctx.secrets.seal(msgspec.json.encode(values).decode())
    await KeptFacts.shelf(ctx).update_one(
        {"_id": worker_id},
        {"$set": {"sealed": sealed, "updated_at": ctx.clock.now()}},
        upsert=True,
    )


async def forget(ctx: Context, worker_id: str) -> None:
    """Delete what is kept (删除基本情况)."""
    await KeptFacts.shelf(ctx).delete_one({"_id": worker_id})


async def of(ctx: Context, worker_id: str) -> dict[str, Any]:
    """Return what a worker declared; empty when nothing is kept."""
    kept = await KeptFacts.get(ctx, worker_id)
    if kept is None:
        return {}
    values: dict[str, Any] = msgspec.json.decode(ctx.secrets.open(kept.sealed))
    return values


@atomic()
async def _keep_sensitive(ctx: Context, worker_id: str, values: Values) -> None:
    await consents.hold(ctx, worker_id, Purpose.FACTS)
    await put(ctx, worker_id, values)
