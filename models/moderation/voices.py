"""Voices (申诉与举报): what authors and readers say about a piece.

Source: features S6-02 (appeal), X-21 (three distinct reports → hidden, looked at).
"""

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict
from models.moderation.pieces import NoSuchPiece, Piece, Report, State, Why
from models.workers.sessions import SignedIn

HIDDEN_FROM = 3
"""Reports of so many different people hide a piece till somebody has looked."""


class NothingToAppeal(Conflict):
    """Only a refusal can be appealed against, and once; ``details.state`` says more."""

    code = "nothing_to_appeal"
    message = "这条内容目前不能申诉，每条内容可申诉一次。"


async def appeal(ctx: Context, about_id: str, text: str, *, by: SignedIn) -> Piece:
    """Say why a refused text should be seen (申诉); once.

    Refuses: NoSuchPiece, NothingToAppeal.
    """
    mine = {"about": about_id, "author_id": by.id}
    appealed = await Piece.change(
        ctx,
        {**mine, "state": State.REFUSED, "appeal": None},
        {
            "$set": {
                "state": State.APPEALED,
                "state_since": ctx.clock.now(),
                "why": Why.APPEALED,
                "appeal": text,
            }
        },
    )
    if appealed is not None:
        return appealed
    piece = await Piece.find(ctx, **mine, state={"$ne": State.WITHDRAWN})
    if piece is None:
        raise NoSuchPiece
    raise NothingToAppeal({"state": piece.state})


async def report(ctx: Context, about_id: str, reason: str, *, by: SignedIn) -> None:
    """Say that a text should not be here (举报); the third hides it.

    Rules: one report a person counts, and not again once somebody has looked.
    Refuses: NoSuchPiece.
    """
    mark, *older = ctx.secrets.blinds("reporter", f"{about_id}:{by.id}")
    said = plain(Report(mark=mark, reason=reason, at=ctx.clock.now()))
    all_of_them = {"$concatArrays": ["$reports", [{"$literal": said}]]}
    enough = {"$gte": [{"$add": [{"$size": "$reports"}, 1]}, HIDDEN_FROM]}
    visible = {"about": about_id, "state": State.VISIBLE}
    new = {
        "author_id": {"$ne": by.id},
        "reports.mark": {"$nin": [mark, *older]},
        "heard": {"$nin": [mark, *older]},
    }
    counted = await Piece.change(
        ctx,
        visible | new,
        [
            {
                "$set": {
                    "reports": all_of_them,
                    "state": {"$cond": [enough, State.QUEUED, "$state"]},
                    "why": {"$cond": [enough, Why.REPORTED, "$why"]},
                    "state_since": {"$cond": [enough, ctx.clock.now(), "$state_since"]},
                }
            }
        ],
    )
    if counted is None and await Piece.find(ctx, **visible) is None:
        raise NoSuchPiece
