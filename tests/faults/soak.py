"""Soak: everything at once for a while, faults at random from a seed, then a recount.

::

    scripts/faults --soak 30 --seed 7

The seed is printed; the same one breaks the same things in the same order.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from scripts.wechat_simulator import faults as simulated
from tests.faults import town
from tests.faults.figures import Figures, table
from tests.faults.inn import Inn, open_inn
from tests.faults.lies import LIES
from tests.faults.load import Load, Person
from tests.faults.machines import FAULTS
from tests.faults.trial import Fault, close_up, strike_once
from tests.faults.visitors import Visitors

A_THUMB = 1.0
"""Seconds between two deeds of one person: more often nobody may."""

SECONDS_A_MINUTE = 60


@dataclass(frozen=True)
class Size:
    """How much of it."""

    seed: int
    strikes: int | None = None
    """How many faults; None till the time is over."""
    minutes: float = 0.0
    residents: int = 16


class Soaker(Person):
    """Somebody who goes on till it is over."""

    async def live(self) -> None:
        """Do one thing after the other, at a thumb's pace."""
        assert isinstance(self.load, Endless)
        while not self.load.over.is_set():
            await self._one_more()
            await asyncio.sleep(A_THUMB)


@dataclass
class Endless(Load):
    """A crowd without a number of deeds to do."""

    over: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Let everybody begin."""
        for resident in self.town.residents:
            chance = random.Random(self.town.random.random())
            one = Soaker(self, resident, chance)
            self._crowd.append(asyncio.create_task(one.live()))

    async def end(self) -> None:
        """Let everybody finish what they are at."""
        self.over.set()
        await self.finish()


@dataclass
class Soaked:
    """What a soak came to."""

    figures: Figures
    visits: dict[str, int]
    struck: list[str]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, broken or wrongly answered."""
        return self.figures.is_good

    def __str__(self) -> str:
        visits = ", ".join(f"{what} {n}" for what, n in sorted(self.visits.items()))
        return "\n".join(
            (
                table([self.figures]),
                f"visits answered: {visits}",
                f"faults survived: {len(self.struck)} ({', '.join(self.struck)})",
                *(f"✗ {complaint}" for complaint in self.figures.complaints),
            )
        )


def plan(seed: int) -> Iterator[Fault]:
    """Return the faults of a seed, without end."""
    chance, faults = random.Random(seed), (*FAULTS, *lies())
    while True:
        yield chance.choice(faults)


def lies() -> tuple[Fault, ...]:
    """Return WeChat's ways of lying as faults."""
    return tuple(
        Fault(f"wechat {name}", partial(_lie, lie)) for name, lie in LIES.items()
    )


async def run(size: Size) -> Soaked:
    """Let everybody at it, break what the seed says, mend it, recount."""
    loop = asyncio.get_running_loop()
    async with open_inn(doors=2, wired=True) as inn:
        people = await town.furnish(inn, residents=size.residents, seed=size.seed)
        load = Endless(inn, people, rounds=0)
        visitors = Visitors(inn, people)
        figures = Figures(f"soak {size.seed}", size.residents, ledger=load.ledger)
        struck: list[str] = []
        began = loop.time()
        load.start()
        visitors.start()
        try:
            for fault in plan(size.seed):
                over = loop.time() - began >= size.minutes * SECONDS_A_MINUTE
                if over if size.strikes is None else len(struck) >= size.strikes:
                    break
                figures.back_after.append(await strike_once(inn, fault, load))
                struck.append(fault.name)
            await load.end()
            await visitors.send_home()
        finally:
            load.send_home()
        figures.seconds = loop.time() - began
        await close_up(inn, figures)
        figures.lost += await visitors.missing()
        figures.broken += visitors.wrong
        return Soaked(figures, dict(visitors.came), struck)


@asynccontextmanager
async def _lie(lie: simulated.Fault, inn: Inn) -> AsyncIterator[None]:
    ordered = inn.wechat.world.faults.ordered
    ordered.append(lie)
    yield
    ordered.clear()
