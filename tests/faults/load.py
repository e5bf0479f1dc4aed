"""Load: people who book, give up, sign up and leave, and keep asking till answered.

Everybody has one deed at a time, a number of them to do, and a ledger in common. On
an answer that says "busy" they wait as long as it tells them to; without an answer
they try the next door, as a proxy in front would.
"""

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import HTTPError

from tests.client import Answer
from tests.faults.inn import Inn
from tests.faults.ledger import NO_ANSWER, WAIT, Came, Deed, Ledger, Try, judge
from tests.faults.town import Resident, Town

MOST_TRIES = 60
"""Nobody asks longer; what is undecided then shows in the ledger."""

WAIT_SECONDS = 0.5
"""Before asking anew where nobody said how long."""

ALREADY = {
    "book": frozenset({"already_booked"}),
    "give up": frozenset({"booking_moved:cancelled_by_worker"}),
    "sign up": frozenset({"already_enrolled"}),
    "leave": frozenset({"enrolment_over:cancelled_by_worker"}),
}
"""Refusals that tell somebody that their lost try had gone through."""

BOOKINGS, ENROLMENTS = "/worker/v1/bookings", "/worker/v1/enrolments"


@dataclass
class Load:
    """A crowd at work; ``ledger`` fills as it goes."""

    inn: Inn
    town: Town
    rounds: int
    """Deeds that everybody does."""
    ledger: Ledger = field(default_factory=Ledger)
    keys: Any = field(default_factory=itertools.count)
    _crowd: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Let everybody begin."""
        for resident in self.town.residents:
            seed = self.town.random.random()
            one = Person(self, resident, random.Random(seed))
            self._crowd.append(asyncio.create_task(one.live()))

    async def finish(self) -> None:
        """Wait till everybody has done all of it."""
        await asyncio.gather(*self._crowd)

    def send_home(self) -> None:
        """Let nobody go on, because something else went wrong."""
        for task in self._crowd:
            task.cancel()

    def is_done_to(self, part: float) -> bool:
        """Whether so much of all has been acknowledged or refused."""
        if any(task.done() and task.exception() for task in self._crowd):
            raise AssertionError("somebody fell over")
        decided = sum(deed.is_decided for deed in self.ledger.deeds)
        return decided >= part * self.rounds * len(self.town.residents)

    def new_key(self) -> str:
        """Return a key nobody has used."""
        return f"deed-{next(self.keys)}"


@dataclass
class Person:
    """One of the crowd: holds at most two bookings and a place in each training."""

    load: Load
    who: Resident
    random: random.Random
    booked: dict[str, str] = field(default_factory=dict)
    """Slots by the booking held there."""
    enrolled: dict[str, str] = field(default_factory=dict)

    async def live(self) -> None:
        """Do one thing after the other."""
        for _ in range(self.load.rounds):
            await self._one_more()

    async def _one_more(self) -> None:
        if self.random.random() < 0.6:
            await (self._give_up() if len(self.booked) > 1 else self._book())
        elif not self.enrolled or self._joins():
            await self._sign_up()
        else:
            await self._leave()

    async def _book(self) -> None:
        free = [s for s in self.load.town.slots if s not in self.booked.values()]
        slot = self.random.choice(free)
        deed = await self._do("book", BOOKINGS, {"slot_id": slot})
        if deed.acknowledged:
            self.booked[deed.result] = slot

    async def _give_up(self) -> None:
        booking = self.random.choice(sorted(self.booked))
        await self._do("give up", f"{BOOKINGS}/{booking}/cancellation", about=booking)
        del self.booked[booking]

    def _joins(self) -> bool:
        return bool(self._other_runs()) and self.random.random() < 0.6

    def _other_runs(self) -> list[str]:
        mine = self.enrolled.values()
        return [run for run in self.load.town.sessions if run not in mine]

    async def _sign_up(self) -> None:
        run = self.random.choice(self._other_runs())
        wanted = {"session_id": run, "waitlist": True}
        deed = await self._do("sign up", ENROLMENTS, wanted)
        if deed.acknowledged:
            self.enrolled[deed.result] = run

    async def _leave(self) -> None:
        enrolment = self.random.choice(sorted(self.enrolled))
        path = f"{ENROLMENTS}/{enrolment}/cancellation"
        await self._do("leave", path, about=enrolment)
        del self.enrolled[enrolment]

    async def _do(
        self, what: str, path: str, body: Any = None, *, about: str = ""
    ) -> Deed:
        deed = Deed(self.who.id, what, path, body, self.load.new_key(), about)
        self.load.ledger.deeds.append(deed)
        door = self.random.randrange(len(self.load.inn.doors))
        while not deed.is_decided and len(deed.tries) < MOST_TRIES:
            tried = await self._try(deed, door)
            deed.tries.append(tried)
            if not deed.is_decided:
                door += tried.came is Came.UNANSWERED
                await asyncio.sleep(_told_to_wait(tried))
        return deed

    async def _try(self, deed: Deed, door: int) -> Try:
        loop = asyncio.get_running_loop()
        began = loop.time()
        client = self.load.inn.client(door).as_(self.who.token)
        try:
            answer = await client.post(deed.path, deed.body, key=deed.key)
        except (OSError, HTTPError):
            answer = Answer(NO_ANSWER, None, {})
        came = judge(answer, ALREADY[deed.what])
        return Try(began, loop.time(), came, answer)


def _told_to_wait(tried: Try) -> float:
    headers = tried.answer.headers if tried.answer else {}
    return float(headers.get(WAIT, WAIT_SECONDS))
