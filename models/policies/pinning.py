"""Pinning (置顶、取消置顶): who may put a policy above all others, and for how long.

Whoever reviews what the policy's unit writes; the places are the whole inn's, so a
full board is refused and nobody's pin is pushed off by another's.

Source: screens.md, "Console: content editor" (政策管理: pin).
"""

from datetime import date, timedelta

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict, Invalid, NotFound
from models.base.store import atomic
from models.policies import library, pins
from models.policies.editions import NoSuchPolicy, Policy
from models.policies.pins import BOARD, MOST, Board, Pin
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission

FARTHEST = timedelta(days=90)
"""A season; what matters longer is pinned again by somebody who looked."""


class BadPinDay(Invalid):
    """The last day is over, or too far ahead; ``details.until`` is the farthest."""

    code = "bad_pin_day"
    message = "置顶截止日须在今天到90天之内，请重新选择。"


class PinsFull(Conflict):
    """Every place is taken; ``details.policy_ids`` name by which policies."""

    code = "pins_full"
    message = f"最多同时置顶{MOST}条政策，请先取消一条，或联系上级工会调整。"


class NotPinned(NotFound):
    """The policy does not stand on the board."""

    code = "not_pinned"
    message = "这条政策没有置顶，请刷新后查看。"


@atomic()
async def pin(ctx: Context, policy_id: str, *, until: date, by: Official) -> Pin:
    """Put a policy above all others till a day, that day included (置顶).

    Rules: the latest comes first; one that is pinned already keeps its place and gets
    the other day.
    Refuses: PermissionMissing, NoSuchPolicy, PolicyGone, PolicyWithdrawn, BadPinDay,
        PinsFull.
    """
    policy = await _reach(ctx, policy_id, by)
    today = ctx.clock.today()
    if not today <= until <= today + FARTHEST:
        raise BadPinDay({"until": (today + FARTHEST).isoformat()})
    await library.policy(ctx, policy_id)
    held = await _held(ctx)
    new = Pin(policy_id=policy_id, until=until, pinned_at=ctx.clock.now(), by=by.id)
    others = [each for each in held if each.policy_id != policy_id]
    if len(others) >= MOST:
        raise PinsFull({"policy_ids": [each.policy_id for each in others]})
    if len(others) == len(held):
        held = [new, *held]
    else:
        held = [new if each.policy_id == policy_id else each for each in held]
    await _put(ctx, held)
    await _note(ctx, policy, "policies.pin", until.isoformat(), by)
    return new


@atomic()
async def unpin(ctx: Context, policy_id: str, *, by: Official) -> None:
    """Let a policy stand where it would by itself again (取消置顶).

    Refuses: PermissionMissing, NoSuchPolicy, NotPinned.
    """
    policy = await _reach(ctx, policy_id, by)
    held = await _held(ctx)
    others = [each for each in held if each.policy_id != policy_id]
    if len(others) == len(held):
        raise NotPinned
    await _put(ctx, others)
    await _note(ctx, policy, "policies.unpin", "", by)


async def _reach(ctx: Context, policy_id: str, by: Official) -> Policy:
    scope = by.scope(Permission.POLICIES_REVIEW)
    policy = await Policy.get(ctx, policy_id)
    if policy is None or not scope.covers(policy.org_path):
        raise NoSuchPolicy
    return policy


async def _held(ctx: Context) -> list[Pin]:
    """Return what stands on the board, which nobody else changes till the end."""
    board = await Board.change_or_make(ctx, BOARD, {"$inc": {"rev": 1}})
    return [each.pin for each in await pins.holding(ctx, board)]


async def _put(ctx: Context, held: list[Pin]) -> None:
    await Board.change(ctx, {"_id": BOARD}, {"$set": {"pins": plain(held)}})


async def _note(
    ctx: Context, policy: Policy, what: str, reason: str, by: Official
) -> None:
    await acts.note(
        ctx,
        what,
        policy.id,
        under=Permission.POLICIES_REVIEW,
        at=policy.org_path,
        by=by,
        reason=reason,
    )
