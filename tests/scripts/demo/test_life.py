"""Two weeks pass in the demo inn: it is lived once, counted by the inn, and sound."""

from collections import Counter
from datetime import timedelta

import pytest

from models.base.clock import day_of
from models.members.verifications import Verification
from models.stations.booked import Booking
from models.stations.first_aid_alerts import Alert
from models.stations.first_aid_alerts import State as AlertState
from models.stations.ledger import CheckIn
from models.statistics import overview
from models.trainings.enrolments import Enrolment
from models.unions.permissions import Permission
from scripts.demo import load_consents, load_officials, load_stations, load_trainings
from scripts.demo.life.__main__ import DAYS, load
from scripts.demo.life.days import EMERGENCY_EVERY
from tests.faults.recount import recount
from tests.models.unions import people


@pytest.fixture
def furnished(run, ctx):
    """What life goes on in."""

    async def furnish():
        for part in (load_consents, load_stations, load_officials, load_trainings):
            await part.load(ctx)

    run(furnish())


async def test_two_weeks_are_lived_once_and_leave_nothing_unsound(
    ctx, clock, furnished
):
    now = clock.now()
    assert await load(ctx, clock) == DAYS
    assert clock.now() == now
    assert await recount(ctx) == []
    before = {
        name: await ctx.db[name].count_documents({})
        for name in await ctx.db.list_collection_names()
    }
    assert await load(ctx, clock) == 0
    for name, count in before.items():
        assert await ctx.db[name].count_documents({}) == count, name


async def test_the_board_the_desk_and_the_queues_have_something_to_show(
    ctx, clock, furnished
):
    await load(ctx, clock)
    leader = await people.official(
        ctx, "wang", unit="unit_zhengzhou", permissions=(Permission.STATISTICS,)
    )
    told = await overview.of(ctx, None, None, by=leader)
    assert told.figures.visits > told.figures.persons > DAYS
    states = Counter([b.state_at(clock.now()) for b in await every(ctx, Booking)])
    assert {"booked", "no_show", "cancelled_by_worker", "finished"} <= set(states)
    alerts = await every(ctx, Alert)
    assert {each.state for each in alerts} == {AlertState.CLOSED}
    assert len(alerts) >= DAYS // EMERGENCY_EVERY - 1
    ahead = {day_of(b.start) for b in await every(ctx, Booking) if b.state == "booked"}
    assert {(day - clock.today()).days for day in ahead} == {0, 1}
    assert await every(ctx, Enrolment)
    assert await every(ctx, Verification)
    assert max(each.day for each in await every(ctx, CheckIn)) == clock.today()


async def test_the_next_day_goes_on_where_the_last_one_ended(ctx, clock, furnished):
    await load(ctx, clock)
    came = len(await every(ctx, CheckIn))
    clock.forward(timedelta(days=2))
    assert await load(ctx, clock) == 2
    assert len(await every(ctx, CheckIn)) > came


async def every(ctx, kind):
    return await kind.many(ctx, {}, limit=10_000)
