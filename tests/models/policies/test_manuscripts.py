"""Manuscripts: begun, saved, handed in, let pass by others; each refusal, each race."""

import asyncio
from datetime import date

import pytest

from models.base import audit
from models.base.pages import BadCursor
from models.eligibility.problems import BadRule
from models.policies import desk, ending, library, manuscripts, reviewing, writing
from models.policies.contents import (
    Content,
    Incomplete,
    Kind,
    NeverShown,
    TestPersonsFailed,
    Unstorable,
)
from models.policies.desk import Order, Wanted
from models.policies.manuscripts import (
    BadTransition,
    FourEyes,
    Manuscript,
    NoSuchManuscript,
    Seen,
    StaleVersion,
)
from models.policies.reviewing import MomentPast, NothingToConfirm, RemarkNeeded
from models.policies.stages import State
from models.policies.texts import Because
from models.policies.wording import BodyFormat
from models.policies.writing import NoSuchDocument, OpenDraftExists, TitleNeeded
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from tests.models.policies.papers import (
    FITS,
    TESTED,
    W,
    article,
    begun,
    chief,
    content,
    editor,
    published,
    reviewer,
    state,
    submitted,
)
from tests.models.policies.texts import DAY, NOW
from tests.models.unions import people

R = Permission.POLICIES_REVIEW


async def test_a_manuscript_goes_from_draft_to_the_public(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await begun(ctx, me)
    assert (draft.org_path, draft.lock_version) == ("/unit_city/unit_east/", 1)
    await writing.submit(ctx, draft.id, by=me)
    done = await reviewing.approve(ctx, draft.id, by=other, remark="可以发布")
    assert done.state_at(NOW) is State.PUBLISHED
    assert [(s.deed, s.by, s.remark) for s in done.history] == [
        ("begun", me.id, ""),
        ("submitted", me.id, ""),
        ("approved", other.id, "可以发布"),
    ]
    edition = await library.policy(ctx, draft.document_id)
    assert (edition.id, edition.identity.title) == (done.public.text_id, "社保补贴")
    noted = await audit.Entry.many(ctx, {"about": draft.id})
    assert {(e.what, e.org_path) for e in noted} == {
        (f"manuscripts.{deed}", draft.org_path)
        for deed in ("begun", "submitted", "approved")
    }


async def test_guidance_goes_the_same_way(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    first = await published(ctx, me, other, kind=Kind.GUIDANCE)
    id_ = first.document_id
    assert (await library.guide(ctx, id_)).title == "面试怎么准备"
    second = await published(
        ctx,
        me,
        other,
        article("面试三步走"),
        kind=Kind.GUIDANCE,
        document_id=id_,
        at=NOW + DAY,
    )
    assert (await library.guide(ctx, id_)).title == "面试怎么准备"
    ctx.clock.put(NOW + DAY)
    found = await library.guide(ctx, id_)
    assert (found.title, found.article) == ("面试三步走", id_)
    assert await state(ctx, first) == "superseded"
    assert await state(ctx, second) == "published"


async def test_a_document_has_one_open_manuscript(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    calls = (begun(ctx, me, document_id=done.document_id) for _ in range(5))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    (opened,) = [each for each in answers if isinstance(each, Manuscript)]
    refused = [each for each in answers if isinstance(each, OpenDraftExists)]
    assert len(refused) == 4
    assert {each.details["manuscript_id"] for each in refused} == {opened.id}
    await writing.archive(ctx, opened.id, by=me)
    assert await begun(ctx, me, document_id=done.document_id)


async def test_a_stale_save_is_shown_both_versions(ctx):
    me, colleague = await editor(ctx), await editor(ctx, "colleague")
    draft = await begun(ctx, me)
    calls = (
        writing.save(ctx, draft.id, content(title), version=1, by=who)
        for title, who in (("甲", me), ("乙", colleague))
    )
    answers = await asyncio.gather(*calls, return_exceptions=True)
    (saved,) = [each for each in answers if isinstance(each, Manuscript)]
    (stale,) = [each for each in answers if isinstance(each, StaleVersion)]
    assert stale.details["lock_version"] == saved.lock_version == 2
    assert stale.details["current"]["title"] == saved.content.title
    assert {stale.details["yours"]["title"], saved.content.title} == {"甲", "乙"}


async def test_saving_again_and_again_is_one_step_of_the_history(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me)
    for version in (1, 2, 3):
        draft = await writing.save(ctx, draft.id, content(), version=version, by=me)
    assert [step.deed for step in draft.history] == ["begun", "saved"]
    assert draft.lock_version == 4


async def test_whoever_had_a_hand_in_it_does_not_let_it_pass(ctx):
    author, writer, sender = [await chief(ctx, name) for name in "abc"]
    draft = await begun(ctx, author)
    await writing.save(ctx, draft.id, content(), version=1, by=writer)
    await writing.submit(ctx, draft.id, by=sender)
    for who in (author, writer, sender):
        with pytest.raises(FourEyes):
            await reviewing.approve(ctx, draft.id, by=who)
        with pytest.raises(FourEyes):
            await reviewing.reject(ctx, draft.id, by=who, remark="不行")
    other = await reviewer(ctx)
    assert (await reviewing.approve(ctx, draft.id, by=other)).public


async def test_lent_power_does_not_get_round_four_eyes(ctx):
    author = await chief(ctx, "author")
    deputy = await people.official(ctx, "deputy")
    lent = {"lent_by": author.id, "permissions": (R,)}
    await people.grant(ctx, deputy.id, unit="unit_east", **lent)
    deputy = await people.again(ctx, deputy.id)
    draft = await submitted(ctx, author)
    with pytest.raises(FourEyes):
        await reviewing.approve(ctx, draft.id, by=deputy)


async def test_what_was_written_with_lent_power_is_its_lenders_too(ctx):
    lender = await chief(ctx, "lender")
    deputy = await people.official(ctx, "deputy")
    await people.grant(
        ctx, deputy.id, unit="unit_east", permissions=(W,), lent_by=lender.id
    )
    deputy = await people.again(ctx, deputy.id)
    draft = await submitted(ctx, deputy)
    assert draft.history[0].acting_for == lender.id
    with pytest.raises(FourEyes):
        await reviewing.approve(ctx, draft.id, by=lender)


async def test_two_reviewers_at_once_let_it_pass_once(ctx):
    me = await editor(ctx)
    others = [await reviewer(ctx, f"r{n}") for n in range(4)]
    draft = await submitted(ctx, me)
    calls = (reviewing.approve(ctx, draft.id, by=who) for who in others)
    answers = await asyncio.gather(*calls, return_exceptions=True)
    kinds = sorted(type(each).__name__ for each in answers)
    assert kinds == ["BadTransition"] * 3 + ["Manuscript"]
    assert len(await library.editions.of_policy(ctx, draft.document_id)) == 1


async def test_what_cannot_be_done_from_where_it_stands_says_where_it_stands(ctx):
    me, other = await chief(ctx, "me"), await chief(ctx, "other")
    draft = await begun(ctx, me)
    for call in (
        reviewing.approve(ctx, draft.id, by=other),
        reviewing.reject(ctx, draft.id, by=other, remark="不行"),
        writing.take_back(ctx, draft.id, by=me),
    ):
        with pytest.raises(BadTransition) as refused:
            await call
        assert refused.value.details["state"] == "draft"
    await writing.submit(ctx, draft.id, by=me)
    for call in (
        writing.save(ctx, draft.id, content(), version=2, by=me),
        writing.submit(ctx, draft.id, by=me),
        writing.archive(ctx, draft.id, by=me),
    ):
        with pytest.raises(BadTransition) as refused:
            await call
        assert refused.value.details["state"] == "submitted"


async def test_sent_back_with_a_remark_it_is_written_on(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await submitted(ctx, me)
    with pytest.raises(RemarkNeeded):
        await reviewing.reject(ctx, draft.id, by=other, remark="  ")
    back = await reviewing.reject(ctx, draft.id, by=other, remark="缺少依据")
    assert back.state_at(NOW) is State.REJECTED
    saved = await writing.save(
        ctx, draft.id, content(), version=back.lock_version, by=me
    )
    assert saved.state_at(NOW) is State.DRAFT
    again = await writing.submit(ctx, draft.id, by=me)
    assert again.state_at(NOW) is State.SUBMITTED
    taken = await writing.take_back(ctx, draft.id, by=me)
    assert taken.state_at(NOW) is State.DRAFT


async def test_a_reviewer_lets_pass_what_they_read_and_nothing_later(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await submitted(ctx, me)
    await writing.take_back(ctx, draft.id, by=me)
    saved = await writing.save(ctx, draft.id, content("别的"), version=3, by=me)
    await writing.submit(ctx, draft.id, by=me)
    with pytest.raises(StaleVersion) as stale:
        await reviewing.approve(
            ctx, draft.id, by=other, seen=Seen(version=draft.lock_version)
        )
    assert stale.value.details["current"]["title"] == saved.content.title


async def test_gaps_may_be_saved_and_not_handed_in(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me, Content(title="社保补贴"))
    with pytest.raises(Incomplete) as refused:
        await writing.submit(ctx, draft.id, by=me)
    paths = {each["path"] for each in refused.value.details["problems"]}
    assert {"$.topic", "$.body", "$.effective_from"} <= paths
    assert await state(ctx, draft) == "draft"
    wrong = content(effective_to=date(2025, 1, 1), region="999999")
    await writing.save(ctx, draft.id, wrong, version=1, by=me)
    with pytest.raises(Incomplete) as refused:
        await writing.submit(ctx, draft.id, by=me)
    paths = [each["path"] for each in refused.value.details["problems"]]
    assert paths == ["$.region", "$.effective_to"]


async def test_what_makes_no_sense_is_not_even_saved(ctx):
    me = await editor(ctx)
    with pytest.raises(TitleNeeded):
        await begun(ctx, me, content(" "))
    with pytest.raises(BadRule):
        await begun(ctx, me, content(rule={"all": [{"id": "x"}]}))
    for person in ({"\x00": 1}, {"n": 1 << 70}):
        with pytest.raises(Unstorable):
            await begun(ctx, me, content(test_persons=(person,)))
    assert await Manuscript.shelf(ctx).count_documents({}) == 0


async def test_a_rule_is_tried_before_it_is_handed_in(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me, content(**TESTED))
    wrong = TESTED | {"test_persons": (FITS | {"expects": "not_eligible"},)}
    await writing.save(ctx, draft.id, content(**wrong), version=1, by=me)
    with pytest.raises(TestPersonsFailed) as failed:
        await writing.submit(ctx, draft.id, by=me)
    named = {each["name"] for each in failed.value.details["failures"]}
    assert "合适" in named
    await writing.save(ctx, draft.id, content(**TESTED), version=2, by=me)
    assert await writing.submit(ctx, draft.id, by=me)


async def test_what_is_forced_waits_for_another_person(ctx):
    forcer, author, other = [await chief(ctx, name) for name in ("f", "a", "o")]
    draft = await begun(ctx, author)
    with pytest.raises(RemarkNeeded):
        await reviewing.force_publish(ctx, draft.id, by=forcer, reason="")
    forced = await reviewing.force_publish(ctx, draft.id, by=forcer, reason="暴雨")
    assert forced.state_at(NOW) is State.PUBLISHED
    assert await library.policy(ctx, draft.document_id)
    assert await reviewing.count_unconfirmed(ctx) == 1
    listed = await desk.of(
        ctx, Wanted(awaiting_my_review=True), by=other, cursor=None, limit=20
    )
    assert [each.id for each in listed.items] == [draft.id]
    for who in (forcer, author):
        with pytest.raises(FourEyes):
            await reviewing.confirm(ctx, draft.id, by=who)
    confirmed = await reviewing.confirm(ctx, draft.id, by=other)
    assert confirmed.forced.confirmed_by == other.id
    assert await reviewing.count_unconfirmed(ctx) == 0
    with pytest.raises(NothingToConfirm):
        await reviewing.confirm(ctx, draft.id, by=other)


async def test_what_was_forced_and_put_away_is_still_confirmed(ctx):
    boss, other = await chief(ctx), await reviewer(ctx)
    draft = await begun(ctx, boss)
    await reviewing.force_publish(ctx, draft.id, by=boss, reason="暴雨")
    told = {"because": Because.IN_ERROR, "reason": "雨停了。"}
    await ending.withdraw(ctx, draft.id, by=boss, **told)
    await writing.archive(ctx, draft.id, by=boss)
    with pytest.raises(FourEyes):
        await reviewing.confirm(ctx, draft.id, by=boss)
    await reviewing.confirm(ctx, draft.id, by=other)
    assert await reviewing.count_unconfirmed(ctx) == 0


async def test_nothing_is_forced_that_was_changed_since_it_was_read(ctx):
    boss, me = await chief(ctx), await editor(ctx)
    draft = await begun(ctx, me)
    await writing.save(ctx, draft.id, content("写了一半"), version=1, by=me)
    with pytest.raises(StaleVersion):
        await reviewing.force_publish(
            ctx, draft.id, by=boss, reason="暴雨", seen=Seen(version=1)
        )
    assert await state(ctx, draft) == "draft"


async def test_forcing_does_not_get_round_the_rules_trial(ctx):
    boss = await chief(ctx)
    draft = await begun(ctx, boss, content(rule=TESTED["rule"]))
    with pytest.raises(TestPersonsFailed):
        await reviewing.force_publish(ctx, draft.id, by=boss, reason="暴雨")
    assert await state(ctx, draft) == "draft"


async def test_nobody_publishes_into_the_past_or_after_the_last_day(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await submitted(ctx, me, content(valid_to=date(2026, 11, 24)))
    with pytest.raises(MomentPast):
        await reviewing.approve(ctx, draft.id, by=other, publish_at=NOW - DAY)
    with pytest.raises(NeverShown):
        await reviewing.approve(ctx, draft.id, by=other, publish_at=NOW + 2 * DAY)
    assert await state(ctx, draft) == "submitted"


async def test_what_lies_elsewhere_does_not_exist(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    done = await published(ctx, me, other)
    draft = await begun(ctx, me, document_id=done.document_id)
    stranger = await chief(ctx, "stranger", unit="unit_west")
    for call in (
        manuscripts.find(ctx, draft.id, by=stranger),
        writing.save(ctx, draft.id, content(), version=1, by=stranger),
        writing.submit(ctx, draft.id, by=stranger),
        reviewing.force_publish(ctx, draft.id, by=stranger, reason="暴雨"),
        writing.copy(ctx, draft.id, by=stranger),
    ):
        with pytest.raises(NoSuchManuscript):
            await call
    with pytest.raises(NoSuchDocument):
        await begun(ctx, stranger, document_id=done.document_id)
    with pytest.raises(NoSuchDocument):
        await begun(ctx, me, document_id="policy_none")
    listed = await desk.of(ctx, Wanted(), by=stranger, cursor=None, limit=20)
    assert listed.items == []


async def test_each_deed_needs_its_own_permission(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await submitted(ctx, me)
    with pytest.raises(PermissionMissing):
        await reviewing.approve(ctx, draft.id, by=me)
    with pytest.raises(PermissionMissing):
        await writing.take_back(ctx, draft.id, by=other)
    with pytest.raises(PermissionMissing):
        await reviewing.force_publish(ctx, draft.id, by=me, reason="暴雨")


async def test_the_desk_finds_what_is_looked_for(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    monday, tuesday = clock.today(), clock.today() + DAY
    done = await published(ctx, me, other, content("租房补贴", topic="housing"))
    clock.forward(DAY)
    draft = await submitted(ctx, me, content("社保(补贴"))
    clock.forward(DAY)
    guide = await begun(ctx, me, kind=Kind.GUIDANCE)
    for wanted, expected in (
        (Wanted(), [guide, draft, done]),
        (Wanted(kind=Kind.GUIDANCE), [guide]),
        (Wanted(topic="housing"), [done]),
        (Wanted(text="社保("), [draft]),
        (Wanted(states=(State.PUBLISHED, State.DRAFT)), [guide, done]),
        (Wanted(states=(State.SCHEDULED, State.EXPIRED)), []),
        (Wanted(mine=True), []),
        (Wanted(since=monday), [guide, draft, done]),
        (Wanted(since=tuesday, until=tuesday), [draft]),
        (Wanted(until=tuesday), [draft, done]),
        (Wanted(since=date.min, until=date.max), [guide, draft, done]),
        (Wanted(since=date.max), []),
        (Wanted(until=date.min), []),
        (Wanted(awaiting_my_review=True), [draft]),
    ):
        page = await desk.of(ctx, wanted, by=other, cursor=None, limit=20)
        assert [each.id for each in page.items] == [each.id for each in expected]
    first = await desk.of(ctx, Wanted(mine=True), by=me, cursor=None, limit=2)
    rest = await desk.of(ctx, Wanted(mine=True), by=me, cursor=first.next, limit=2)
    assert [e.id for e in (*first.items, *rest.items)] == [guide.id, draft.id, done.id]
    assert rest.next is None


async def test_what_has_waited_longest_comes_first(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    begun_first = await begun(ctx, me)
    clock.forward(DAY / 1000)
    handed_in_first = await submitted(ctx, me)
    clock.forward(DAY / 1000)
    await writing.submit(ctx, begun_first.id, by=me)
    at_once = await submitted(ctx, me)
    wanted = Wanted(awaiting_my_review=True, order=Order.WAITING)
    found, cursor = [], None
    for _ in range(3):
        page = await desk.of(ctx, wanted, by=other, cursor=cursor, limit=1)
        cursor = page.next
        found += [each.id for each in page.items]
    together = sorted([begun_first.id, at_once.id])
    assert found == [handed_in_first.id, *together]
    assert cursor is None
    newest = desk.of(ctx, Wanted(), by=other, cursor=None, limit=1)
    with pytest.raises(BadCursor):
        other_order = Wanted(order=Order.WAITING)
        last = (await newest).next
        await desk.of(ctx, other_order, by=other, cursor=last, limit=1)


async def test_html_is_cleaned_when_it_is_saved(ctx):
    me = await editor(ctx)
    body = "<p onclick='x'>好<script>alert(1)</script></p>"
    told = content(body=body, body_format=BodyFormat.HTML)
    assert (await begun(ctx, me, told)).content.body == "<p>好</p>"
