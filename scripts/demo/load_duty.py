"""Loads the demo's rota, and a scene code for every door and port.

Again changes nothing: a rota is kept as written, a code that stands is kept.
"""

from pathlib import Path

import msgspec
import yaml

from models.base.context import Context
from models.stations import duty, posters, scenes
from models.stations.directory import BY_ID, MOST_STATIONS
from models.stations.duty import Shift
from models.stations.stations import Station
from models.stations.weekly import Week

PEOPLE = Path(__file__).parent / "people.yaml"


class ShiftRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """When one person serves."""

    staff: str
    weekly: Week


class RotaRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who is called at one station."""

    station: str
    responders: tuple[ShiftRow, ...]
    on_call: tuple[str, ...]


class People(msgspec.Struct, kw_only=True, frozen=True):
    """The rota's part of the file."""

    duty: tuple[RotaRow, ...]


async def load(ctx: Context) -> int:
    """Load the rota and make the codes; stations and staff are loaded before."""
    raw = yaml.safe_load(PEOPLE.read_text("utf-8"))
    rotas = msgspec.convert(raw, People).duty
    for row in rotas:
        await duty.put_rota(
            ctx,
            f"station_{row.station}",
            responders=[
                Shift(staff_id=f"staff_{each.staff}", weekly=each.weekly)
                for each in row.responders
            ],
            on_call=[f"staff_{slug}" for slug in row.on_call],
        )
    return len(rotas) + await _make_codes(ctx)


async def _make_codes(ctx: Context) -> int:
    made = 0
    stations = await Station.many(ctx, {}, sort=BY_ID, limit=MOST_STATIONS)
    for station in stations:
        for target in posters.targets(station):
            await scenes.ensure(ctx, target)
            made += 1
    return made
