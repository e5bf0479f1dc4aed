"""Clocks some minutes apart: no place sold twice, no offer lost, no door left open.

Two doors and a worker, each a house with a clock of its own, on the same MongoDB and
Redis. How far apart they may be: `models.base.clock.APART`; keys and other leases
bear less, as their own test says.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import pytest

from app.application import Front
from app.wiring import LIVE, open_house
from handlers.base import repeats
from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from models.base import audit, events
from models.base.clock import APART, SetClock
from models.base.store import ANSWER_SECONDS
from models.reactions import REACTIONS
from models.stations import slots, sweeps
from models.trainings import loose_ends, offers
from models.workers import sessions
from models.workers.tokens import ACCESS_LIFE, Port
from tests.client import Client
from tests.faults.load import BOOKINGS, ENROLMENTS
from tests.faults.recount import recount, rows
from tests.models.stations import places
from tests.models.stations.people import worker
from tests.models.trainings import courses

HALF = APART / 2

BEARABLE = repeats.LEASE - timedelta(seconds=ANSWER_SECONDS + 1)
"""Apart by less, nobody takes a running call for a dead one."""


class ApartClock(SetClock):
    """A clock that goes wrong by so much, wherever it is put."""

    def __init__(self, by):
        super().__init__()
        self.by = by

    def now(self):
        return super().now() + self.by


class Apart(NamedTuple):
    """Who is there, each by a clock of its own."""

    behind: Client
    ahead: Client
    workers: tuple


@pytest.fixture
def apart(request, run, house, settings, clock):
    """Two doors and two workers, one of each behind and ahead by half of a stretch."""
    half = getattr(request, "param", HALF)
    houses = [run(_open(settings, clock, by)) for by in (-half, half)]
    fronts = [Front(each) for each in houses]
    for front in fronts:
        front.doors._tree._add("/once", OnceHandler)
    OnceHandler.runs, OnceHandler.begun, OnceHandler.go = (
        0,
        asyncio.Event(),
        asyncio.Event(),
    )
    clients = [Client(f"http://127.0.0.1:{run(_listen(f))}", f) for f in fronts]
    yield Apart(*clients, tuple(each.ctx for each in houses))
    OnceHandler.go.set()
    for client, each in zip(clients, houses, strict=True):
        run(client.close())
        run(each.close())


async def _open(settings, clock, by):
    wrong = ApartClock(by)
    wrong.put(clock.now())
    return await open_house(settings, clock=wrong, live=LIVE)


async def _listen(front):
    return front.open(port=0)


class OnceHandler(Handler):
    """Takes its time."""

    runs = 0
    begun: asyncio.Event
    go: asyncio.Event

    @endpoint(access=public, status=201, repeats=True)
    async def post(self) -> int:
        """Run once."""
        type(self).runs += 1
        self.begun.set()
        await self.go.wait()
        return self.runs


async def sweep(workers):
    """Let every worker do its round."""
    for ctx in workers:
        await sweeps.sweep_recent(ctx)
        await loose_ends.tie_up(ctx)
        await offers.lapse_overdue(ctx)
        await offers.offer_free_seats(ctx)


async def settled(ctx, apart, clock):
    """Let the sweeps come by, and recount."""
    clock.forward(loose_ends.PATIENCE + APART)
    for each in apart.workers:
        each.clock.put(clock.now())
    await sweep(apart.workers)
    while await events.deliver_one(ctx, REACTIONS):
        pass
    await audit.chain_up(ctx)
    return await recount(ctx)


async def tokens(ctx, count):
    """Sign people in by the right clock."""
    found = []
    for number in range(count):
        who = await worker(ctx, str(number))
        made = await sessions.start(ctx, owner_id=who.id, port=Port.WORKER)
        found.append(made.access_token)
    return found


async def test_no_place_is_sold_twice_and_none_is_lost(apart, ctx, clock):
    await places.put(ctx)
    run = await courses.course(ctx, seats=5)
    people = await tokens(ctx, 12)
    doors = (apart.behind, apart.ahead)
    calls = [
        doors[number % 2].as_(token).post(path, body)
        for number, token in enumerate(people)
        for path, body in (
            (BOOKINGS, {"slot_id": places.slot()}),
            (ENROLMENTS, {"session_id": run.id}),
        )
    ]
    *answers, _ = await asyncio.gather(*calls, sweep(apart.workers))
    told = Counter(answer.status for answer in answers)
    [slot] = await rows(ctx, slots.Slot.SHELF)
    assert told == {201: slot["ports"] + 5, 409: 2 * 12 - slot["ports"] - 5}
    assert await settled(ctx, apart, clock) == []


async def test_an_offer_is_held_and_goes_on_whoever_s_clock_it_ends_by(
    apart, ctx, clock
):
    run = await courses.course(ctx, seats=1)
    one, two, three = await tokens(ctx, 3)
    wanted = {"session_id": run.id, "waitlist": True}
    first = await apart.behind.as_(one).post(ENROLMENTS, wanted)
    second = await apart.behind.as_(two).post(ENROLMENTS, wanted)
    third = await apart.ahead.as_(three).post(ENROLMENTS, wanted)
    ended = f"{ENROLMENTS}/{first.body['id']}/cancellation"
    assert (await apart.behind.as_(one).post(ended)).status == 200
    offered = await state_of(ctx, second)
    clock.forward(timedelta(minutes=run.offer_minutes))
    for each in apart.workers:
        each.clock.put(clock.now())
    accept = f"{ENROLMENTS}/{second.body['id']}/acceptance"
    await asyncio.gather(
        sweep(apart.workers),
        *(door.as_(two).post(accept) for door in (apart.behind, apart.ahead)),
    )
    ends = (await state_of(ctx, second), await state_of(ctx, third))
    assert offered == "offered"
    assert ends in {("enrolled", "waitlisted"), ("offer_lapsed", "offered")}
    assert await settled(ctx, apart, clock) == []


async def state_of(ctx, answer):
    [row] = await rows(ctx, "enrolments", _id=answer.body["id"])
    return row["state"]


async def test_a_token_lives_no_longer_than_its_life_and_the_difference(
    apart, ctx, clock
):
    who = await worker(ctx, "li")
    behind, ahead = apart.workers
    made = await sessions.start(ahead, owner_id=who.id, port=Port.WORKER)
    for each in apart.workers:
        each.clock.put(clock.now() + ACCESS_LIFE)
    agenda = "/worker/v1/me/agenda"
    assert (await apart.ahead.as_(made.access_token).get(agenda)).status == 401
    assert (await apart.behind.as_(made.access_token).get(agenda)).status == 200
    behind.clock.put(clock.now() + ACCESS_LIFE + APART)
    assert (await apart.behind.as_(made.access_token).get(agenda)).status == 401


async def test_who_signed_out_stays_out_whatever_the_clocks_say(apart, ctx, clock):
    ahead = apart.workers[1]
    who, other = await worker(ctx, "li"), await worker(ctx, "wang")
    made = await sessions.start(ahead, owner_id=who.id, port=Port.WORKER)
    gone = apart.behind.as_(made.access_token)
    assert (await gone.post("/worker/v1/auth/sign-out")).status == 204
    late = ACCESS_LIFE + APART - timedelta(seconds=1)
    for each in apart.workers:
        each.clock.put(clock.now() + late)
    later = await sessions.start(ahead, owner_id=other.id, port=Port.WORKER)
    leaves = apart.ahead.as_(later.access_token)
    assert (await leaves.post("/worker/v1/auth/sign-out")).status == 204
    assert (await gone.get("/worker/v1/me/agenda")).code == "session_revoked"


@pytest.mark.parametrize("apart", [BEARABLE / 2], indirect=True)
async def test_a_key_that_runs_at_a_door_behind_does_not_run_at_one_ahead(apart):
    first = asyncio.ensure_future(apart.behind.post("/once", key="k1"))
    await OnceHandler.begun.wait()
    second = await apart.ahead.post("/once", key="k1")
    assert (second.status, second.code) == (409, "in_progress")
    OnceHandler.go.set()
    assert (await first).status == 201
    again = await apart.ahead.post("/once", key="k1")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert OnceHandler.runs == 1
