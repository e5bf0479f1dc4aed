"""Whatever people do in whatever order, the seats add up and nobody is forgotten."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base.errors import Conflict
from models.trainings import answers, enrolments, offers, seats
from models.trainings.enrolments import Enrolment
from models.trainings.programmes import Programme
from models.trainings.sessions import Session
from models.workers.identities import Identities
from tests.conftest import TEST_SECONDS
from tests.models.trainings.courses import (
    MIGRANT,
    PLATFORM,
    cancel,
    check_all_settled,
    course,
    group,
    is_,
    sign,
    who,
)

PEOPLE = ("a", "b", "c", "d", "e", "f")
CLASSES = {
    "a": (PLATFORM,),
    "b": (MIGRANT,),
    "c": (PLATFORM, MIGRANT),
    "d": (PLATFORM,),
    "e": (),
    "f": (MIGRANT,),
}

deeds = st.one_of(
    st.tuples(
        st.sampled_from(["sign", "wait", "cancel", "accept", "decline"]),
        st.sampled_from(PEOPLE),
    ),
    st.tuples(st.just("sleep"), st.integers(1, 200)),
    st.tuples(st.just("resize"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["lapse", "offer"]), st.none()),
)


async def do(ctx, clock, deed, what):
    if deed == "sleep":
        clock.forward(timedelta(minutes=what))
    elif deed == "resize":
        await seats.resize(ctx, "session_one", seats=what)
    elif deed == "lapse":
        await offers.lapse_overdue(ctx)
    elif deed == "offer":
        await offers.offer_free_seats(ctx)
    elif deed in {"sign", "wait"}:
        await sign(ctx, what, or_wait=deed == "wait")
    else:
        mine = await enrolments.active(ctx, f"worker_{what}", "programme_one")
        if mine is not None:
            await answer(ctx, clock, deed, mine, who(what))


async def answer(ctx, clock, deed, mine, by):
    if deed == "cancel":
        await cancel(ctx, mine)
    elif deed == "accept":
        await answers.accept(ctx, mine.id, by=by, received_at=clock.now())
    else:
        await answers.decline(ctx, mine.id, by=by)


async def live(ctx, clock, start, story):
    clock.put(start)
    for shelf in (Programme, Session, Enrolment, Identities):
        await shelf.shelf(ctx).delete_many({})
    await ctx.db["agendas"].delete_many({})
    await course(ctx, seats=3, groups=(group(PLATFORM, 2), group(MIGRANT, 2)))
    for name in PEOPLE:
        await is_(ctx, name, *CLASSES[name])
    lowest = 0
    for deed, what in story:
        with suppress(Conflict):
            await do(ctx, clock, deed, what)
        run = await check_all_settled(ctx)
        lowest = run.left if deed == "resize" else max(lowest, min(run.left, 0))
        assert run.left >= min(lowest, 0)
        assert all(each.left >= 0 for each in run.groups)
    await check_nobody_is_forgotten(ctx)


async def check_nobody_is_forgotten(ctx):
    await offers.offer_free_seats(ctx)
    run = await check_all_settled(ctx)
    for each in await Enrolment.many(ctx, {"state": "waitlisted"}):
        has_room = not each.groups or set(each.groups) & set(run.open_groups)
        assert run.left <= 0 or not has_room


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(story=st.lists(deeds, max_size=25))
def test_the_seats_add_up_after_any_story(ctx, clock, io_loop, story):
    start = clock.now()
    io_loop.run_sync(lambda: live(ctx, clock, start, story), timeout=TEST_SECONDS)
