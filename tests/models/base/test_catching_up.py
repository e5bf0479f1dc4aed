"""Who was away misses nothing, also of what commits late and out of order."""

import asyncio
from datetime import timedelta

import pytest

from models.base import catching_up
from models.base.catching_up import SETTLED, TooLongAway
from models.base.errors import Refusal
from models.base.events import Event, Happening, record
from models.base.pages import BadCursor, encode
from models.base.push import Push, branches, kind_of
from models.base.store import atomic

LIMIT = 50


class BellRang(Event, kw_only=True, frozen=True):
    house: str
    number: int = 0

    def push(self):
        return Push(topics=(f"bells/{self.house}",), ref=f"bell_{self.number}")


class Silence(Event, kw_only=True, frozen=True):
    house: str


async def ring(ctx, house="a", number=0):
    return await record(ctx, BellRang(house=house, number=number))


async def fetch(ctx, after, house="a", limit=LIMIT):
    return await catching_up.changes(
        ctx, [catching_up.about([f"bells/{house}"])], after=after, limit=limit
    )


async def test_without_a_cursor_one_begins_now(ctx):
    await ring(ctx)
    begun = await fetch(ctx, None)
    assert (begun.items, begun.more) == ([], False)


async def test_what_happened_since_is_told_and_nothing_of_others(ctx, clock):
    start = (await fetch(ctx, None)).after
    clock.forward(timedelta(minutes=1))
    kept = await ring(ctx, number=7)
    await ring(ctx, "b")
    await record(ctx, Silence(house="a"))
    (news,) = (await fetch(ctx, start)).items
    assert (news.id, news.kind, news.ref) == (kept.id, "bell_rang", "bell_7")
    assert news.at == clock.now()


async def test_what_commits_late_is_not_skipped(ctx, clock):
    begun, commit = asyncio.Event(), asyncio.Event()

    @atomic()
    async def ring_late(ctx):
        happened = await ring(ctx, number=1)
        begun.set()
        await commit.wait()
        return happened

    start = (await fetch(ctx, None)).after
    late = asyncio.ensure_future(ring_late(ctx))
    await begun.wait()
    clock.forward(timedelta(seconds=90))
    early = await ring(ctx, number=2)
    seen = await fetch(ctx, start)
    assert [news.id for news in seen.items] == [early.id]
    commit.set()
    kept = await late
    again = await fetch(ctx, seen.after)
    assert [news.id for news in again.items] == [kept.id, early.id]


async def test_a_late_commit_amid_a_walk_is_told_in_the_next_one(ctx, clock):
    start = (await fetch(ctx, None)).after
    clock.forward(timedelta(minutes=3))
    stamped = clock.now()
    clock.forward(timedelta(seconds=1))
    rung = [await ring(ctx, number=number) for number in range(3)]
    first = await fetch(ctx, start, limit=1)
    assert first.more
    now = clock.now()
    clock.put(stamped)
    late = await ring(ctx, number=9)
    clock.put(now)
    rest = await fetch(ctx, first.after)
    assert not rest.more
    assert len({news.id for news in (*first.items, *rest.items)}) == len(rung)
    found = {news.id for news in (await fetch(ctx, rest.after)).items}
    assert late.id in found


async def test_what_is_settled_is_told_once(ctx, clock):
    start = (await fetch(ctx, None)).after
    await ring(ctx)
    clock.forward(SETTLED + timedelta(milliseconds=1))
    seen = await fetch(ctx, start)
    assert len(seen.items) == 1
    assert (await fetch(ctx, seen.after)).items == []


async def test_a_walk_of_many_pages_tells_everything_once_and_ends(ctx, clock):
    start = (await fetch(ctx, None)).after
    rung = [await ring(ctx, number=number) for number in range(25)]
    after, told, more = start, [], True
    while more:
        page = await fetch(ctx, after, limit=4)
        told += page.items
        after, more = page.after, page.more
    assert sorted(news.id for news in told) == sorted(each.id for each in rung)
    assert [(n.at, n.id) for n in told] == sorted((n.at, n.id) for n in told)


async def test_who_was_away_longer_than_events_are_kept_is_told_so(ctx, clock):
    start = (await fetch(ctx, None)).after
    clock.forward(timedelta(days=30))
    with pytest.raises(TooLongAway):
        await fetch(ctx, start)


@pytest.mark.parametrize("place", [[1], [10**30, "", None], ["1", "", None], None])
async def test_a_cursor_that_is_not_ours_is_refused(ctx, place):
    with pytest.raises(Refusal) as refused:
        await fetch(ctx, encode(place))
    assert isinstance(refused.value, BadCursor)


async def test_a_cursor_of_the_future_does_not_lead_past_what_comes(ctx, clock):
    ms = round(clock.now().timestamp() * 1000)
    forged = encode([ms, "", ms + 10**9])
    given = (await fetch(ctx, forged)).after
    kept = await ring(ctx)
    assert [news.id for news in (await fetch(ctx, given)).items] == [kept.id]


async def test_fetching_reads_an_index_in_its_order(ctx):
    for number in range(20):
        await ring(ctx, "ab"[number % 2], number)
    where = {
        "push": {"$type": "object"},
        "push.topics": {"$in": ["bells/a", "bells/b"]},
        "at": {"$gte": ctx.clock.now() - SETTLED},
    }
    plan = await (
        Happening.shelf(ctx)
        .find(where, sort=[("at", 1), ("_id", 1)])
        .limit(5)
        .explain()
    )
    winning = str(plan["queryPlanner"]["winningPlan"])
    assert "push.topics_1_at_1__id_1" in winning
    assert "'SORT'" not in winning
    assert "COLLSCAN" not in winning


def test_a_record_is_heard_of_at_every_unit_above_it():
    assert branches("desk", "/unit_city/unit_east/") == (
        "desk@/unit_city/",
        "desk@/unit_city/unit_east/",
    )
    assert branches("desk", "") == ()


def test_a_kind_is_written_as_clients_read_it():
    assert kind_of("FirstAidCalled") == "first_aid_called"
