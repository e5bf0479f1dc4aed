"""Figures (统计数据): all that is counted of some stations, in a constant number of
questions, whoever and however many they are.

Source: rules §3.15.
"""

import asyncio
from typing import Any

import msgspec

from models.base.context import Context
from models.statistics import comings, no_shows, responses
from models.statistics.comings import BY_STATION
from models.statistics.no_shows import NoShows
from models.statistics.responses import Responses
from models.statistics.spans import Span, Where


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
    services, persons, shares, missed, answered = await asyncio.gather(
        comings.services(*asked),
        comings.persons(*asked),
        comings.offline_shares(*asked),
        no_shows.of(*asked),
        responses.of(*asked),
    )
    keys = {*services, *shares, *missed, *answered}
    return {
        key: Figures(
            visits=sum(services.get(key, {}).values()),
            persons=persons.get(key, 0),
            services=services.get(key, {}),
            no_shows=missed.get(key, NoShows()),
            first_aid=answered.get(key, Responses()),
            offline_share=shares.get(key),
        )
        for key in keys
    }
