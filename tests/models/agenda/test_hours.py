"""A person is in one place at a time, and one look says so."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.agenda import hours
from models.agenda.hours import Agenda, Taken, TimeConflict
from tests.conftest import TEST_SECONDS

NINE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def taken(ref, start=0.0, end=1.0, *, kind="training", binding=True):
    return Taken(
        ref=ref,
        kind=kind,
        title=f"示例：{ref}",
        start=NINE + start * HOUR,
        end=NINE + end * HOUR,
        binding=binding,
    )


async def take(ctx, *wanted, who="worker_li"):
    await hours.look(ctx, who, wanted)
    await hours.take(ctx, who, wanted)


async def refs(ctx, who="worker_li"):
    return [each.ref for each in await hours.of(ctx, who)]


async def test_an_end_that_is_the_next_start_does_not_clash(ctx):
    await take(ctx, taken("one", 0, 1))
    await take(ctx, taken("two", 1, 2))
    assert await refs(ctx) == ["one", "two"]


@pytest.mark.parametrize(("start", "end"), [(-1, 0.1), (0.9, 2), (0.4, 0.6), (-1, 2)])
async def test_overlapping_hours_clash_and_the_refusal_names_them(ctx, start, end):
    await take(ctx, taken("one", 0, 1))
    with pytest.raises(TimeConflict) as refused:
        await take(ctx, taken("two", start, end))
    assert refused.value.details == {
        "ref": "one",
        "kind": "training",
        "title": "示例：one",
        "start": NINE.isoformat(),
        "end": (NINE + HOUR).isoformat(),
    }
    assert "示例：one" in refused.value.message


async def test_charging_a_phone_binds_nobody_but_one_phone_at_a_time(ctx):
    phone = {"kind": "phone_charging", "binding": False}
    await take(ctx, taken("lesson"))
    await take(ctx, taken("phone", **phone))
    with pytest.raises(TimeConflict):
        await take(ctx, taken("phone2", **phone))
    with pytest.raises(TimeConflict):
        await take(ctx, taken("vehicle", kind="vehicle_charging"))


async def test_all_hours_of_a_course_are_taken_or_none(ctx):
    await take(ctx, taken("one", 5, 6))
    with pytest.raises(TimeConflict):
        await take(ctx, taken("two", 0, 1), taken("two", 5.5, 7))
    assert await refs(ctx) == ["one"]


async def test_taking_again_and_giving_back_again_change_nothing(ctx):
    await take(ctx, taken("one"))
    await take(ctx, taken("one"))
    assert await refs(ctx) == ["one"]
    for _ in range(2):
        await hours.give_back(ctx, "worker_li", ref="one")
    assert await refs(ctx) == []
    await hours.give_back(ctx, "worker_nobody", ref="one")


async def test_no_hours_are_taken_at_once(ctx):
    await take(ctx)
    assert await refs(ctx) == []


async def test_ended_hours_are_not_listed_and_in_the_end_not_kept(ctx, clock):
    await take(ctx, taken("old", 0, 1))
    clock.put(NINE + HOUR)
    assert await refs(ctx) == []
    clock.put(NINE + HOUR + hours.KEPT_PAST)
    await take(ctx, taken("new", 100, 101))
    agenda = await Agenda.find(ctx, _id="worker_li")
    assert [each.ref for each in agenda.taken] == ["new"]


async def test_of_many_at_once_for_the_same_hour_one_gets_it(ctx):
    async def one(number):
        try:
            await take(ctx, taken(f"ref{number}"))
        except TimeConflict:
            return 0
        return 1

    assert sum(await asyncio.gather(*(one(n) for n in range(20)))) == 1
    assert len(await refs(ctx)) == 1


async def test_people_do_not_stand_in_each_others_way(ctx):
    await take(ctx, taken("one"))
    await take(ctx, taken("two"), who="worker_wang")
    assert await refs(ctx, "worker_wang") == ["two"]


spans = st.tuples(st.integers(0, 12), st.integers(1, 4), st.booleans())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wishes=st.lists(spans, max_size=10))
def test_what_is_taken_never_overlaps(ctx, io_loop, wishes):
    async def wish():
        await Agenda.shelf(ctx).delete_many({})
        for number, (start, length, binding) in enumerate(wishes):
            kind = "training" if binding else "phone_charging"
            wanted = taken(
                f"r{number}", start, start + length, kind=kind, binding=binding
            )
            free = not any(
                old.start < wanted.end and wanted.start < old.end
                for old in await hours.of(ctx, "worker_li")
                if old.kind == kind
            )
            try:
                await take(ctx, wanted)
            except TimeConflict:
                assert not free
            else:
                assert free

    io_loop.run_sync(wish, timeout=TEST_SECONDS)
