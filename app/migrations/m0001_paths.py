"""Rows of stations from before units had paths get the path that officials reach by.

Stations, bookings, check-ins, calls for help and strikes were first kept without
``org_path``; a record without one is reached by nobody (`unions/scopes`). A station
gets its unit's, the others their station's, a strike its booking's. A row whose
station or booking is gone keeps none: nobody can say whose it was.
"""

from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection

from app.migrations.plan import Batch, Migration
from models.base.context import Context
from models.base.documents import Document
from models.stations.booked import Booking
from models.stations.first_aid_alerts import Alert
from models.stations.ledger import CheckIn
from models.stations.stations import Station
from models.stations.strikes import Strike
from models.unions.units import Unit

ROWS = 500
"""Rows a batch; a moment's work, so that nobody waits behind it."""

PATHLESS = {"$in": [None, ""]}
"""What the path is in an old row: not there, or empty."""


class Step(NamedTuple):
    """Where the rows of one shelf have their path from."""

    shelf: type[Document]
    by: str
    """The field that names the source."""
    source: type[Document]
    path: str
    """The source's field."""


STEPS = (
    Step(Station, "unit_id", Unit, "path"),
    Step(Booking, "station_id", Station, "org_path"),
    Step(CheckIn, "station_id", Station, "org_path"),
    Step(Alert, "station_id", Station, "org_path"),
    Step(Strike, "booking_id", Booking, "org_path"),
)
"""In this order: each source has its paths before they are asked for."""


async def bring_up(ctx: Context, after: str | None) -> Batch:
    """Give the next rows their path; ``after`` is the step and the last row's id."""
    number, _, last = (after or "0:").partition(":")
    step = STEPS[int(number)]
    shelf = step.shelf.shelf(ctx)
    rows = await shelf.find(
        {"_id": {"$gt": last}, "org_path": PATHLESS},
        {step.by: 1},
        sort=[("_id", 1)],
        limit=ROWS,
    ).to_list()
    changed = await _give(shelf, rows, step, await _paths(ctx, step, rows))
    if len(rows) == ROWS:
        return Batch(changed, f"{number}:{rows[-1]['_id']}")
    is_last = int(number) + 1 == len(STEPS)
    return Batch(changed, None if is_last else f"{int(number) + 1}:")


async def _paths(
    ctx: Context, step: Step, rows: list[dict[str, Any]]
) -> dict[str, str]:
    sources = (
        await step.source.shelf(ctx)
        .find({"_id": {"$in": sorted({row[step.by] for row in rows})}}, {step.path: 1})
        .to_list()
    )
    return {row["_id"]: row.get(step.path, "") for row in sources}


async def _give(
    shelf: AsyncCollection[dict[str, Any]],
    rows: list[dict[str, Any]],
    step: Step,
    paths: dict[str, str],
) -> int:
    updates = [
        UpdateOne(
            {"_id": row["_id"], "org_path": PATHLESS},
            {"$set": {"org_path": paths[row[step.by]]}},
        )
        for row in rows
        if paths.get(row[step.by])
    ]
    if not updates:
        return 0
    return (await shelf.bulk_write(updates, ordered=False)).modified_count


MIGRATION = Migration(
    name="m0001_paths",
    why="stations and what was done there get the path that officials reach them by",
    batch=bring_up,
)
