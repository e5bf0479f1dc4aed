"""Visitors: everything else that goes on in an inn while people book and sign up.

They read, sign in, call for help, listen live and publish, over and over
until sent home, and write down every answer that nobody should be given. What was
promised to them (an alarm, a published text) must be there at the end.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pymongo.errors import PyMongoError
from tornado.httpclient import HTTPError
from tornado.iostream import StreamClosedError

from models.base.errors import Refusal
from tests.client import Answer, Client
from tests.faults.inn import Inn
from tests.faults.ledger import NO_ANSWER, Came, judge
from tests.faults.overload import FIRST_AID
from tests.faults.recount import rows
from tests.faults.town import Town
from tests.listening import Closed, connect
from tests.models.policies import texts

PAUSE = 0.2
"""Seconds between two visits of one visitor."""

PAGES = (
    "/worker/v1/home",
    "/worker/v1/policies",
    "/worker/v1/policies?q=社保补贴",
    "/worker/v1/stations",
    "/worker/v1/trainings",
    "/worker/v1/me",
    "/worker/v1/me/agenda",
    "/worker/v1/me/bookings",
    "/worker/v1/me/messages",
)


@dataclass
class Visitors:
    """All who come and go."""

    inn: Inn
    town: Town
    came: Counter[str] = field(default_factory=Counter)
    """Visits that were answered as wished, by kind."""
    wrong: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    """Calls for help that were taken."""
    published: list[str] = field(default_factory=list)
    _at_it: list[asyncio.Task[None]] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Let them come."""
        visits = (self._read, self._sign_in, self._call, self._publish)
        self._at_it = [asyncio.create_task(self._again(each)) for each in visits]
        self._at_it.append(asyncio.create_task(self._again(self._listen)))

    async def send_home(self) -> None:
        """Let them finish what they are at."""
        self._over.set()
        await asyncio.gather(*self._at_it)

    async def missing(self) -> list[str]:
        """Return what was promised and is not there."""
        kept = {
            row["_id"] for row in await rows(self.inn.house.ctx, "first_aid_alerts")
        }
        lost = [f"alarm {each}" for each in self.alarms if each not in kept]
        for policy in self.published:
            shown = await self.inn.client().get(f"/worker/v1/policies/{policy}")
            if shown.status != 200:
                lost.append(f"{policy}: {shown.status}")
        return lost

    async def _again(self, visit: Callable[[int], Awaitable[None]]) -> None:
        for number in itertools.count():
            if self._over.is_set():
                return
            await visit(number)
            await asyncio.sleep(PAUSE)

    async def _read(self, number: int) -> None:
        page = PAGES[number % len(PAGES)]
        await self._ask("read", "GET", page, number)

    async def _sign_in(self, number: int) -> None:
        path, body = "/worker/v1/auth/sign-in", {"code": f"w-soak-{number}"}
        await self._ask("sign in", "POST", path, number, body)

    async def _call(self, number: int) -> None:
        answer = await self._ask(
            "first aid", "POST", FIRST_AID, number, {"tap_id": f"tap-soak-{number:08}"}
        )
        if answer.status in {200, 201}:
            self.alarms.append(answer.body["alert"]["id"])

    async def _publish(self, number: int) -> None:
        ctx = self.inn.house.ctx
        try:
            await texts.publish(ctx, f"soak{number}", publish_at=ctx.clock.now())
        except (PyMongoError, Refusal):
            return
        self.published.append(f"policy_soak{number}")
        self.came["publish"] += 1

    async def _listen(self, number: int) -> None:
        """Hold a line till it breaks, falls silent, or a change is heard."""
        client = self._client(number)
        try:
            line = await connect(client, "/worker/v1/live")
            words = await line.next()
            while not (isinstance(words, Closed) or words["type"] == "change"):
                words = await line.next()
            self.came["live"] += not isinstance(words, Closed)
        except (OSError, HTTPError, StreamClosedError, TimeoutError):
            return
        finally:
            for each in client.lines:
                each.close()

    async def _ask(
        self,
        what: str,
        method: str,
        path: str,
        number: int,
        body: object = None,
    ) -> Answer:
        try:
            answer = await self._client(number).call(method, path, body)
        except (OSError, HTTPError):
            answer = Answer(NO_ANSWER, None, {})
        came = judge(answer, frozenset())
        if came is Came.WRONG:
            self.wrong.append(f"{what}: {answer.status} {answer.body}")
        self.came[what] += came is Came.ACKNOWLEDGED
        return answer

    def _client(self, number: int) -> Client:
        people = self.town.residents
        return self.inn.client(number).as_(people[number % len(people)].token)
