"""Overload: what one process does, ten times that at its door, and how it bears it.

First it is kept busy, which says what it can; then bookings pour in at ten times the
pace while first aid is called and probes look in; then all is quiet, and somebody
books.
"""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import msgspec

from tests.client import Answer
from tests.faults import town
from tests.faults.flood import Came, Flood
from tests.faults.inn import Inn, open_inn
from tests.faults.load import BOOKINGS
from tests.faults.trial import settle
from tests.faults.waiting import until

TIMES = 10
"""So many times what it can serve."""

AT_ONCE = 64
"""Enough to keep a process busy."""

LOOK_EVERY = 0.25
"""Seconds between two calls for help during the flood."""

SERVED = (201, 409, 429)
"""Booked, full, or asked too often by one person: looked at, and answered."""

FIRST_AID = "/worker/v1/stations/station_park/first-aid"
CREATED, OK, UNAVAILABLE = 201, 200, 503


@dataclass(frozen=True)
class Size:
    """How much of it."""

    residents: int
    to_learn: int
    """Requests that show what the process can."""
    to_pour: int
    """Requests of the flood."""


@dataclass
class Figures:
    """What was seen."""

    can: float = 0.0
    """Bookings a second, kept busy."""
    offered: float = 0.0
    """Requests a second, held by the flood."""
    flood: Came = field(default_factory=Came)
    seconds: float = 0.0
    called: list[float] = field(default_factory=list)
    """Seconds to each answer of first aid during the flood."""
    probed: list[float] = field(default_factory=list)
    recovered: float = 0.0
    """Seconds from the flood's last answer to a booking that was looked at."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        came, served = self.flood, self.flood.sum_of(*SERVED)
        return "\n".join(
            (
                f"can {self.can:.0f}/s, offered {self.offered:.0f}/s "
                f"= {self.offered / self.can:.1f} times",
                f"served {served} ({served / self.seconds:.0f}/s), "
                f"turned away {came.sum_of(UNAVAILABLE)} after "
                f"{_middle(came.waits.get(UNAVAILABLE, []))} s, "
                f"unanswered {came.total - served - came.sum_of(UNAVAILABLE)}",
                f"first aid {len(self.called)} of {len(self.called)} in "
                f"{_middle(self.called)} s, longest {max(self.called):.2f} s",
                f"probes {len(self.probed)} of {len(self.probed)} in "
                f"{_middle(self.probed)} s, longest {max(self.probed):.2f} s",
                f"back after {self.recovered:.2f} s; wrong {len(self.wrong)}",
            )
        )


async def run(size: Size) -> Figures:
    """Learn, pour, look on, recover, recount."""
    figures, loop = Figures(), asyncio.get_running_loop()
    async with open_inn(doors=1, members=1) as inn:
        people = await town.furnish(inn, residents=size.residents, seed=1)
        flood = Flood(inn.doors[0].url, bookings(people))
        figures.can = await flood.keep_busy(size.to_learn, at_once=AT_ONCE)
        began = loop.time()
        pouring = asyncio.create_task(
            flood.pour(size.to_pour, a_second=TIMES * figures.can)
        )
        looks = []
        while not pouring.done():
            looks.append(asyncio.create_task(_look_in(inn, figures)))
            await asyncio.wait({pouring}, timeout=LOOK_EVERY)
        figures.offered = await pouring
        await asyncio.gather(*looks)
        figures.flood, ended = flood.came, loop.time()
        figures.seconds = ended - began
        await until(lambda: _serves(inn, people), what="a booking")
        figures.recovered = loop.time() - ended
        await flood.close()
        await until(lambda: _settles(inn), what="an inn at rest")
    return figures


def bookings(people: town.Town) -> Iterator[bytes]:
    """Return requests without end: everybody wants every slot, in turn."""
    for slot, resident in itertools.cycle(
        itertools.product(people.slots, people.residents)
    ):
        body = msgspec.json.encode({"slot_id": slot})
        yield (
            f"POST {BOOKINGS} HTTP/1.1\r\nHost: inn\r\n"
            f"Authorization: Bearer {resident.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def _look_in(inn: Inn, figures: Figures) -> None:
    """Call for help and probe, as others would, on connections of their own."""
    called, seconds = await _timed(inn, "POST", FIRST_AID)
    figures.called.append(seconds)
    probed, seconds = await _timed(inn, "GET", "/healthz")
    figures.probed.append(seconds)
    figures.wrong += [
        f"{answer.status} {answer.body}"
        for answer in (called, probed)
        if answer.status not in {OK, CREATED}
    ]


async def _timed(inn: Inn, method: str, path: str) -> tuple[Answer, float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = await inn.client().call(method, path)
    return answer, loop.time() - began


async def _settles(inn: Inn) -> bool:
    """Let the sweeps come by; on a busy machine they take more than one go."""
    return not await settle(inn)


async def _serves(inn: Inn, people: town.Town) -> bool:
    client = inn.client().as_(people.residents[0].token)
    answer = await client.get("/worker/v1/me")
    return answer.status == OK


def _middle(seconds: list[float]) -> str:
    return f"{median(seconds):.2f}" if seconds else "–"
