"""Comments on stations over HTTP (驿站评价): what others may read, and one's own."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import public, worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.moderation.pieces import State
from models.moderation.voices import NothingToAppeal
from models.stations import comments
from models.stations.comments import (
    NoSuchComment,
    NotVisited,
    Rating,
    Shown,
    Words,
)
from models.stations.stations import NoSuchStation

Reason = Annotated[str, Meta(min_length=2, max_length=200)]


class CommentRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What I say of a station."""

    rating: Rating
    text: Words


class ReasonRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Reason


class CommentsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on, and how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class CommentView(msgspec.Struct, kw_only=True):
    """A comment as others see it; the name is masked."""

    id: str
    nickname: str
    rating: int
    text: str
    written_at: Instant

    @classmethod
    def of(cls, shown: Shown) -> "CommentView":
        """Show a comment to others."""
        return cls(
            id=shown.comment.id,
            nickname=shown.nickname,
            rating=shown.comment.rating,
            text=shown.comment.text,
            written_at=shown.comment.written_at,
        )


class MyCommentView(msgspec.Struct, kw_only=True):
    """My own comment, and whether others see it."""

    id: str
    station_id: str
    rating: int
    text: str
    written_at: Instant
    state: State
    reason: str | None
    """What a person said who refused it."""
    may_appeal: bool

    @classmethod
    def of(cls, shown: Shown) -> "MyCommentView":
        """Show a comment to its author."""
        comment, piece = shown.comment, shown.piece
        refused = piece.state is State.REFUSED
        last = piece.decisions[-1] if piece.decisions else None
        return cls(
            id=comment.id,
            station_id=comment.station_id,
            rating=comment.rating,
            text=comment.text,
            written_at=comment.written_at,
            state=piece.state,
            reason=last.reason if refused and last is not None else None,
            may_appeal=refused and piece.appeal is None,
        )


class StationCommentsHandler(Handler):
    """What is said of a station."""

    @endpoint(access=public, refusals=(NoSuchStation, BadCursor))
    async def get(self, station_id: str, *, query: CommentsQuery) -> Page[CommentView]:
        """List what everybody may read about a station, newest first."""
        page = await comments.of_station(
            self.ctx, station_id, cursor=query.cursor, limit=query.limit
        )
        return Page([CommentView.of(each) for each in page.items], page.next)


class MyStationCommentHandler(Handler):
    """My comment on a station; one a person."""

    @endpoint(access=worker, refusals=(NoSuchComment,))
    async def get(self, station_id: str) -> MyCommentView:
        """Show my comment, also while others do not see it."""
        return MyCommentView.of(
            await comments.mine(self.ctx, station_id, by=self.actor)
        )

    @endpoint(access=worker, refusals=(NoSuchStation, NotVisited), limit=WRITES)
    async def put(self, station_id: str, *, body: CommentRequest) -> MyCommentView:
        """Say how a station is that I visited; checked before others see it."""
        written = await comments.write(
            self.ctx, station_id, rating=body.rating, text=body.text, by=self.actor
        )
        return MyCommentView.of(written)

    @endpoint(access=worker, refusals=(NoSuchComment,), limit=WRITES)
    async def delete(self, station_id: str) -> None:
        """Take my comment back."""
        await comments.take_back(self.ctx, station_id, by=self.actor)


class CommentAppealHandler(Handler):
    """The appeal against a refusal; once."""

    @endpoint(
        access=worker,
        refusals=(NoSuchComment, NothingToAppeal),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: ReasonRequest) -> MyCommentView:
        """Say why my refused comment should be seen; another person looks."""
        reason = body.reason
        appealed = await comments.appeal(self.ctx, station_id, reason, by=self.actor)
        return MyCommentView.of(appealed)


class CommentReportsHandler(Handler):
    """Reports of a comment."""

    @endpoint(access=worker, refusals=(NoSuchComment,), limit=WRITES, repeats=True)
    async def post(self, comment_id: str, *, body: ReasonRequest) -> None:
        """Say that a comment should not be here; three people hide it."""
        await comments.report(self.ctx, comment_id, body.reason, by=self.actor)


class MyCommentsHandler(Handler):
    """All of mine."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: CommentsQuery) -> Page[MyCommentView]:
        """List my comments, newest first."""
        page = await comments.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        return Page([MyCommentView.of(each) for each in page.items], page.next)


STATION = "/worker/v1/stations/{station_id}/comments"

ROUTES: list[Route] = [
    (STATION, StationCommentsHandler),
    (f"{STATION}/mine", MyStationCommentHandler),
    (f"{STATION}/mine/appeal", CommentAppealHandler),
    ("/worker/v1/comments/{comment_id}/reports", CommentReportsHandler),
    ("/worker/v1/me/comments", MyCommentsHandler),
]
