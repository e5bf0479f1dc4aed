"""People decide what is left open; nobody about their own refusal; reports hide."""

import asyncio

import pytest

from models.base.audit import Entry
from models.moderation import deciding, voices, words
from models.moderation.deciding import PieceMoved, SameDecider
from models.moderation.findings import Says
from models.moderation.pieces import NoSuchPiece
from models.moderation.voices import NothingToAppeal
from models.moderation.words import BadWord, NoSuchWord
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit
from tests.models.moderation.texts import (
    DOUBTFUL,
    EAST,
    FINE,
    RISKY,
    author,
    deliver_events,
    hand_in,
    moderator,
    now_of,
    shown,
    state_of,
    told,
    who,
)
from tests.models.unions import people


async def decide(ctx, piece, by, *, visible):
    return await deciding.decide(ctx, piece.id, visible=visible, reason="看过了", by=by)


async def queued(ctx, simulator, text=DOUBTFUL):
    await author(ctx, simulator)
    piece = await hand_in(ctx, text)
    await deliver_events(ctx)
    return piece


async def appealed(ctx, simulator, by):
    """Refused by a person, and contested."""
    piece = await queued(ctx, simulator)
    await decide(ctx, piece, by, visible=False)
    await voices.appeal(ctx, "comment_1", "没有别的意思", by=who("li"))
    return piece


async def test_a_person_lets_it_be_seen_and_is_kept_with_the_reason(ctx, simulator):
    piece = await queued(ctx, simulator)
    wang = await moderator(ctx)
    (waiting,) = (await deciding.of(ctx, by=wang)).items
    assert waiting.id == piece.id
    await decide(ctx, piece, wang, visible=True)
    assert await shown(ctx) == [DOUBTFUL]
    assert (await deciding.of(ctx, by=wang)).items == []
    (note,) = await Entry.many(ctx, {"about": piece.id})
    assert (note.who, note.what, note.reason, note.org_path) == (
        "staff_wang",
        "moderation.allow",
        "看过了",
        EAST,
    )
    await deliver_events(ctx)
    assert await told(ctx) == ["comment_allowed"]


async def test_the_appeal_is_anothers_to_decide(ctx, simulator):
    wang, li = await moderator(ctx, "wang"), await moderator(ctx, "li")
    piece = await appealed(ctx, simulator, wang)
    with pytest.raises(SameDecider):
        await decide(ctx, piece, wang, visible=True)
    assert await state_of(ctx, piece) == "appealed"
    await decide(ctx, piece, li, visible=True)
    assert await shown(ctx) == [DOUBTFUL]


async def test_a_lent_power_is_the_lenders_hand(ctx, simulator):
    wang = await moderator(ctx)
    piece = await appealed(ctx, simulator, wang)
    await people.official(ctx, "deputy")
    await people.grant(
        ctx,
        "staff_deputy",
        unit="unit_east",
        permissions=(Permission.MODERATION,),
        lent_by="staff_wang",
    )
    deputy = await people.again(ctx, "staff_deputy")
    with pytest.raises(SameDecider):
        await decide(ctx, piece, deputy, visible=True)


async def test_one_appeals_once_and_only_ones_own_refusal(ctx, simulator):
    wang, li = await moderator(ctx, "wang"), await moderator(ctx, "li")
    piece = await appealed(ctx, simulator, wang)
    await decide(ctx, piece, li, visible=False)
    with pytest.raises(NothingToAppeal) as refused:
        await voices.appeal(ctx, "comment_1", "再说一次", by=who("li"))
    assert refused.value.details == {"state": "refused"}
    with pytest.raises(NoSuchPiece):
        await voices.appeal(ctx, "comment_1", "不是我的", by=who("other"))
    await deliver_events(ctx)
    texts = {row["text"] async for row in ctx.db["messages"].find({})}
    assert len([text for text in texts if "申诉" in text]) == 1


async def test_a_machines_refusal_may_be_lifted_by_anybody(ctx, simulator):
    piece = await queued(ctx, simulator, RISKY)
    await voices.appeal(ctx, "comment_1", "在说书名", by=who("li"))
    await decide(ctx, piece, await moderator(ctx), visible=True)
    assert await shown(ctx) == [RISKY]


async def test_of_two_moderators_at_once_one_decides(ctx, simulator):
    piece = await queued(ctx, simulator)
    wang, li = await moderator(ctx, "wang"), await moderator(ctx, "li")
    both = await asyncio.gather(
        decide(ctx, piece, wang, visible=True),
        decide(ctx, piece, li, visible=False),
        return_exceptions=True,
    )
    (late,) = [each for each in both if isinstance(each, Exception)]
    assert isinstance(late, PieceMoved)
    assert len((await now_of(ctx, piece)).decisions) == 1
    assert await Entry.shelf(ctx).count_documents({"about": piece.id}) == 1
    with pytest.raises(PieceMoved):
        await decide(ctx, piece, wang, visible=True)


async def test_what_is_out_of_reach_does_not_exist(ctx, simulator):
    piece = await queued(ctx, simulator)
    west = await moderator(ctx, "west", unit="unit_west")
    assert (await deciding.of(ctx, by=west)).items == []
    with pytest.raises(NoSuchPiece):
        await decide(ctx, piece, west, visible=True)
    with pytest.raises(NoSuchPiece):
        await deciding.reach(ctx, piece.id, by=west)
    nobody = await people.official(ctx, "nobody")
    with pytest.raises(PermissionMissing):
        await deciding.of(ctx, by=nobody)
    assert await state_of(ctx, piece) == "queued"


async def report(ctx, name):
    await voices.report(ctx, "comment_1", "广告", by=who(name))


async def test_three_people_hide_it_and_one_three_times_does_not(ctx, simulator):
    piece = await queued(ctx, simulator, FINE)
    for name in ("a", "a", "a", "li", "b"):
        await report(ctx, name)
    assert await shown(ctx) == [FINE]
    await report(ctx, "c")
    assert await shown(ctx) == []
    assert await state_of(ctx, piece) == "queued"
    with pytest.raises(NoSuchPiece):
        await report(ctx, "d")


async def test_three_reports_at_once_hide_it(ctx, simulator):
    piece = await queued(ctx, simulator, FINE)
    await asyncio.gather(*(report(ctx, name) for name in "abc"))
    found = await now_of(ctx, piece)
    assert (found.state.value, len(found.reports)) == ("queued", 3)


async def test_reports_that_came_to_nothing_do_not_count_again(ctx, simulator):
    piece = await queued(ctx, simulator, FINE)
    for name in "abc":
        await report(ctx, name)
    await decide(ctx, piece, await moderator(ctx), visible=True)
    for name in "abc":
        await report(ctx, name)
    assert await shown(ctx) == [FINE]
    await deliver_events(ctx)
    assert await told(ctx) == []


async def test_words_are_the_editors_own_within_their_reach(ctx):
    wang = await moderator(ctx)
    west = await moderator(ctx, "west", unit="unit_west")
    word = await words.add(ctx, "unit_east", "押 金貸", says=Says.REVIEW, by=wang)
    assert word.form == "押金贷"
    again = await words.add(ctx, "unit_east", "押金贷", says=Says.RISKY, by=wang)
    assert (again.id, again.says) == (word.id, Says.RISKY)
    assert [each.id for each in (await words.of(ctx, by=wang)).items] == [word.id]
    assert (await words.of(ctx, by=west)).items == []
    with pytest.raises(NoSuchUnit):
        await words.add(ctx, "unit_east", "别的词", says=Says.RISKY, by=west)
    with pytest.raises(NoSuchWord):
        await words.remove(ctx, word.id, by=west)
    for text, says in (("贷", Says.RISKY), ("押金", Says.PASS), ("  ", Says.RISKY)):
        with pytest.raises(BadWord):
            await words.add(ctx, "unit_east", text, says=says, by=wang)
    await words.remove(ctx, word.id, by=wang)
    assert (await words.of(ctx, by=wang)).items == []
    assert await Entry.shelf(ctx).count_documents({"about": word.id}) == 3
