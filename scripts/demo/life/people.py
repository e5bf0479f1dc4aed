"""Who comes to the demo inn: made-up workers beside those of people.yaml."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from models.base.context import Context
from models.members import affiliations
from models.stations import directory
from models.stations.stations import Station
from models.unions.staff import Role, Staff
from models.workers.identities import ClientClass
from models.workers.sessions import SignedIn
from models.workers.workers import Worker
from scripts.demo.load_stations import WorkerRow, put_worker

C = ClientClass

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"

CALLINGS: tuple[tuple[str, tuple[ClientClass, ...], str | None], ...] = (
    ("骑手", (C.PLATFORM_WORKER,), "delivery"),
    ("快递员", (C.PLATFORM_WORKER, C.MIGRANT_WORKER), "delivery"),
    ("网约车司机", (C.PLATFORM_WORKER,), "ride_hailing"),
    ("货车司机", (C.PLATFORM_WORKER,), "trucking"),
    ("环卫工", (C.MIGRANT_WORKER,), None),
    ("工地师傅", (C.MIGRANT_WORKER,), None),
    ("家政师傅", (C.MIGRANT_WORKER, C.PLATFORM_WORKER), "housekeeping"),
    ("毕业生", (C.UNEMPLOYED_GRADUATE,), None),
)
"""What people do, the classes they are of, and for which sort of platform."""

HOMES = ("cuizhu_riders", "dongqing_parcels", "wutong_property", "ruida_electronics")
"""The unions they belong to; every fifth has chosen none yet."""

WORKERS = 48
"""Some of whom come every other day."""


class Town(NamedTuple):
    """Whom and what the days are drawn from."""

    workers: Sequence[SignedIn]
    stations: Sequence[Station]
    clerks: dict[str, Staff]
    """Of each station who writes down and lets in."""
    helpers: dict[str, Staff]
    """Of each station who is called for first aid."""

    def draw(self, draw: Random) -> tuple[Station, SignedIn]:
        """Return a station, the more likely the more it has, and somebody."""
        ports = [1 + sum(s.ports for s in each.services) for each in self.stations]
        [station] = draw.choices(self.stations, ports)
        return station, draw.choice(self.workers)


async def take_in(ctx: Context) -> Town:
    """Take everybody in; those who are there stay as they are."""
    for number in range(WORKERS):
        await put_worker(ctx, _row(number))
    known = await Worker.many(ctx, {}, sort=[("_id", 1)], limit=10 * WORKERS)
    for number, each in enumerate(known):
        home = number % (len(HOMES) + 1)
        if each.unit_id is None and home < len(HOMES):
            await affiliations.join(ctx, f"unit_{HOMES[home]}", by=_signed_in(each))
    stations = await directory.every(ctx)
    staff = await Staff.many(ctx, {}, sort=[("_id", 1)], limit=10 * WORKERS)
    return Town(
        workers=[_signed_in(each) for each in known],
        stations=stations,
        clerks=_by_station(stations, staff, Role.STATION_CLERK),
        helpers=_by_station(stations, staff, Role.FIRST_AID_RESPONDER),
    )


def _signed_in(worker: Worker) -> SignedIn:
    return SignedIn(id=worker.id, session_id="session_demo")


def _row(number: int) -> WorkerRow:
    calling, classes, platform = CALLINGS[number % len(CALLINGS)]
    surname = SURNAMES[number % len(SURNAMES)]
    facts = {
        "birth_date": f"{1975 + number * 7 % 30}-{1 + number % 12:02}-15",
        "work_region": "410172",
        "residence_region": "410172",
        "education": "high_school",
        "documents": ["id_card", "diploma"],
    }
    if platform is not None:
        facts |= {"platform_kind": platform, "hired_on": "2024-03-01"}
    return WorkerRow(
        slug=f"town_{number:02}",
        openid=f"o-town-{number:02}",
        nickname=f"示例·{surname}{calling}",
        name=f"{surname}示例",
        classes=classes,
        facts=facts,
    )


def _by_station(
    stations: Sequence[Station], staff: Sequence[Staff], role: Role
) -> dict[str, Staff]:
    """Return of each station the first who serves there in a role."""
    return {
        station.id: each
        for station in stations
        for each in reversed(staff)
        if role in each.roles and each.may_serve(station.id)
    }
