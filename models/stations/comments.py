"""Comments (驿站评价): what who was there says of a station, one a person.

A comment is words and a rating; whether others may see it is its piece's to say
(`moderation`), so the public list is a list of pieces. Writing it anew hands a new
piece in and hides the old one.
Source: features S6-02, S1-15; screens.md §6 (驿站 rating).
"""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, NotFound
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.moderation import pieces, voices
from models.moderation.pieces import Kind, NoSuchPiece, Piece
from models.stations import directory
from models.stations.ledger import CheckIn
from models.stations.stations import Station
from models.workers import masks
from models.workers.sessions import SignedIn
from models.workers.workers import Worker

VISITED_WITHIN = timedelta(days=30)

NAMELESS = "微信用户"

Rating = Annotated[int, Meta(ge=1, le=5, description="Stars, 1 to 5.")]
Words = Annotated[str, Meta(min_length=1, max_length=500)]


class Comment(Document, kw_only=True, frozen=True):
    """One person's comment on one station."""

    SHELF = "station_comments"
    PERSONAL = personal.deleted("驿站评价", "worker_id")
    INDEXES = (
        IndexModel(["worker_id", "station_id"], unique=True),
        IndexModel(["worker_id", ("_id", -1)]),
    )

    worker_id: str
    station_id: str
    org_path: str
    rating: Rating
    text: str
    nickname: str | None
    """As it was when this was written, and checked with it."""
    written_at: Instant


class Shown(msgspec.Struct, kw_only=True, frozen=True):
    """A comment as others see it."""

    comment: Comment
    piece: Piece

    @property
    def nickname(self) -> str:
        """Return under which name it is shown."""
        nickname = self.comment.nickname
        return masks.name(nickname) if nickname else NAMELESS


class NotVisited(Conflict):
    """Only who was there within 30 days may say how it was."""

    code = "not_visited"
    message = "请先到站签到，30天内到过的驿站才能评价。"


class NoSuchComment(NotFound):
    """There is no such comment, or others may not see it."""

    code = "no_such_comment"
    message = "没有找到这条评价，可能已被撤下。"


class _WrittenMeanwhile(Conflict):
    """Two first comments of one person met."""


async def write(
    ctx: Context, station_id: str, *, rating: int, text: str, by: SignedIn
) -> Shown:
    """Say how a station is (评价驿站), or say it anew.

    Refuses: NoSuchStation, NotVisited.
    Records: PieceHandedIn.
    """
    station = await directory.find(ctx, station_id)
    await _check_visited(ctx, station.id, by)
    worker = await Worker.get(ctx, by.id)
    nickname = None if worker is None else worker.nickname
    try:
        return await _write(ctx, station, rating, text, nickname, by=by)
    except _WrittenMeanwhile:
        return await _write(ctx, station, rating, text, nickname, by=by)


@atomic(duplicate=_WrittenMeanwhile)
async def _write(
    ctx: Context,
    station: Station,
    rating: int,
    text: str,
    nickname: str | None,
    *,
    by: SignedIn,
) -> Shown:
    now = ctx.clock.now()
    old = await Comment.find(ctx, worker_id=by.id, station_id=station.id)
    comment = Comment(
        id=ctx.new_id("comment") if old is None else old.id,
        worker_id=by.id,
        station_id=station.id,
        org_path=station.org_path,
        rating=rating,
        text=text,
        nickname=nickname,
        written_at=now,
    )
    row = plain(comment)
    await Comment.change_or_make(ctx, row.pop("_id"), {"$set": row})
    piece = Piece(
        id=ctx.new_id("piece"),
        kind=Kind.STATION_COMMENT,
        about=comment.id,
        place=station.id,
        org_path=station.org_path,
        author_id=by.id,
        text=text,
        nickname=nickname,
        state_since=now,
        handed_in_at=now,
        due_at=now,
    )
    return Shown(comment=comment, piece=await pieces.hand_in(ctx, piece))


@atomic()
async def take_back(ctx: Context, station_id: str, *, by: SignedIn) -> None:
    """Take one's comment back (删除评价).

    Refuses: NoSuchComment.
    """
    row = await Comment.shelf(ctx).find_one_and_delete(
        {"worker_id": by.id, "station_id": station_id}
    )
    if row is None:
        raise NoSuchComment
    await pieces.withdraw(ctx, row["_id"])


async def mine(ctx: Context, station_id: str, *, by: SignedIn) -> Shown:
    """Return one's own comment, whether or not others may see it.

    Refuses: NoSuchComment.
    """
    comment = await Comment.find(ctx, worker_id=by.id, station_id=station_id)
    piece = None if comment is None else await pieces.latest(ctx, comment.id)
    if comment is None or piece is None:
        raise NoSuchComment
    return Shown(comment=comment, piece=piece)


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None = None, limit: int = 20
) -> Page[Shown]:
    """List one's own comments, newest first (我的评价).

    Refuses: BadCursor.
    """
    page = await Comment.page(ctx, {"worker_id": by.id}, cursor=cursor, limit=limit)
    present = await pieces.latest_of(ctx, [each.id for each in page.items])
    shown = [
        Shown(comment=each, piece=present[each.id])
        for each in page.items
        if each.id in present
    ]
    return Page(shown, page.next)


async def of_station(
    ctx: Context, station_id: str, *, cursor: str | None = None, limit: int = 20
) -> Page[Shown]:
    """List what everybody may read about a station, newest first.

    Refuses: NoSuchStation, BadCursor.
    """
    await directory.find(ctx, station_id)
    page = await pieces.visible(
        ctx, Kind.STATION_COMMENT, station_id, cursor=cursor, limit=limit
    )
    ids = [piece.about for piece in page.items]
    found = await Comment.many(ctx, {"_id": {"$in": ids}}, limit=len(ids) or 1)
    comments = {comment.id: comment for comment in found}
    return Page(
        [
            Shown(comment=comments[piece.about], piece=piece)
            for piece in page.items
            if piece.about in comments and comments[piece.about].text == piece.text
        ],
        page.next,
    )


async def appeal(ctx: Context, station_id: str, text: str, *, by: SignedIn) -> Shown:
    """Say why one's refused comment should be seen (申诉).

    Refuses: NoSuchComment, NothingToAppeal.
    """
    own = await mine(ctx, station_id, by=by)
    await voices.appeal(ctx, own.comment.id, text, by=by)
    return await mine(ctx, station_id, by=by)


async def report(ctx: Context, comment_id: str, reason: str, *, by: SignedIn) -> None:
    """Say that a comment should not be here (举报).

    Refuses: NoSuchComment.
    """
    try:
        await voices.report(ctx, comment_id, reason, by=by)
    except NoSuchPiece as gone:
        raise NoSuchComment from gone


async def _check_visited(ctx: Context, station_id: str, by: SignedIn) -> None:
    since = ctx.clock.today() - VISITED_WITHIN
    visit = {
        "worker_id": by.id,
        "station_id": station_id,
        "day": {"$gte": since.isoformat()},
        "undone": None,
    }
    if await CheckIn.find(ctx, **visit) is None:
        raise NotVisited
