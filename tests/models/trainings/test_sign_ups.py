"""A seat is taken once, in time, by who fits, and given back once."""

from datetime import timedelta

import pytest

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.eligibility.facts import BadFacts
from models.trainings.admission import DocumentsMissing, FactsMissing, NotEligible
from models.trainings.enrolments import NoSuchEnrolment, State
from models.trainings.programmes import NoSuchProgramme
from models.trainings.seats import AlreadyEnrolled, SessionFull
from models.trainings.sessions import NoSuchTrainingSession, Session
from models.trainings.sign_ups import CancelTooLate, EnrolmentOver
from models.trainings.sign_ups import cancel as leave
from models.trainings.windows import SignUpClosed, SignUpNotOpen
from tests.models.trainings.courses import (
    MIGRANT,
    PLATFORM,
    RIDERS_ONLY,
    START,
    cancel,
    check_all_settled,
    course,
    events_of,
    group,
    is_,
    session,
    sign,
    state_of,
    states,
    wait,
    who,
)

MS = timedelta(milliseconds=1)


async def test_a_sign_up_takes_a_seat_the_hours_and_tells(ctx):
    await course(ctx)
    enrolment = await sign(ctx, "li")
    assert enrolment.state is State.ENROLLED
    run = await check_all_settled(ctx)
    assert run.left == 1
    assert [each.ref for each in await hours.of(ctx, "worker_li")] == [enrolment.id]
    (told,) = await events_of(ctx, "EnrolmentMade")
    assert told["enrolment_id"] == enrolment.id
    assert told["title"] == "示例：one"
    assert told["place"] == "示例·驿站"
    assert told["start"] == START


async def test_what_is_not_there_cannot_be_signed_up_for(ctx):
    with pytest.raises(NoSuchTrainingSession):
        await sign(ctx, "li")
    await session(ctx)
    with pytest.raises(NoSuchProgramme):
        await sign(ctx, "li")


async def test_what_arrives_before_the_window_opens_is_refused(ctx, clock):
    run = await course(ctx)
    with pytest.raises(SignUpNotOpen):
        await sign(ctx, "li", received_at=run.sign_up_opens - MS)
    await sign(ctx, "li", received_at=run.sign_up_opens)


async def test_what_arrived_in_time_counts_although_it_is_worked_on_late(ctx, clock):
    run = await course(ctx)
    clock.put(run.sign_up_closes + timedelta(seconds=5))
    with pytest.raises(SignUpClosed):
        await sign(ctx, "li")
    with pytest.raises(SignUpClosed):
        await sign(ctx, "li", received_at=run.sign_up_closes)
    await sign(ctx, "li", received_at=run.sign_up_closes - MS)
    assert await states(ctx) == {"li": "enrolled"}


async def test_a_full_session_refuses_and_says_whether_to_wait(ctx, clock):
    run = await course(ctx, seats=1, sign_up_closes=START)
    await sign(ctx, "li")
    with pytest.raises(SessionFull) as refused:
        await sign(ctx, "wang")
    assert refused.value.details == {"may_wait": True}
    clock.put(run.last_offer_at)
    with pytest.raises(SessionFull) as refused:
        await wait(ctx, "wang")
    assert refused.value.details == {"may_wait": False}


async def test_one_active_sign_up_for_a_programme_but_a_new_one_after_leaving(ctx):
    await course(ctx)
    await session(ctx, "two", starts_at=START + timedelta(days=7))
    first = await sign(ctx, "li")
    for other in ("session_one", "session_two"):
        with pytest.raises(AlreadyEnrolled) as refused:
            await sign(ctx, "li", other)
        assert refused.value.details["enrolment_id"] == first.id
    await cancel(ctx, first)
    again = await sign(ctx, "li", "session_two")
    assert (again.state, await state_of(ctx, first)) == (
        State.ENROLLED,
        State.CANCELLED_BY_WORKER,
    )


async def test_a_session_that_is_over_does_not_stand_in_the_way_of_the_next(ctx, clock):
    run = await course(ctx)
    later = START + timedelta(days=7)
    await session(ctx, "two", starts_at=later)
    first = await sign(ctx, "li")
    clock.put(run.ends_at)
    await sign(ctx, "li", "session_two")
    assert await state_of(ctx, first) is State.ENDED


async def test_the_rule_decides_and_says_why(ctx):
    await course(ctx, rule=RIDERS_ONLY)
    with pytest.raises(FactsMissing) as refused:
        await sign(ctx, "li")
    assert [each["name"] for each in refused.value.details["missing"]] == [
        "client_classes",
        "documents",
    ]
    await is_(ctx, "li", MIGRANT)
    with pytest.raises(NotEligible) as refused:
        await sign(ctx, "li")
    assert [each["id"] for each in refused.value.details["failed"]] == ["riders"]
    with pytest.raises(BadFacts):
        await sign(ctx, "li", told={"shoe_size": 44})
    enrolment = await sign(
        ctx, "li", told={"client_classes": [PLATFORM], "documents": ["diploma"]}
    )
    assert enrolment.admitted.status == "eligible"
    assert enrolment.admitted.used == ("client_classes", "documents")


async def test_papers_may_come_later_if_the_programme_says_so(ctx):
    await course(ctx, rule=RIDERS_ONLY)
    await is_(ctx, "li", PLATFORM)
    enrolment = await sign(ctx, "li")
    assert enrolment.admitted.status == "needs_document"


async def test_papers_come_first_if_the_programme_says_so(ctx):
    await course(ctx, rule=RIDERS_ONLY, documents_later=False)
    await is_(ctx, "li", PLATFORM)
    with pytest.raises(DocumentsMissing) as refused:
        await sign(ctx, "li")
    assert [each["name"] for each in refused.value.details["missing"]] == ["documents"]


async def test_eighteen_on_the_last_day_of_the_window_is_old_enough(ctx):
    grown = {
        "id": "adult",
        "fact": "birth_date",
        "op": "age_between",
        "min": 18,
        "at": "deadline",
        "says": "截止日当天年满18周岁",
        "cites": "第一条",
    }
    await course(ctx, rule=grown, sign_up_closes=START - timedelta(days=3, hours=9))
    # Midnight in Shanghai ends 3 December: the window's last day.
    with pytest.raises(NotEligible):
        await sign(ctx, "li", told={"birth_date": "2008-12-04"})
    await sign(ctx, "li", told={"birth_date": "2008-12-03"})


async def test_a_clash_with_other_hours_is_refused_and_names_them(ctx):
    await course(ctx)
    other = Taken(
        ref="booking_1",
        kind="vehicle_charging",
        title="电动车充电",
        start=START + timedelta(hours=2),
        end=START + timedelta(hours=4),
        binding=True,
    )
    await hours.look(ctx, "worker_li", [other])
    await hours.take(ctx, "worker_li", [other])
    with pytest.raises(TimeConflict) as refused:
        await sign(ctx, "li")
    assert refused.value.details["ref"] == "booking_1"
    run = await check_all_settled(ctx)
    assert run.left == 2


async def test_the_first_group_with_room_is_taken_then_the_next(ctx):
    await course(ctx, seats=9, groups=(group(PLATFORM, 1), group(MIGRANT, 1)))
    for name in ("a", "b", "c"):
        await is_(ctx, name, MIGRANT, PLATFORM)
    await sign(ctx, "a")
    await sign(ctx, "b")
    with pytest.raises(SessionFull):
        await sign(ctx, "c")
    await sign(ctx, "nobody_special")
    run = await check_all_settled(ctx)
    assert [held.group for held in run.holders] == [PLATFORM, MIGRANT, None]


async def test_leaving_gives_the_seat_and_the_hours_back_once(ctx):
    await course(ctx)
    enrolment = await sign(ctx, "li")
    await cancel(ctx, enrolment)
    with pytest.raises(EnrolmentOver) as refused:
        await cancel(ctx, enrolment)
    assert refused.value.details == {"state": "cancelled_by_worker"}
    run = await check_all_settled(ctx)
    assert run.left == 2
    assert await hours.of(ctx, "worker_li") == []
    assert len(await events_of(ctx, "EnrolmentCancelled")) == 1


async def test_leaving_is_possible_only_before_the_time_told(ctx, clock):
    run = await course(ctx)
    enrolment = await sign(ctx, "li")
    clock.put(run.cancel_until)
    with pytest.raises(CancelTooLate):
        await cancel(ctx, enrolment)
    await leave(ctx, enrolment.id, by=who("li"), received_at=run.cancel_until - MS)


async def test_anothers_enrolment_is_not_there(ctx):
    await course(ctx)
    enrolment = await sign(ctx, "li")
    with pytest.raises(NoSuchEnrolment):
        await leave(ctx, enrolment.id, by=who("wang"), received_at=ctx.clock.now())
    assert await state_of(ctx, enrolment) is State.ENROLLED


async def test_the_holders_are_only_read_by_who_needs_them(ctx):
    await course(ctx)
    await sign(ctx, "li")
    assert len((await Session.find(ctx, _id="session_one")).holders) == 1
