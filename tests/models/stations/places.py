"""Stations for tests: open 08:00–20:00, slots of half an hour, five minutes apart."""

import asyncio
from datetime import datetime

import msgspec

from models.base.clock import SHANGHAI
from models.base.documents import plain
from models.base.places import from_gcj02
from models.stations import hours
from models.stations.directory import Directory
from models.stations.port_services import Service, ServiceKind
from models.stations.stations import Facility, Station, StationKind
from models.workers.sessions import SignedIn

PHONE, VEHICLE = ServiceKind.PHONE_CHARGING, ServiceKind.VEHICLE_CHARGING

DAILY = {
    "weekly": {
        day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")
    }
}


def somebody(name="li"):
    """Return a worker who is asking."""
    return SignedIn(id=f"worker_{name}", session_id="session_1")


def station(slug="park", *, ports=4, gcj02=(113.5505, 34.8172), **other):
    """Make a station."""
    given = {
        "id": f"station_{slug}",
        "name": f"示例·{slug}驿站",
        "unit_id": "unit_zone",
        "kind": StationKind.UNION,
        "address": "示例地址",
        "place": from_gcj02(*gcj02),
        "phone": "0371-00000001",
        "facilities": (Facility.HOT_WATER, Facility.REST),
        "hours": hours.parse(DAILY),
        "services": (
            Service(kind=PHONE, ports=ports, slot_minutes=30),
            Service(kind=VEHICLE, ports=2, slot_minutes=60),
        ),
    }
    return Station(**given | other)


async def put(ctx, *stations):
    """Put stations on their shelf, and wait till this process has heard of them."""
    directory, heard = ctx.the(Directory), asyncio.Event()
    directory._follower.on(Station.SHELF, lambda _: heard.set())
    for each in stations or (station(),):
        row = plain(each)
        await Station.shelf(ctx).replace_one({"_id": each.id}, row, upsert=True)
        while directory.get(each.id) != each:
            heard.clear()
            await heard.wait()
    return stations[0] if stations else station()


async def close(ctx, each, *, reason="停电", until=None):
    """Close a station from now on."""
    shut = hours.Closure(since=ctx.clock.now(), until=until, reason=reason)
    timed = msgspec.structs.replace(each.hours, closures=(shut,))
    return await put(ctx, msgspec.structs.replace(each, hours=timed))


def slot(at="1055", *, slug="park", day="20261123", service=PHONE):
    """Name a slot; those after 10:00 begin at 10:20, 10:55, 11:30, 12:05, 12:40."""
    return f"slot_{slug}_{service.replace('_', '-')}_{day}_{at}"


def at(clock_time, day=23):
    """Return a moment of that November, Shanghai time."""
    hour, minute = map(int, clock_time.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)
