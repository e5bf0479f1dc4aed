"""What helps before anybody comes (先做什么): 120, the AED, and who is being called.

Source: features S1-18; rules §3.8 (the text to call 120 is always shown first).
"""

import msgspec

from models.base.context import Context
from models.base.units import Metres
from models.stations import directory
from models.stations.stations import Station

CALL_120 = (
    "情况危急请先拨打120，说清地址：{place}。"
    "叫不醒、没有呼吸时，请旁边的人马上做胸外按压，并取AED。"
)

FARTHEST_AED = 3_000
"""Metres; farther is no help."""

NEAREST = 20
"""Stations to look through for an AED."""


class Aed(msgspec.Struct, kw_only=True, frozen=True):
    """Where the nearest defibrillator hangs."""

    text: str
    is_here: bool
    station_id: str | None = None
    """The station that has it, if it is one of ours."""
    distance_m: Metres | None = None
    """As the crow flies."""


def call_120(station: Station) -> str:
    """Say what comes before everything else."""
    return CALL_120.format(place=f"{station.name}，{station.address}")


async def aed(ctx: Context, station: Station) -> Aed | None:
    """Say where to fetch an AED: here, as the station knows, or at the next one."""
    if station.aed_place:
        return Aed(
            text=station.aed_place, is_here=True, station_id=station.id, distance_m=0
        )
    if station.nearest_aed:
        return Aed(text=station.nearest_aed, is_here=False)
    around = await directory.near(ctx, station.place, FARTHEST_AED, NEAREST)
    for other, distance_m in around:
        if other.aed_place:
            return Aed(
                text=f"{other.name}（约{distance_m}米）：{other.aed_place}",
                is_here=False,
                station_id=other.id,
                distance_m=distance_m,
            )
    return None
