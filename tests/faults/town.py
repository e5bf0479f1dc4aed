"""Who is in town: workers with tokens, a station to book at, trainings to join."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from models.base.context import Context
from models.messages import credits
from models.messages.credits import Source
from models.messages.kinds import Kind
from models.stations import hours
from models.stations.port_services import Service
from models.workers import sessions, workers
from models.workers.tokens import Port
from tests.faults.inn import OK, Inn
from tests.faults.waiting import until
from tests.models.stations import places
from tests.models.stations.places import PHONE
from tests.models.trainings import courses

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY = {"weekly": {day: ["00:00-24:00"] for day in DAYS}}
PORTS = 3
"""So few that people stand in each other's way."""

SEATS = 12
CARDS = 4
"""Accepts that each worker has given for the card of an offered seat."""


@dataclass(frozen=True)
class Resident:
    """A worker who is signed in."""

    id: str
    token: str


@dataclass(frozen=True)
class Town:
    """What the load is made of."""

    residents: Sequence[Resident]
    slots: Sequence[str]
    sessions: Sequence[str]
    random: random.Random


async def furnish(inn: Inn, *, residents: int, seed: int, trainings: int = 3) -> Town:
    """Put people, a station and trainings in place."""
    ctx = inn.house.ctx
    service = Service(kind=PHONE, ports=PORTS, slot_minutes=30)
    await places.put(
        ctx, places.station(hours=hours.parse(ALL_DAY), services=(service,))
    )
    runs = [await _training(ctx, number) for number in range(trainings)]
    people = [await _resident(ctx, f"r{number}") for number in range(residents)]
    day = (ctx.clock.today() + timedelta(days=1)).isoformat()
    path = f"/worker/v1/stations/station_park/slots?service={PHONE}&day={day}"
    for door in range(len(inn.doors)):
        await until(partial(_shows, inn, door, path), what="a door that heard of it")
    shown = await inn.client().get(path)
    slots = [slot["id"] for slot in shown.body["items"] if slot["bookable"]]
    return Town(people, slots, runs, random.Random(seed))


async def _shows(inn: Inn, door: int, path: str) -> bool:
    return (await inn.client(door).get(path)).status == OK


async def _resident(ctx: Context, name: str) -> Resident:
    worker = await workers.put_worker(
        ctx, id_=f"worker_{name}", openid=f"o-{name}", name="示例"
    )
    for tap in range(CARDS):
        await credits.grant(
            ctx, worker.id, Kind.SEAT_OFFERED, source=Source.CLIENT, tap=str(tap)
        )
    tokens = await sessions.start(ctx, owner_id=worker.id, port=Port.WORKER)
    return Resident(worker.id, tokens.access_token)


async def _training(ctx: Context, number: int) -> str:
    slug, now = f"run{number}", ctx.clock.now()
    at = now + timedelta(days=14 + number)
    await courses.programme(ctx, slug)
    run = await courses.session(
        ctx,
        slug,
        of=slug,
        seats=SEATS,
        starts_at=at,
        sign_up_opens=now - timedelta(days=1),
        sign_up_closes=at - timedelta(days=3),
        cancel_until=at - timedelta(days=1),
    )
    return run.id
