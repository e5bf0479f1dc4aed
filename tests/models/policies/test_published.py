"""What a process keeps: heard within a second, never past its moments."""

from datetime import date, timedelta

from models.base.clock import end_of
from models.policies import editions, guides, library, synonyms
from models.policies.published import Published
from models.policies.search.query import Query
from models.policies.search.synonyms import Group
from tests.models.policies.texts import (
    DAY,
    NOW,
    RULE,
    heard,
    publish,
    until,
    write_guide,
)
from tests.models.workers.people import another_house

SECOND = timedelta(seconds=1)


async def found(ctx, text="", **narrow):
    asked = Query(text=text, now=ctx.clock.now(), **narrow)
    answer = await library.search(ctx, asked, cursor=None)
    return [hit.entry.title for hit in answer.hits]


async def test_another_process_hears_of_all(ctx, settings, clock):
    async with another_house(settings, clock) as other:
        await publish(ctx)
        await write_guide(ctx)

        async def both():
            return set(await found(other.ctx)) == {"社保补贴", "面试怎么准备"}

        await until(both)
        await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)
        await guides.withdraw(ctx, "guide_one", at=NOW)

        async def none():
            return await found(other.ctx) == []

        await until(none)
        assert library.policy_note(other.ctx, "policy_one") is None
        assert library.guide_note(other.ctx, "guide_one") is None


async def test_a_change_that_the_index_could_not_take_is_not_lost(ctx, monkeypatch):
    writer = ctx.the(Published).index._writer
    write, faults = writer.write, iter([OSError("no room")])

    def fail_once(changes):
        for fault in faults:
            raise fault
        return write(changes)

    monkeypatch.setattr(writer, "write", fail_once)
    await publish(ctx)

    async def shown():
        fresh = ctx.the(Published).is_fresh()
        return fresh and await found(ctx) == ["社保补贴"]

    await until(shown)
    assert next(faults, None) is None


async def test_a_process_that_starts_later_knows_the_same(ctx, settings, clock):
    await publish(ctx, rule=RULE)
    await write_guide(ctx)
    async with another_house(settings, clock) as other:
        assert len(await found(other.ctx)) == 2
        assert other.ctx.the(Published).note("edition_one_1").rule is not None


async def test_a_deleted_text_is_gone(ctx):
    edition = await publish(ctx)
    await write_guide(ctx)
    await heard(ctx, editions=1, guides=1)
    await editions.Edition.shelf(ctx).delete_one({"_id": edition.id})
    await guides.Guide.shelf(ctx).delete_one({"_id": "guide_one"})

    async def gone():
        return await found(ctx) == []

    await until(gone)


async def test_the_epoch_changes_when_a_text_begins_and_when_it_ends(ctx, clock):
    await publish(ctx, publish_at=NOW + DAY, valid_to=date(2026, 11, 30))
    await heard(ctx, editions=1)
    published = ctx.the(Published)
    begin, end = NOW + DAY, end_of(date(2026, 11, 30))
    assert published.epoch(NOW) == published.epoch(begin - SECOND)
    assert published.epoch(begin - SECOND) != published.epoch(begin)
    assert published.epoch(begin) == published.epoch(end - SECOND)
    assert published.epoch(end - SECOND) != published.epoch(end)


async def test_the_epoch_changes_again_when_the_index_has_it(ctx):
    published = ctx.the(Published)
    before = published.epoch(NOW)
    published._put(published._take_edition(await publish(ctx)))
    between = published.epoch(NOW)
    await published.settle()
    assert len({before, between, published.epoch(NOW)}) == 3


async def test_what_begins_and_ends_is_found_exactly_in_between(ctx, clock):
    await publish(ctx, publish_at=NOW + DAY, valid_to=date(2026, 11, 30))
    await heard(ctx, editions=1)
    for at, titles in [
        (NOW + DAY - SECOND, []),
        (NOW + DAY, ["社保补贴"]),
        (end_of(date(2026, 11, 30)) - SECOND, ["社保补贴"]),
        (end_of(date(2026, 11, 30)), []),
    ]:
        clock.put(at)
        assert await found(ctx) == titles
        assert await found(ctx, "社保") == titles
        assert library.suggest(ctx, "社保", limit=8) == titles[:1]
        note = library.policy_note(ctx, "policy_one")
        assert (note is not None) == bool(titles)


async def test_synonyms_reach_every_process(ctx, settings, clock):
    await publish(ctx, title="拖欠工资怎么办", of={"tags": ()})
    async with another_house(settings, clock) as other:
        assert await found(other.ctx, "讨薪") == []
        assert await synonyms.put(ctx, [Group(terms=("讨薪", "拖欠工资"))]) == 1
        assert await synonyms.put(ctx, [Group(terms=("讨薪", "拖欠工资"))]) == 0

        async def known():
            return await found(other.ctx, "讨薪") == ["拖欠工资怎么办"]

        await until(known)


async def test_a_deaf_process_shows_nothing_that_is_gone(ctx, house):
    await publish(ctx)
    await publish(ctx, "two", "社保补贴二")
    await write_guide(ctx)
    await heard(ctx, editions=2, guides=1)
    await house.follower.stop()
    await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)
    await guides.withdraw(ctx, "guide_one", at=NOW)
    house.follower._last_answer = float("-inf")
    asked = Query(text="", now=NOW)
    answer = await library.search(ctx, asked, cursor=None)
    assert [hit.entry.title for hit in answer.hits] == ["社保补贴二"]
    assert (answer.total, answer.facets) == (None, None)
    assert library.suggest(ctx, "社保", limit=8) == []
    assert library.policy_note(ctx, "policy_two") is None
    assert library.guide_note(ctx, "guide_one") is None
    shown = await library.everything(ctx)
    assert [note.policy_id for note in shown.policies] == ["policy_two"]
    assert shown.guides == []
