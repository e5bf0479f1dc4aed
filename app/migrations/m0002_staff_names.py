"""Staff from before a name could be looked for get the blind index of theirs.

The name is sealed, so the index is made here, row by row, from what the seal opens to.
What is there already is compared: a process of the release before, which changes a name
and knows no index, leaves the former name's behind. A name that changes under our hands
is left to whoever changes it. A name that opens under no key we hold stays without an
index: `rekey` counts such rows as unreadable, and mends what an old process wrote after
this had gone by.
"""

from pymongo import UpdateOne

from app.migrations.plan import Batch, Migration
from models.base import rekeying
from models.base.context import Context
from models.unions.staff import Staff

ROWS = 500
"""Rows a batch: each is opened, which takes some microseconds."""


async def bring_up(ctx: Context, after: str | None) -> Batch:
    """Mark the next rows' names; ``after`` is the last row's id."""
    shelf = Staff.shelf(ctx)
    rows = await shelf.find(
        {"_id": {"$gt": after or ""}},
        {"name": 1, "name_blind": 1},
        sort=[("_id", 1)],
        limit=ROWS,
    ).to_list()
    updates = [
        UpdateOne({"_id": row["_id"], "name": row["name"]}, {"$set": new})
        for row in rows
        if (new := rekeying.new_marks(ctx, Staff.SHELF, row))
    ]
    changed = 0
    if updates:
        changed = (await shelf.bulk_write(updates, ordered=False)).modified_count
    return Batch(changed, rows[-1]["_id"] if len(rows) == ROWS else None)


MIGRATION = Migration(
    name="m0002_staff_names",
    why="people of the union are found by their whole name",
    batch=bring_up,
)
