"""The recount itself: right on a busy inn, and it sees each thing that could break."""

import pytest

from models.base import audit, events
from models.reactions import REACTIONS
from models.stations import bookings
from models.trainings import sign_ups
from tests.faults.recount import recount
from tests.models.stations import people, places
from tests.models.stations.places import slot
from tests.models.trainings import courses

BOOKED, SLOT = "bookings", "slots"


@pytest.fixture
def busy(run, ctx, clock):
    """One booking, one sign-up, both told of."""

    async def furnish():
        me = await people.worker(ctx)
        await places.put(ctx)
        await courses.course(ctx, seats=2)
        await bookings.book(ctx, slot(), by=me)
        now = ctx.clock.now()
        await sign_ups.sign_up(ctx, "session_one", by=me, received_at=now)
        await audit.note(ctx, who="clockwork", what="test", about="nothing")
        clock.forward(audit.SETTLE)
        await audit.chain_up(ctx)
        while await events.deliver_one(ctx, REACTIONS):
            pass

    run(furnish())


async def test_an_inn_in_order_has_nothing_to_say(busy, ctx):
    assert await recount(ctx) == []


BREACHES = {
    "a port that is nowhere": ("slots", {"$pop": {"free": 1}}, "ports"),
    "a port that is there twice": ("slots", {"$push": {"free": 1}}, "twice"),
    "a port nobody booked": ("slots", {"$set": {"holders": []}}, "holds no port"),
    "a lost booking": ("bookings", None, "not active"),
    "a booking ended in part": (
        "bookings",
        {"$set": {"state": "finished"}},
        "not active",
    ),
    "a seat too many": ("training_sessions", {"$inc": {"left": 1}}, "left"),
    "a seat nobody has": (
        "training_sessions",
        {"$set": {"holders": [], "left": 2}},
        "holds no seat",
    ),
    "a lost enrolment": ("enrolments", None, "a seat is held"),
    "lost hours": ("agendas", {"$set": {"taken": []}}, "agenda"),
    "an event nobody took up": (
        "events",
        {"$set": {"state": "waiting"}},
        "not delivered",
    ),
    "a lost event": ("events", None, "nothing tells of it"),
    "an untold event": ("messages", None, "nobody was told"),
    "a changed audit": ("audit", {"$set": {"reason": "other"}}, "is broken"),
    "a loose audit": ("audit", {"$set": {"loose": True}}, "loose"),
}


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES)
async def test_each_breach_is_seen(busy, ctx, breach):
    shelf, change, said = breach
    if change is None:
        await ctx.db[shelf].delete_many({})
    else:
        await ctx.db[shelf].update_many({}, change)
    assert any(said in fault for fault in await recount(ctx)), await recount(ctx)
