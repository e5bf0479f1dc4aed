"""Nothing is public unchecked; who gives no answer lets nothing pass."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from models.moderation import checking, media, pieces
from models.moderation.findings import Says
from models.moderation.pieces import Piece, Why
from models.moderation.words import Word
from scripts.wechat_simulator.faults import Do, Fault
from tests.models.moderation.texts import (
    DOUBTFUL,
    EAST,
    FINE,
    RISKY,
    author,
    deliver_events,
    hand_in,
    now_of,
    shown,
    state_of,
    told,
)

CHECK = "/wxa/msg_sec_check"


async def word(ctx, text, says, path=EAST):
    return await Word(
        id=f"word_{text}",
        text=text,
        form=text,
        says=says,
        unit_id="unit_east",
        org_path=path,
        added_by="staff_wang",
        added_at=ctx.clock.now(),
    ).insert(ctx)


async def test_a_harmless_text_is_public_as_soon_as_it_is_checked(ctx, simulator):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    assert await shown(ctx) == []
    await deliver_events(ctx)
    assert await shown(ctx) == [FINE]
    found = (await now_of(ctx, piece)).findings
    assert [(each.provider, each.says) for each in found] == [
        ("words", Says.PASS),
        ("wechat", Says.PASS),
    ]
    assert await told(ctx) == []


async def test_a_risky_text_is_invisible_and_its_author_told(ctx, simulator):
    await author(ctx, simulator)
    piece = await hand_in(ctx, RISKY)
    await deliver_events(ctx)
    assert await state_of(ctx, piece) == "refused"
    assert await shown(ctx) == []
    assert await told(ctx) == ["comment_refused"]
    message = await ctx.db["messages"].find_one({})
    assert "赌博" not in message["text"]
    assert "申诉" in message["text"]


async def test_a_doubtful_text_waits_for_a_person(ctx, simulator):
    await author(ctx, simulator)
    piece = await hand_in(ctx, DOUBTFUL)
    await deliver_events(ctx)
    found = await now_of(ctx, piece)
    assert (found.state, found.why) == (pieces.State.QUEUED, Why.DOUBTFUL)
    assert await shown(ctx) == []


async def test_a_nickname_is_checked_with_the_text(ctx, simulator):
    await author(ctx, simulator)
    piece = await hand_in(ctx, nickname="赌博大王")
    await deliver_events(ctx)
    assert await state_of(ctx, piece) == "refused"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(do=Do.ERRCODE, errcode=-1, path=CHECK),
        Fault(do=Do.STATUS, status=502, path=CHECK),
        Fault(do=Do.HTML, path=CHECK),
        Fault(do=Do.EMPTY, path=CHECK),
        Fault(do=Do.DROP, path=CHECK),
    ],
)
async def test_a_service_that_is_down_lets_nothing_pass(ctx, simulator, fault):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    simulator.world.faults.ordered.append(fault)
    await deliver_events(ctx)
    found = await now_of(ctx, piece)
    assert (found.state, found.tries) == (pieces.State.PENDING, 1)
    assert await shown(ctx) == []


async def test_it_is_tried_again_less_and_less_often_till_it_answers(
    ctx, simulator, clock
):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    faults = simulator.world.faults.ordered
    faults.append(Fault(do=Do.ERRCODE, errcode=-1, path=CHECK))
    await checking.check_due(ctx)
    assert await checking.check_due(ctx) == 0
    first = (await now_of(ctx, piece)).due_at - clock.now()
    clock.forward(first)
    await checking.check_due(ctx)
    second = (await now_of(ctx, piece)).due_at - clock.now()
    assert second == 2 * first
    faults.clear()
    clock.forward(second)
    assert await checking.check_due(ctx) == 1
    assert await shown(ctx) == [FINE]


async def test_after_some_hours_a_person_looks(ctx, simulator, clock):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    simulator.world.faults.ordered.append(Fault(do=Do.ERRCODE, errcode=-1, path=CHECK))
    clock.forward(pieces.SETTLED_WITHIN - timedelta(milliseconds=1))
    await checking.check_due(ctx)
    assert await state_of(ctx, piece) == "pending"
    clock.forward(checking.LONGEST_WAIT)
    assert await checking.check_due(ctx) == 1
    found = await now_of(ctx, piece)
    assert (found.state, found.why) == (pieces.State.QUEUED, Why.UNCHECKED)


async def test_whom_wechat_has_not_seen_lately_a_person_looks_at(ctx, simulator, clock):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    clock.forward(timedelta(hours=3))
    await checking.check_due(ctx)
    assert await state_of(ctx, piece) == "queued"


@pytest.mark.parametrize(
    ("says", "state"), [(Says.REVIEW, "queued"), (Says.RISKY, "refused")]
)
async def test_the_editors_own_words_count_in_every_spelling(
    ctx, simulator, says, state
):
    await author(ctx, simulator)
    await word(ctx, "押金贷", says)
    piece = await hand_in(ctx, "快来办押 金 貸！")
    await deliver_events(ctx)
    assert await state_of(ctx, piece) == state
    assert (await now_of(ctx, piece)).findings[0].words == ("押金贷",)


async def test_a_word_of_another_branch_does_not_count_one_from_above_does(
    ctx, simulator
):
    await author(ctx, simulator)
    await word(ctx, "西区词", Says.RISKY, "/unit_city/unit_west/")
    await word(ctx, "全市词", Says.RISKY, "/unit_city/")
    west = await hand_in(ctx, "这里有西区词", about="comment_west")
    city = await hand_in(ctx, "这里有全市词", about="comment_city")
    await deliver_events(ctx)
    assert [await state_of(ctx, each) for each in (west, city)] == [
        "visible",
        "refused",
    ]


async def test_what_is_risky_to_one_is_refused_though_another_is_silent(ctx, simulator):
    await author(ctx, simulator)
    await word(ctx, "押金贷", Says.RISKY)
    simulator.world.faults.ordered.append(Fault(do=Do.DROP, path=CHECK))
    piece = await hand_in(ctx, "办押金贷")
    await deliver_events(ctx)
    assert await state_of(ctx, piece) == "refused"


async def test_a_changed_text_is_checked_anew_and_the_old_one_gone(ctx, simulator):
    await author(ctx, simulator)
    old = await hand_in(ctx)
    await deliver_events(ctx)
    new = await hand_in(ctx, RISKY)
    assert await shown(ctx) == []
    await deliver_events(ctx)
    assert await state_of(ctx, old) == "withdrawn"
    assert await state_of(ctx, new) == "refused"


async def test_a_late_check_of_an_old_text_changes_nothing(ctx, simulator):
    await author(ctx, simulator)
    old = await hand_in(ctx)
    await hand_in(ctx, RISKY)
    assert await checking.settle(ctx, old, ()) is None
    await deliver_events(ctx)
    assert await state_of(ctx, old) == "withdrawn"


async def test_many_at_once_check_a_piece_once(ctx, simulator):
    await author(ctx, simulator)
    piece = await hand_in(ctx)
    done = await asyncio.gather(*(checking.check(ctx, piece.id) for _ in range(8)))
    assert sorted(done) == [*[False] * 7, True]
    assert simulator.world.calls[CHECK] == 1


async def picture(ctx, simulator, url="https://example.org/fine.png"):
    await author(ctx, simulator)
    piece = await hand_in(ctx, "（图片）", media_url=url)
    await deliver_events(ctx)
    return await now_of(ctx, piece)


@pytest.mark.parametrize(
    ("suggest", "state"),
    [("pass", "visible"), ("risky", "refused"), ("review", "queued"), (None, "queued")],
)
async def test_a_picture_is_settled_by_the_push_and_once(
    ctx, simulator, suggest, state
):
    piece = await picture(ctx, simulator)
    assert piece.state is pieces.State.PENDING
    assert piece.trace_id
    for said in (suggest, "pass", "risky"):
        await media.keep(ctx, piece.trace_id, said, 100)
        await checking.take_media_verdict(ctx, piece.trace_id)
    assert await state_of(ctx, piece) == state


async def test_a_push_that_comes_before_the_answer_is_found(ctx, simulator, clock):
    piece = await picture(ctx, simulator)
    trace_id = piece.trace_id
    unset = {"$unset": {"trace_id": ""}, "$set": {"due_at": clock.now()}}
    await Piece.shelf(ctx).update_one({"_id": piece.id}, unset)
    await media.keep(ctx, trace_id, "pass", 100)
    await checking.take_media_verdict(ctx, trace_id)
    assert await state_of(ctx, piece) == "pending"
    late = msgspec.structs.replace(piece, trace_id=trace_id)
    assert (await media.finding_of(ctx, late)).says is Says.PASS


async def test_a_picture_nobody_judges_goes_to_a_person(ctx, simulator, clock):
    piece = await picture(ctx, simulator)
    clock.forward(pieces.SETTLED_WITHIN)
    await checking.check_due(ctx)
    found = await now_of(ctx, piece)
    assert (found.state, found.why) == (pieces.State.QUEUED, Why.UNCHECKED)


async def test_verdicts_are_kept_for_a_while(ctx, clock):
    await media.keep(ctx, "trace", "pass", 100)
    assert await media.forget_old(ctx) == 0
    clock.forward(media.KEPT + timedelta(milliseconds=1))
    assert await media.forget_old(ctx) == 1
