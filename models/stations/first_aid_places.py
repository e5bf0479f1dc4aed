"""Where somebody calls from (呼叫地点): a station's id, or any code printed there.

A poster that was taken back still hangs somewhere; for first aid it still counts.

Source: features S1-18, X-13.
"""

import msgspec

from models.base.context import Context
from models.stations import directory, scenes
from models.stations.scenes import NoSuchScene, Target
from models.stations.stations import NoSuchStation, Station


class Spot(msgspec.Struct, frozen=True):
    """A place help can be sent to."""

    station: Station
    port: str | None = None
    """Which port stands next to the person, when its code was scanned."""


async def find_spot(ctx: Context, place: str, scene: str | None) -> Spot:
    """Return where a call comes from; either word is enough.

    Refuses: NoSuchStation.
    """
    station = await directory.look(ctx, place)
    for text in (scene, place):
        if text is None or (text == place and station is not None):
            continue
        target = await _target(ctx, text)
        if target is None or target.station_id is None:
            continue
        known = station or await directory.look(ctx, target.station_id)
        if known is not None:
            is_there = known.id == target.station_id
            return Spot(known, _port(target) if is_there else None)
    if station is None:
        raise NoSuchStation(
            message="没有找到这个驿站，请先拨打120，再从列表里选择驿站。"
        )
    return Spot(station)


async def _target(ctx: Context, text: str) -> Target | None:
    try:
        return await scenes.where(ctx, text)
    except NoSuchScene:
        return None


def _port(target: Target) -> str | None:
    if target.service is None or target.port is None:
        return None
    return f"{target.service.label}{target.port}号口"
