"""Counts (现况): how many ports of slots are free, how many rest, as of this moment.

Lists of stations ask for other stations each, and all of them for the same two
things; so whatever is asked at the same moment is one question to slots and one to
rest days, and neither answer carries who holds or who rests.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.base.changes import Follower
from models.base.context import Context
from models.base.gathering import Gathering
from models.stations.rest import RestDay
from models.stations.slots import Slot


class Asked(NamedTuple):
    """What one list wants to know."""

    slot_ids: Sequence[str]
    rest_day_ids: Sequence[str]


class Counted(NamedTuple):
    """What is known; a slot or day that nobody wanted yet is not in it."""

    free: Mapping[str, int]
    """Ports nobody holds, by slot."""
    inside: Mapping[str, int]
    """People who have not left, by rest day."""


class Counts:
    """Gathers the questions of one process."""

    def listen(self, _: Follower, ctx: Context) -> None:
        """Take the tools to ask with."""
        self._ctx = ctx
        self._gathered: Gathering[Asked, Counted] = Gathering(self._ask, key=id)

    async def of(self, asked: Asked) -> Counted:
        """Count, along with others who ask; others' counts may be in the answer."""
        if not asked.slot_ids and not asked.rest_day_ids:
            return Counted({}, {})
        return await self._gathered.ask(asked)

    async def _ask(self, asked: Sequence[Asked]) -> Sequence[Counted]:
        free, inside = await asyncio.gather(
            _free(self._ctx, {id_ for each in asked for id_ in each.slot_ids}),
            _inside(self._ctx, {id_ for each in asked for id_ in each.rest_day_ids}),
        )
        return [Counted(free, inside)] * len(asked)


async def _free(ctx: Context, slot_ids: Iterable[str]) -> dict[str, int]:
    rows = await _rows(Slot, ctx, slot_ids, "free")
    return {row["_id"]: len(row["free"]) for row in rows}


async def _inside(ctx: Context, rest_day_ids: Iterable[str]) -> dict[str, int]:
    rows = await _rows(RestDay, ctx, rest_day_ids, "stays.left_at")
    return {
        row["_id"]: sum(stay.get("left_at") is None for stay in row["stays"])
        for row in rows
    }


async def _rows(
    document: type[Slot | RestDay], ctx: Context, ids: Iterable[str], field: str
) -> list[dict[str, Any]]:
    wanted = sorted(ids)
    if not wanted:
        return []
    found = document.shelf(ctx).find({"_id": {"$in": wanted}}, {field: 1})
    return await found.to_list()
