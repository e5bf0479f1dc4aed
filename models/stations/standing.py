"""Standing (预约情况): what counts for or against somebody who wants to book.

Asked for many workers in one question each to bookings and strikes. What is read
here is written nowhere else: every change of it also changes the worker's agenda,
so it holds for as long as the agenda read *before* it is unchanged.
Source: rules §3.3, §3.5.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from models.base.changes import Follower
from models.base.context import Context
from models.base.gathering import Gathering
from models.stations import fair_use, strikes
from models.stations.booked import Booking
from models.stations.port_services import Service
from models.stations.strikes import Strike

Owned = TypeVar("Owned", Booking, Strike)


class Standing(NamedTuple):
    """What one worker has booked, and missed."""

    bookings: Sequence[Booking]
    strikes: Sequence[Strike]

    def judge(self, wanted: Booking, service: Service, now: datetime) -> None:
        """Make sure that one more booking is allowed and fair.

        Refuses: BookingSuspended, TooManyActive, TooManyToday, TooManyMinutes,
            BackToBack.
        """
        strikes.judge(self.strikes, now)
        fair_use.judge(wanted, service, self.bookings, now)

    def judge_port(self, wanted: Booking, service: Service, now: datetime) -> None:
        """Make sure of the same of a port that is known by now.

        Refuses: BackToBack.
        """
        fair_use.judge_port(wanted, service, self.bookings, now)


class Question(NamedTuple):
    """Whose standing is asked for, and when."""

    wanted: Booking
    now: datetime


class Standings:
    """Gathers the questions of one process."""

    def listen(self, _: Follower, ctx: Context) -> None:
        """Take the tools to ask with."""
        self._ctx = ctx
        self._gathered = Gathering(self._ask, key=lambda asked: asked.wanted.worker_id)

    async def of(self, wanted: Booking, now: datetime) -> Standing:
        """Return the standing of who wants to book."""
        return await self._gathered.ask(Question(wanted, now))

    async def _ask(self, asked: Sequence[Question]) -> Sequence[Standing]:
        workers = [each.wanted.worker_id for each in asked]
        booked, missed = await asyncio.gather(
            fair_use.counted(self._ctx, workers, _since(asked)),
            strikes.counted(self._ctx, workers, min(each.now for each in asked)),
        )
        bookings, strikes_of = _by_worker(booked), _by_worker(missed)
        return [
            Standing(
                [b for b in bookings[who] if fair_use.counts(b, each.wanted, each.now)],
                strikes_of[who],
            )
            for who, each in zip(workers, asked, strict=True)
        ]


async def of(ctx: Context, wanted: Booking) -> Standing:
    """Return the standing of who wants to book, along with others who ask."""
    return await ctx.the(Standings).of(wanted, ctx.clock.now())


def _by_worker(found: Sequence[Owned]) -> defaultdict[str, list[Owned]]:
    by_worker: defaultdict[str, list[Owned]] = defaultdict(list)
    for each in found:
        by_worker[each.worker_id].append(each)
    return by_worker


def _since(asked: Sequence[Question]) -> datetime:
    return min(fair_use.counts_from(each.wanted, each.now) for each in asked)
