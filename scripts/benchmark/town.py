"""The people and places of a run: workers, stations, slots, trainings, articles."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product

from models.base.context import Context
from models.base.places import Point
from models.stations.hours import Hours
from models.stations.offers import Offer
from models.stations.port_services import Service, ServiceKind
from models.stations.stations import Station, StationKind
from models.stations.weekly import WEEKDAYS, Week
from models.trainings.programmes import Place, Programme, Topic
from models.trainings.sessions import Session as TrainingSession
from models.workers.sessions import REFRESH_LIFE, Session
from models.workers.tokens import Port
from models.workers.workers import Worker, openid_mark
from scripts.demo.load_policies import guide_rows, publish_guide

ORG = "/unit_bench/"
UNIT = "unit_bench"

HOT_STATIONS = 40
"""So many of them have many places for cars, for the rush on one slot."""

OPEN = ("06:00-22:00",)
PORTS = 12
RUSH_PORTS = 99
"""The most that a service may have."""

SERVICES = (
    Service(kind=ServiceKind.PHONE_CHARGING, ports=PORTS, slot_minutes=30),
    Service(
        kind=ServiceKind.HOT_MEAL, ports=PORTS, slot_minutes=15, turnover_minutes=0
    ),
)
RUSH = Service(kind=ServiceKind.VEHICLE_CHARGING, ports=RUSH_PORTS, slot_minutes=60)

CENTRE = Point(lng=113.55, lat=34.81)

BETWEEN_STATIONS = 0.001
"""Degrees: some 100 m."""

BETWEEN_TRAININGS = 0.002
"""Degrees: some 200 m; then 30 of them reach beyond what counts as near."""


def workers(ctx: Context, count: int) -> Iterator[Worker]:
    """Make workers with a sealed name, as sign-in and the name form leave them."""
    joined = ctx.clock.now() - timedelta(days=30)
    sealed = ctx.secrets.seal("o-bench")  # nobody here is written to
    for number in range(count):
        yield Worker(
            id=worker_id(number),
            openid=sealed,
            openid_blind=openid_mark(ctx, f"o-bench-{number}"),
            name=ctx.secrets.seal(f"王示例{number % 10}"),
            nickname=f"骑手{number}",
            unit_id=UNIT,
            org_path=ORG,
            created_at=joined,
        )


def sessions(ctx: Context, count: int) -> Iterator[Session]:
    """Sign every worker in once."""
    now = ctx.clock.now()
    for number in range(count):
        yield Session(
            id=session_id(number),
            owner_id=worker_id(number),
            port=Port.WORKER,
            device="",
            started_at=now,
            expires_at=now + REFRESH_LIFE,
            refresh_mark="",
            turned_at=now,
        )


def worker_id(number: int) -> str:
    """Name a worker."""
    return f"worker_bench_{number}"


def session_id(number: int) -> str:
    """Name a worker's only session."""
    return f"session_bench_{number}"


def spots(count: int, step: float) -> list[Point]:
    """Return places around the centre, the nearest first, so many degrees apart.

    Any number of them is a disc: ten times as many lie further out, and whoever stands
    in the middle has as many around them as before.
    """
    side = range(-math.isqrt(count) - 1, math.isqrt(count) + 2)
    cells = sorted(product(side, side), key=lambda cell: (math.hypot(*cell), cell))
    return [
        Point(lng=CENTRE.lng + x * step, lat=CENTRE.lat + y * step)
        for x, y in cells[:count]
    ]


def stations(count: int) -> Iterator[Station]:
    """Make stations some 100 m apart, open alike every day."""
    daily = dict.fromkeys(WEEKDAYS, OPEN)
    hours = Hours(weekly=Week(**daily), holiday=OPEN)
    for number, point in enumerate(spots(count, BETWEEN_STATIONS)):
        yield Station(
            id=f"station_bench-{number:04}",
            name=f"示例·第{number}驿站",
            unit_id=UNIT,
            org_path=ORG,
            kind=StationKind.UNION,
            address=f"示例路{number}号",
            place=point,
            phone="0371-00000000",
            hours=hours,
            services=(*SERVICES, RUSH) if number < HOT_STATIONS else SERVICES,
        )


def offers(station: Station, service: Service, day: date) -> list[Offer]:
    """Return the slots of a service on a day, by the product's own timetable."""
    return [Offer(station, service, t) for t in station.timetable(service, day)]


def programmes(now: datetime, count: int) -> Iterator[Programme]:
    """Make courses that anybody may sign up for."""
    for number in range(count):
        yield Programme(
            id=f"programme_bench_{number}",
            unit_id=UNIT,
            org_path=ORG,
            title=f"示例培训{number}",
            summary="示例：周末班，学完就能上岗。",
            topic=list(Topic)[number % len(Topic)],
            organiser="示例·区总工会",
            place=Place(name="示例教室", point=CENTRE),
            body="示例。",
            added_at=now,
        )


def training_sessions(now: datetime, count: int) -> Iterator[TrainingSession]:
    """Make one run of every course, its sign-up open."""
    for number, point in enumerate(spots(count, BETWEEN_TRAININGS)):
        starts = now + timedelta(days=10 + number % 60)
        yield TrainingSession(
            id=f"session_bench_training_{number}",
            programme_id=f"programme_bench_{number}",
            org_path=ORG,
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            place=Place(name="示例教室", point=point),
            sign_up_opens=now - timedelta(minutes=1 + number),
            sign_up_closes=starts - timedelta(days=1),
            cancel_until=starts - timedelta(days=1),
            latest_offer_hours=24,
            offer_minutes=120,
            seats=40,
            left=40,
        )


async def publish_guides(ctx: Context) -> None:
    """Publish the demo's articles."""
    for row in guide_rows():
        await publish_guide(ctx, row, org_path=ORG)
