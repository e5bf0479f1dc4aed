"""The test doors: set the clock, run what is due. Open in APP_ENV=test only."""

import msgspec

from app.schedule import LINES
from app.test_clock import TestClock
from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base import events
from models.base.units import Instant
from models.reactions import REACTIONS

MOST_EVENTS = 10_000
"""A tick ends even if reactions keep recording events."""


class ClockRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Where to put the clock; null lets it run."""

    now: Instant | None


class ClockView(msgspec.Struct):
    """Where the clock stands."""

    now: Instant


class TickView(msgspec.Struct):
    """What a tick did."""

    clockwork: dict[str, int]
    events: int


class ClockHandler(Handler):
    """The clock of every process of a house under test."""

    @endpoint(access=public)
    async def get(self) -> ClockView:
        """Tell the time."""
        return ClockView(self.ctx.clock.now())

    @endpoint(access=public)
    async def put(self, *, body: ClockRequest) -> ClockView:
        """Put the clock to a moment."""
        await TestClock.put(self.ctx, body.now)
        return ClockView(self.ctx.clock.now())


class TickHandler(Handler):
    """One turn of the clockwork."""

    @endpoint(access=public)
    async def post(self) -> TickView:
        """Run everything that is due once, then deliver every event."""
        clockwork = {
            line.name: await line.verb(self.ctx.traced(f"tick:{line.name}"))
            for line in LINES
        }
        delivered = 0
        while delivered < MOST_EVENTS and await events.deliver_one(self.ctx, REACTIONS):
            delivered += 1
        return TickView(clockwork=clockwork, events=delivered)


ROUTES: list[Route] = [
    ("/_test/clock", ClockHandler),
    ("/_test/tick", TickHandler),
]
