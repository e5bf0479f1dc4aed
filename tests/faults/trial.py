"""A trial: a load, a fault in the midst of it, and the reckoning when all is mended.

A fault is what goes wrong on the way in and is mended on the way out. Most leave the
inn working, somehow; of one that does not, the time to recover counts from the mend.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tests.faults import town
from tests.faults.figures import Figures
from tests.faults.inn import Inn, open_inn
from tests.faults.ledger import Came
from tests.faults.load import Load
from tests.faults.reckoning import reckon
from tests.faults.recount import recount, rows
from tests.faults.waiting import until

Strike = Callable[[Inn], AbstractAsyncContextManager[None]]

A_WHILE = timedelta(seconds=20)
"""The clock goes forward so far between two looks at what is left to sweep."""

MOST_LOOKS = 30
"""Ten minutes by the inn's clock: every sweep of the last minutes has come by."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    strike: Strike
    stops_all: bool = False
    """Whether nothing can be done while it lasts."""
    wired: bool = False


@dataclass(frozen=True)
class Size:
    """How much of it."""

    residents: int = 16
    rounds: int = 8
    times: int = 1
    """How often the fault strikes."""
    seed: int = 1
    doors: int = 2


async def run(fault: Fault, size: Size) -> Figures:
    """Try one fault on an inn of its own."""
    async with open_inn(doors=size.doors, wired=fault.wired) as inn:
        people = await town.furnish(inn, residents=size.residents, seed=size.seed)
        load = Load(inn, people, size.rounds)
        figures = Figures(fault.name, size.residents, ledger=load.ledger)
        loop = asyncio.get_running_loop()
        began = loop.time()
        load.start()
        try:
            for time in range(size.times):
                part = (time + 1) / (size.times + 2)
                await until(partial(load.is_done_to, part), what=f"{part:.0%} done")
                figures.back_after.append(await strike_once(inn, fault, load))
            await load.finish()
        finally:
            load.send_home()
        figures.seconds = loop.time() - began
        await close_up(inn, figures)
        return figures


async def close_up(inn: Inn, figures: Figures) -> None:
    """Let the sweeps come by, then recount and reckon."""
    figures.broken = await settle(inn)
    told = await reckon(inn.house.ctx, figures.ledger)
    figures.lost, figures.doubled = told.lost, told.doubled


async def settle(inn: Inn) -> list[str]:
    """Let time pass till nothing is left to sweep; return what never went away."""
    found: list[str] = []
    for _ in range(MOST_LOOKS):
        found = await recount(inn.house.ctx, sent=inn.wechat.world.messages.sent)
        if not found:
            break
        await inn.later(A_WHILE)
        await until(partial(_has_kept_up, inn), what="the clockwork")
    return found


async def _has_kept_up(inn: Inn) -> bool:
    """Whether some worker has taken every line that is due by now."""
    overdue = {"due_at": {"$lte": inn.house.ctx.clock.now()}}
    return not await rows(inn.house.ctx, "clockwork", **overdue)


async def strike_once(inn: Inn, fault: Fault, load: Load) -> float:
    """Do harm, mend it, and return the seconds till a deed went through again."""
    loop, ledger = asyncio.get_running_loop(), load.ledger
    await inn.whole()
    moment = loop.time()
    async with fault.strike(inn):
        if fault.stops_all:
            await _all_were_refused(load)
        else:
            await until(lambda: ledger.back_after(moment), what=f"{fault.name}: a deed")
    if fault.stops_all:
        moment = loop.time()
        await until(lambda: ledger.back_after(moment), what=f"{fault.name}: a deed")
    return ledger.back_after(moment) or 0.0


async def _all_were_refused(load: Load) -> None:
    """Wait till as many tries failed as there are people."""
    before = _failed(load)
    people = len(load.town.residents)
    await until(lambda: _failed(load) >= before + people, what="refusals")


def _failed(load: Load) -> int:
    came = load.ledger.came
    return came[Came.BUSY] + came[Came.UNANSWERED]
