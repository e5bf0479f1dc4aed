"""Staff from before a name could be looked for get the blind index of theirs.

The name is sealed, so the index is made here, row by row, from what the seal opens to.
A name that changes meanwhile brings its own index and is left alone. A name that opens
under no key we hold stays without one: `rekey` counts such rows as unreadable.
"""

from pymongo import UpdateOne

from app.migrations.plan import Batch, Migration
from models.base.context import Context
from models.base.secrets import Unreadable
from models.unions.staff import NAME, Staff

ROWS = 500
"""Rows a batch: each is opened, which takes some microseconds."""


async def bring_up(ctx: Context, after: str | None) -> Batch:
    """Mark the next rows' names; ``after`` is the last row's id."""
    shelf = Staff.shelf(ctx)
    rows = await shelf.find(
        {"_id": {"$gt": after or ""}, "name_blind": None},
        {"name": 1},
        sort=[("_id", 1)],
        limit=ROWS,
    ).to_list()
    updates = [
        UpdateOne(
            {"_id": row["_id"], "name": row["name"], "name_blind": None},
            {"$set": {"name_blind": ctx.secrets.mark(NAME, name)}},
        )
        for row in rows
        if (name := _opened(ctx, row["name"])) is not None
    ]
    changed = 0
    if updates:
        changed = (await shelf.bulk_write(updates, ordered=False)).modified_count
    return Batch(changed, rows[-1]["_id"] if len(rows) == ROWS else None)


def _opened(ctx: Context, sealed: str) -> str | None:
    try:
        return ctx.secrets.open(sealed)
    except Unreadable:
        return None


MIGRATION = Migration(
    name="m0002_staff_names",
    why="people of the union are found by their whole name",
    batch=bring_up,
)
