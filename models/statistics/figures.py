"""Figures (统计数据): all that is counted of some stations, in a constant number of
questions, whoever and however many they are.

Source: rules §3.15.
"""

import asyncio
from typing import Any

import msgspec

from models.base.context import Context
from models.statistics import responses, tallies
from models.statistics.comings import BY_STATION
from models.statistics.no_shows import NoShows
from models.statistics.responses import Responses
from models.statistics.spans import Span, Where
from models.statistics.tallies import Tally


class Figures(msgspec.Struct, kw_only=True, frozen=True):
    """What is counted of one station, or of a subtree."""

    visits: int = 0
    """All services together."""
    persons: int = 0
    services: dict[str, int] = msgspec.field(default_factory=dict)
    no_shows: NoShows = NoShows()
    first_aid: Responses = Responses()
    offline_share: float | None = None
    """None if the ledger has no entry."""


async def of(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, Figures]:
    """Count what happened in some days, by station or all together."""
    asked = (ctx, where, span, by)
    counted, answered = await asyncio.gather(tallies.of(*asked), responses.of(*asked))
    return {
        key: _together(counted.get(key, Tally()), answered.get(key, Responses()))
        for key in {*counted, *answered}
    }


def _together(tally: Tally, answered: Responses) -> Figures:
    return Figures(
        visits=sum(tally.services.values()),
        persons=tally.persons,
        services=tally.services,
        no_shows=tally.no_shows,
        first_aid=answered,
        offline_share=tally.offline_share,
    )
