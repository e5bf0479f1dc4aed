"""Aliases (化名): what a person is called where their id must not outlive them.

Long-kept records (the audit, totals) name a worker by a random alias. The only tie
between the two is one document, made when the worker joins and deleted when they
leave; after that the alias is somebody, and nobody can say who.

Source: features X-10, X-11; PIPL (个人信息保护法) art. 47, 73 (de-identification).
"""

import secrets as randomness

from models.base import personal
from models.base.context import Context
from models.base.documents import Document

NOUN = "person"

RANDOM_BYTES = 16
"""128 bits: neither guessed nor met twice."""

WORKER = personal.WORKER
"""How the ids begin that have an alias."""


class Alias(Document, kw_only=True, frozen=True):
    """The tie between a worker, whose id is this one's, and their alias."""

    SHELF = "aliases"
    PERSONAL = personal.deleted("", "_id")

    alias: str


async def give(ctx: Context, worker_id: str) -> str:
    """Give a worker an alias for life; the same one again."""
    made = Alias(id=worker_id, alias=_random())
    kept = await Alias.change_or_make(
        ctx, worker_id, {"$setOnInsert": {"alias": made.alias}}
    )
    return kept.alias


async def of(ctx: Context, id_: str) -> str:
    """Return what long-kept records call somebody: of anybody but a worker, the id.

    Rules: a worker without an alias has left; what is said of them now is tied
    to nobody.
    """
    if not id_.startswith(WORKER):
        return id_
    kept = await Alias.find(ctx, _id=id_)
    return _random() if kept is None else kept.alias


def _random() -> str:
    return f"{NOUN}_{randomness.token_hex(RANDOM_BYTES)}"
