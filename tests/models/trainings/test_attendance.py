"""Who scans or is marked was there; who was there enough has completed it."""

import asyncio
from datetime import timedelta

import pytest

from models.base import aliases, rotating
from models.base.audit import Entry
from models.base.rotating import BadCode, CodeExpired
from models.trainings import (
    attendance,
    calling_off,
    completion,
    lesson_codes,
    moving,
    offers,
)
from models.trainings.attendance import (
    EARLY,
    TOLERANCE,
    Attendance,
    Mark,
    NoLessonNow,
    NoSuchLesson,
    NotOnRegister,
    RegisterClosed,
)
from models.trainings.enrolments import NoSuchEnrolment, State
from models.trainings.moving import NewDate
from models.trainings.sessions import (
    Meeting,
    NoSuchTrainingSession,
    SessionCancelled,
)
from models.trainings.turning import SessionMovedOn
from tests.models.trainings.courses import (
    START,
    course,
    deliver_events,
    events_of,
    manager,
    sign,
    state_of,
    states,
    told,
    who,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MS = timedelta(milliseconds=1)
LESSONS = tuple(START + n * DAY for n in range(5))


async def five_lessons(ctx, *names):
    """A session of five lessons with these in it."""
    meetings = tuple(Meeting(starts_at=s, ends_at=s + 2 * HOUR) for s in LESSONS)
    ends_at = meetings[-1].ends_at
    run = await course(ctx, seats=9, meetings=meetings, ends_at=ends_at)
    return run, [await sign(ctx, name) for name in names]


async def code(ctx, by=None):
    shown = await lesson_codes.of_session(
        ctx, "session_one", by=by or await manager(ctx)
    )
    return shown.code


async def scan(ctx, name, text=None):
    return await attendance.sign_in(ctx, text or await code(ctx), by=who(name))


async def mark(ctx, enrolment, lesson, as_, by=None):
    return await attendance.mark(
        ctx,
        enrolment.id,
        lesson,
        as_=as_,
        reason="点名",
        by=by or await manager(ctx),
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (-EARLY, Mark.PRESENT),
        (TOLERANCE, Mark.PRESENT),
        (TOLERANCE + MS, Mark.LATE),
        (2 * HOUR - 2 * MS, Mark.LATE),
    ],
)
async def test_a_scan_says_who_is_there_and_whether_in_time(ctx, clock, at, expected):
    _, (mine,) = await five_lessons(ctx, "li")
    clock.put(START + at)
    row = await scan(ctx, "li")
    assert (row.mark, row.lesson, row.enrolment_id) == (expected, START, mine.id)
    clock.forward(MS)
    assert (await scan(ctx, "li")).id == row.id


async def test_many_scans_at_once_are_one(ctx, clock):
    await five_lessons(ctx, "li")
    clock.put(START)
    text = await code(ctx)
    rows = await asyncio.gather(*(scan(ctx, "li", text) for _ in range(6)))
    assert len({row.id for row in rows}) == 1
    assert await Attendance.shelf(ctx).count_documents({}) == 1


@pytest.mark.parametrize("at", [-EARLY - MS, 2 * HOUR])
async def test_outside_of_lessons_there_is_nothing_to_sign_in_to(ctx, clock, at):
    await five_lessons(ctx, "li")
    clock.put(START + at)
    with pytest.raises(NoLessonNow) as refused:
        await scan(ctx, "li")
    following = START if at < timedelta() else LESSONS[1]
    assert refused.value.details == {"next": following.isoformat()}


async def test_a_code_is_good_for_a_moment_and_made_by_us(ctx, clock):
    await five_lessons(ctx, "li")
    clock.put(START)
    text = await code(ctx)
    for bad in ("x", text[:-1] + "~", text.replace("session_one", "session_two")):
        with pytest.raises(BadCode):
            await scan(ctx, "li", bad)
    clock.forward(rotating.SCREEN_SLOT + rotating.GRACE)
    with pytest.raises(CodeExpired):
        await scan(ctx, "li", text)


async def test_only_who_has_a_seat_signs_in(ctx, clock):
    await five_lessons(ctx, "li")
    clock.put(START)
    with pytest.raises(NotOnRegister):
        await scan(ctx, "other")


async def test_a_cancelled_session_shows_and_takes_no_code(ctx, clock):
    await five_lessons(ctx, "li")
    wang = await manager(ctx)
    clock.put(START - EARLY)
    text = await code(ctx)
    await calling_off.call_off(ctx, "session_one", version=0, reason="停电", by=wang)
    with pytest.raises(SessionCancelled):
        await scan(ctx, "li", text)
    with pytest.raises(SessionCancelled):
        await code(ctx)


async def test_staff_mark_with_a_reason_and_every_word_stays(ctx, clock):
    alias = await aliases.give(ctx, "worker_li")
    _, (mine,) = await five_lessons(ctx, "li")
    clock.put(START + HOUR)
    await scan(ctx, "li")
    row = await mark(ctx, mine, START, Mark.PRESENT)
    assert row.mark is Mark.PRESENT
    assert [(each.mark, each.by) for each in row.trail] == [
        (Mark.LATE, None),
        (Mark.PRESENT, "staff_wang"),
    ]
    assert (await scan(ctx, "li")).mark is Mark.PRESENT
    (note,) = await Entry.many(ctx, {"what": "training.mark"})
    assert (note.subject, note.reason) == (alias, "点名")


async def test_two_teachers_at_once_leave_two_words(ctx, clock):
    _, (mine,) = await five_lessons(ctx, "li")
    clock.put(START)
    wang, chen = await manager(ctx, "wang"), await manager(ctx, "chen")
    await asyncio.gather(
        mark(ctx, mine, START, Mark.PRESENT, wang),
        mark(ctx, mine, START, Mark.ABSENT, chen),
    )
    (row,) = await Attendance.many(ctx, {})
    assert len(row.trail) == 2
    assert row.mark is row.trail[-1].mark


async def test_what_makes_no_sense_is_not_marked(ctx, clock):
    _, (mine,) = await five_lessons(ctx, "li")
    clock.put(START)
    for lesson in (START + HOUR, LESSONS[1]):
        with pytest.raises(NoSuchLesson):
            await mark(ctx, mine, lesson, Mark.PRESENT)
    west = await manager(ctx, "west", unit="unit_west")
    with pytest.raises(NoSuchEnrolment):
        await mark(ctx, mine, START, Mark.PRESENT, west)
    with pytest.raises(NoSuchTrainingSession):
        await code(ctx, west)
    with pytest.raises(NoSuchTrainingSession):
        await completion.close_register(ctx, "session_one", by=west)


async def attended(ctx, clock, enrolment, lessons):
    for lesson in LESSONS[:lessons]:
        await mark(ctx, enrolment, lesson, Mark.PRESENT)


async def test_the_register_says_in_the_end_who_completed_it(ctx, clock):
    run, (a, b, c) = await five_lessons(ctx, "a", "b", "c")
    clock.put(LESSONS[-1])
    await attended(ctx, clock, a, 4)
    await attended(ctx, clock, b, 3)
    await mark(ctx, c, START, Mark.ABSENT)
    wang = await manager(ctx)
    with pytest.raises(SessionMovedOn):
        await completion.close_register(ctx, "session_one", by=wang)
    clock.put(run.ends_at)
    await offers.lapse_overdue(ctx)
    closed = await completion.close_register(ctx, "session_one", by=wang)
    assert closed.register_closed_at == clock.now()
    assert await states(ctx) == {"a": "completed", "b": "partial", "c": "no_show"}
    (happened,) = await events_of(ctx, "TrainingCompleted")
    assert (happened["worker_id"], happened["attended"], happened["lessons"]) == (
        "worker_a",
        4,
        5,
    )
    await deliver_events(ctx)
    assert "training_completed" in await told(ctx, "a")
    with pytest.raises(SessionMovedOn) as refused:
        await completion.close_register(ctx, "session_one", by=wang)
    assert refused.value.details["register_closed"]
    with pytest.raises(RegisterClosed):
        await mark(ctx, b, LESSONS[3], Mark.PRESENT)
    with pytest.raises(RegisterClosed):
        await scan(ctx, "b")


async def test_a_crash_after_closing_is_finished_once(ctx, clock, monkeypatch):
    run, (a, _) = await five_lessons(ctx, "a", "b")
    clock.put(LESSONS[-1])
    await attended(ctx, clock, a, 5)
    clock.put(run.ends_at)

    async def die(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(completion, "settle", die)
        await completion.close_register(ctx, "session_one", by=await manager(ctx))
    assert await completion.settle_all(ctx) == 2
    assert await completion.settle_all(ctx) == 0
    assert await state_of(ctx, a) is State.COMPLETED
    assert len(await events_of(ctx, "TrainingCompleted")) == 1


async def test_two_managers_close_a_register_once(ctx, clock):
    run, (a,) = await five_lessons(ctx, "a")
    clock.put(LESSONS[-1])
    await attended(ctx, clock, a, 5)
    clock.put(run.ends_at)
    wang, chen = await manager(ctx, "wang"), await manager(ctx, "chen")
    both = await asyncio.gather(
        completion.close_register(ctx, "session_one", by=wang),
        completion.close_register(ctx, "session_one", by=chen),
        return_exceptions=True,
    )
    assert [isinstance(each, SessionMovedOn) for each in both].count(True) == 1
    assert len(await events_of(ctx, "TrainingCompleted")) == 1


async def test_a_lesson_moved_after_the_sign_in_counts_no_more(ctx, clock):
    run, (mine,) = await five_lessons(ctx, "li")
    clock.put(START - EARLY)
    await scan(ctx, "li")
    later = tuple(
        Meeting(starts_at=each + HOUR, ends_at=each + 3 * HOUR) for each in LESSONS
    )
    new = NewDate(meetings=later, place=run.place)
    boss = await manager(ctx)
    await moving.move(ctx, run.id, new, version=0, reason="停电", by=boss)
    clock.put(later[-1].ends_at)
    await completion.close_register(ctx, run.id, by=boss)
    assert await state_of(ctx, mine) is State.NO_SHOW
