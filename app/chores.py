"""What an operator runs beside the inn and reads: migrations, keys and indexes."""

import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from app.migrations import running
from app.migrations.plan import all_migrations
from app.migrations.running import Progress
from app.settings import Settings
from app.wiring import House, open_house
from models.base import indexes, rekeying
from models.base.indexes import Difference

T = TypeVar("T")


def say(line: str) -> None:
    """Tell the person who asked."""
    print(line, file=sys.stdout, flush=True)  # noqa: T201 - a person asked


async def migrate(settings: Settings) -> int:
    """Build the missing indexes, then carry out the migrations that are not over.

    Run before a new release starts, while the release before serves.
    """
    house = await open_house(settings, live=())
    carried_out = running.carry_out(house.ctx, all_migrations(), told=_tell)
    changed = await _finishing(house, carried_out)
    say(f"every migration is over; {changed} rows were changed now")
    return 0


async def status(settings: Settings) -> int:
    """Say how far each migration is; 1 when one is not over."""
    house = await open_house(settings, live=(), prepared=False)
    far = await _finishing(house, running.progress(house.ctx, all_migrations()))
    for one in far:
        _tell(one)
    return 0 if all(one.state is running.State.DONE for one in far) else 1


async def rekey(settings: Settings) -> int:
    """Bring all that is sealed under the newest keys; 1 when something is left.

    Beside the service, once every process writes with the new keys.
    """
    house = await open_house(settings, live=())
    told = lambda shelf, rows: say(f"{shelf}: {rows} rows are done")  # noqa: E731
    left = await _finishing(house, rekeying.rekey(house.ctx, told))
    say(
        f"under older keys: {left.seals} seals, {left.marks} marks, "
        f"{left.files} files; opened by no key: {left.unreadable}"
    )
    return 0 if left.is_nothing else 1


async def make_indexes(settings: Settings) -> int:
    """Build the missing indexes, as every start does."""
    house = await open_house(settings, live=())
    await house.close()
    return 0


async def plan_indexes(settings: Settings) -> int:
    """Say what the chores beside this one would do, and do nothing."""
    house = await open_house(settings, live=(), prepared=False)
    _list(await _finishing(house, indexes.compare(house.ctx)))
    return 0


async def renew_indexes(settings: Settings) -> int:
    """Drop the changed indexes and build them as declared; for a quiet hour."""
    house = await open_house(settings, live=(), prepared=False)
    renewed = await _finishing(house, indexes.renew_changed(house.ctx))
    say(f"{renewed} indexes were built anew")
    return 0


async def drop_unused_indexes(settings: Settings) -> int:
    """Drop the indexes that no document declares any more."""
    house = await open_house(settings, live=(), prepared=False)
    dropped = await _finishing(house, indexes.drop_unused(house.ctx))
    _list(dropped)
    return 0


async def _finishing(house: House, work: Coroutine[Any, Any, T]) -> T:
    """Do a piece of work, then close the house however it ended."""
    try:
        return await work
    finally:
        await house.close()


def _tell(far: Progress) -> None:
    at = "" if far.after is None else f", at {far.after}"
    say(f"{far.id}: {far.state}, {far.changed} rows{at}")


def _list(found: list[Difference]) -> None:
    for one in found:
        uses = "" if one.uses is None else f" (used {one.uses} times since its start)"
        say(f"{one.finding}: {one.shelf}.{one.index}{uses}")
    say(f"{len(found)} indexes")
