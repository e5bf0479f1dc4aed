"""What a station is like right now (实时状态): open or not, why, ports free.

Worked out when somebody asks: the hours say whether the door is open, and one
query each for all the stations asked about says which ports are held and how many
rest.

Source: features S1-15, S4-02.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.base.context import Context
from models.stations import offers, rest, slots
from models.stations.hours import State, Status
from models.stations.offers import Offer
from models.stations.port_services import ServiceKind
from models.stations.rest import Rest
from models.stations.stations import Station


class Live(NamedTuple):
    """One station at this moment."""

    station: Station
    state: State
    free: Mapping[ServiceKind, int]
    """Ports nobody holds now, by service; none while it is closed."""
    rest: Rest | None = None
    """How full its seats are; None if there are none."""


async def look(ctx: Context, stations: Sequence[Station]) -> list[Live]:
    """Say what stations are like now, in their order, in at most two queries."""
    now = ctx.clock.now()
    states = [station.hours.state_at(now) for station in stations]
    running = [
        _running(ctx, station) if state.status is not Status.CLOSED else []
        for station, state in zip(stations, states, strict=True)
    ]
    wanted = [offer.time.id for each in running for offer in each]
    kept, resting = await asyncio.gather(
        slots.known(ctx, wanted), rest.look(ctx, stations)
    )
    return [
        Live(station, state, _free(station, offered, kept), resting.get(station.id))
        for station, state, offered in zip(stations, states, running, strict=True)
    ]


def _running(ctx: Context, station: Station) -> list[Offer]:
    now = ctx.clock.now()
    found = [offers.running(station, service, now) for service in station.services]
    return [each[0] for each in found if each]


def _free(
    station: Station, running: Sequence[Offer], kept: Mapping[str, slots.Slot]
) -> dict[ServiceKind, int]:
    free = {service.kind: 0 for service in station.services}
    for offer in running:
        slot = kept.get(offer.time.id) or offer.empty()
        free[offer.service.kind] = len(slot.free)
    return free
