"""Deciding (人工审核): people, for what machines leave open and authors contest.

Whoever refused a text does not decide about the appeal against it; neither does who
lent or borrowed that power. Every decision has a reason and is kept in the audit.
Source: features S6-02; rules §7.6 (separation).
"""

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict
from models.base.events import record
from models.base.pages import Page
from models.base.store import atomic
from models.moderation.pieces import (
    OPEN,
    Decision,
    NoSuchPiece,
    Piece,
    PieceAllowed,
    PieceRefused,
    State,
    Why,
    about,
)
from models.unions import acts
from models.unions.officials import Official
from models.unions.permissions import Permission


class SameDecider(Conflict):
    """Whoever refused it does not decide about the appeal."""

    code = "same_decider"
    message = "申诉须由另一位审核员处理，请转交同事。"


class PieceMoved(Conflict):
    """The piece is not where this starts from; ``details.state`` says where it is."""

    code = "piece_moved"
    message = "这条内容已被处理，请刷新后再看。"


async def of(
    ctx: Context,
    *,
    state: State | None = None,
    cursor: str | None = None,
    limit: int = 20,
    by: Official,
) -> Page[Piece]:
    """List what waits for a person within reach, or all in one state.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.MODERATION).where()
    where["state"] = {"$in": list(OPEN)} if state is None else state
    return await Piece.page(ctx, where, cursor=cursor, limit=limit)


async def reach(ctx: Context, piece_id: str, *, by: Official) -> Piece:
    """Return a piece within the official's reach.

    Refuses: PermissionMissing, NoSuchPiece.
    """
    where = {"_id": piece_id, **by.scope(Permission.MODERATION).where()}
    piece = await Piece.find(ctx, **where)
    if piece is None:
        raise NoSuchPiece
    return piece


async def decide(
    ctx: Context, piece_id: str, *, visible: bool, reason: str, by: Official
) -> Piece:
    """Let a piece be seen, or refuse it (通过、驳回).

    Refuses: PermissionMissing, NoSuchPiece, PieceMoved, SameDecider.
    Records: PieceAllowed or PieceRefused.
    """
    piece = await reach(ctx, piece_id, by=by)
    if piece.state not in OPEN:
        raise PieceMoved({"state": piece.state})
    hands = by.hands(Permission.MODERATION)
    if piece.state is State.APPEALED and _refusers(piece) & hands:
        raise SameDecider
    decision = Decision(
        by=by.id, hands=hands, visible=visible, reason=reason, at=ctx.clock.now()
    )
    return await _decide(ctx, piece, decision, by)


@atomic()
async def _decide(
    ctx: Context, piece: Piece, decision: Decision, by: Official
) -> Piece:
    state = State.VISIBLE if decision.visible else State.REFUSED
    decided = await Piece.change(
        ctx,
        {"_id": piece.id, "state": piece.state},
        {
            "$set": {"state": state, "state_since": decision.at, "reports": []},
            "$push": {"decisions": plain(decision)},
            "$addToSet": {"heard": {"$each": [each.mark for each in piece.reports]}},
        },
    )
    if decided is None:
        now = await Piece.find(ctx, _id=piece.id) or piece
        raise PieceMoved({"state": now.state})
    await _tell(ctx, piece, decision)
    await acts.note(
        ctx,
        f"moderation.{'allow' if decision.visible else 'refuse'}",
        piece.id,
        under=Permission.MODERATION,
        at=piece.org_path,
        by=by,
        reason=decision.reason,
    )
    return decided


async def _tell(ctx: Context, piece: Piece, decision: Decision) -> None:
    """Tell the author; but not of reports that came to nothing."""
    if decision.visible and piece.why is Why.REPORTED:
        return
    if decision.visible:
        await record(ctx, PieceAllowed(**about(piece)))
        return
    told = PieceRefused(
        **about(piece), reason=decision.reason, may_appeal=piece.appeal is None
    )
    await record(ctx, told)


def _refusers(piece: Piece) -> frozenset[str]:
    refusals = [each.hands for each in piece.decisions if not each.visible]
    return frozenset().union(*refusals)
