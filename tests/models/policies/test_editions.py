"""Editions: one public at any instant, ends, history, what is refused."""

import asyncio
import itertools
from datetime import date

import pytest

from models.base.clock import end_of
from models.eligibility.problems import BadRule
from models.policies import editions, history, library
from models.policies.chain import OutOfOrder
from models.policies.editions import Edition, NoSuchPolicy, Policy
from models.policies.history import NotYet
from models.policies.library import PolicyGone, PolicyWithdrawn
from tests.models.policies.texts import DAY, NOW, RULE, draft, identity, publish


async def test_a_new_edition_ends_the_one_before_at_its_first_instant(ctx):
    first = await publish(ctx, publish_at=NOW - 2 * DAY)
    second = await publish(ctx, publish_at=NOW - DAY, number="示例〔2026〕2号")
    known = await editions.of_policy(ctx, "policy_one")
    assert [each.id for each in known] == [second.id, first.id]
    assert known[1].visible_to == second.visible_from
    assert (await library.policy(ctx, "policy_one")).id == second.id


async def test_ids_are_the_policys_and_its_editions_number(ctx):
    first = await publish(ctx, publish_at=NOW - 2 * DAY)
    second = await publish(ctx, publish_at=NOW - DAY)
    assert (first.id, second.id) == ("edition_one_1", "edition_one_2")


async def test_an_edition_before_the_last_is_refused_and_changes_nothing(ctx):
    await publish(ctx, publish_at=NOW - DAY)
    with pytest.raises(OutOfOrder):
        await publish(ctx, publish_at=NOW - 2 * DAY)
    assert (await Policy.get(ctx, "policy_one")).editions == 1


async def test_an_unsound_rule_is_refused(ctx):
    with pytest.raises(BadRule):
        await publish(ctx, rule={"all": [{"id": "x"}]})
    assert await Policy.get(ctx, "policy_one") is None


async def test_two_publishers_at_once_leave_one_public_edition(ctx):
    await publish(ctx, publish_at=NOW - 3 * DAY)
    done = await asyncio.gather(
        *(publish(ctx, publish_at=NOW - DAY + n * DAY / 10) for n in range(6)),
        return_exceptions=True,
    )
    assert all(isinstance(each, Edition | OutOfOrder) for each in done)
    spans = [(e.visible_from, e.visible_to) for e in await Edition.many(ctx, {})]
    spans.sort()
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


async def test_valid_to_is_the_end_of_that_day_in_shanghai(ctx, clock):
    await publish(ctx, valid_to=date(2026, 11, 23))
    clock.put(end_of(date(2026, 11, 23)) - (DAY / 86_400_000))
    assert await library.policy(ctx, "policy_one")
    clock.put(end_of(date(2026, 11, 23)))
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, "policy_one")
    assert gone.value.code == "policy_expired"
    assert gone.value.details["ended_at"] == "2026-11-23T16:00:00+00:00"


async def test_withdrawn_is_told_with_its_reason_word_for_word(ctx):
    await publish(ctx)
    await editions.withdraw(ctx, "policy_one", reason="$5有误", at=NOW)
    with pytest.raises(PolicyWithdrawn) as gone:
        await library.policy(ctx, "policy_one")
    assert gone.value.details == {"reason": "$5有误", "replaced_by": None}


async def test_what_is_withdrawn_before_its_moment_was_never_public(ctx, clock):
    await publish(ctx, publish_at=NOW + DAY)
    await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)
    clock.put(NOW + 2 * DAY)
    with pytest.raises(NoSuchPolicy):
        await library.policy(ctx, "policy_one")
    await publish(ctx, publish_at=NOW + DAY / 2)
    assert await library.policy(ctx, "policy_one")


async def test_a_superseded_policy_names_its_successor(ctx):
    await publish(ctx, "old")
    await editions.supersede(ctx, "policy_old", successor="policy_new", at=NOW)
    with pytest.raises(PolicyGone) as gone:
        await library.policy(ctx, "policy_old")
    assert gone.value.code == "policy_expired"
    assert gone.value.details["replaced_by"] == "policy_new"


async def test_nobody_ends_what_was_never_published(ctx):
    with pytest.raises(NoSuchPolicy):
        await editions.withdraw(ctx, "policy_one", reason="发布有误。", at=NOW)
    with pytest.raises(NoSuchPolicy):
        await editions.supersede(ctx, "policy_one", successor="policy_2", at=NOW)


async def test_a_past_day_has_its_own_edition(ctx):
    first, second = date(2026, 1, 1), date(2026, 3, 1)
    day = end_of(date(2025, 12, 31)), end_of(date(2026, 2, 28))
    await publish(ctx, publish_at=day[0], effective_from=first, number="1")
    await publish(ctx, publish_at=day[1], effective_from=second, number="2")
    found = await history.in_force(ctx, "policy_one", date(2026, 2, 10))
    assert found.number == "1"
    found = await history.in_force(ctx, "policy_one", date(2026, 3, 1))
    assert found.number == "2"
    with pytest.raises(NoSuchPolicy):
        await history.in_force(ctx, "policy_one", date(2025, 12, 31))
    with pytest.raises(NotYet):
        await history.in_force(ctx, "policy_one", date(2026, 11, 24))


async def test_a_text_announced_ahead_does_not_count_before_it_applies(ctx):
    await publish(ctx, publish_at=NOW - 9 * DAY, number="1")
    applies = date(2026, 11, 22)
    await publish(ctx, publish_at=NOW - 5 * DAY, number="2", effective_from=applies)
    found = await history.in_force(ctx, "policy_one", date(2026, 11, 21))
    assert found.number == "1"
    assert (await history.in_force(ctx, "policy_one", applies)).number == "2"


async def test_rules_in_force_on_a_past_day_are_all_of_them(ctx):
    await publish(ctx, rule=RULE)
    await publish(ctx, "two", publish_at=NOW - 5 * DAY, rule=RULE)
    await publish(ctx, "three", publish_at=NOW - 5 * DAY)
    found = await history.all_in_force(ctx, date(2026, 11, 20))
    assert [(each.policy_id, each.html) for each in found] == [("policy_two", "")]


async def test_markup_is_cleaned_once_and_read_as_words(ctx):
    words = "<script>x</script> **加粗** [链接](https://example.com)"
    body = f"## 标题\n\n{words}\n\n- 一\n- 二"
    edition = await editions.publish(ctx, "policy_one", identity(), draft(body=body))
    assert "<script" not in edition.html
    assert "<a" not in edition.html
    assert "<strong>加粗</strong>" in edition.html
    assert edition.text == "标题\n<script>x</script> 加粗 链接\n一\n二"
