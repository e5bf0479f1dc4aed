"""Publishing over HTTP (发布管理): moments chosen and moved, texts ended, due days."""

import asyncio

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.manuscript_views import ManuscriptItem, ManuscriptView
from handlers.union.manuscripts import Version, anybody
from handlers.union.reviews import Remark
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id, Instant
from models.policies import ending, scheduling
from models.policies.chain import AlreadyBegun, OutOfOrder
from models.policies.contents import Incomplete, NeverShown
from models.policies.ending import SuccessorNeeded
from models.policies.manuscripts import (
    BadTransition,
    NoSuchManuscript,
    Seen,
    StaleVersion,
)
from models.policies.reviewing import MomentPast, RemarkNeeded
from models.policies.scheduling import BadDays, Due, What
from models.policies.successors import NoSuchSuccessor, ReplacementCircle
from models.policies.texts import Because
from models.policies.transitions import PLAN, TAKE_DOWN
from models.policies.writing import OpenDraftExists

planner = official(*PLAN)
"""Whoever moves the moment of what is approved."""

SUCCESSION = (NoSuchSuccessor, ReplacementCircle)


class ScheduleRequest(msgspec.Struct, forbid_unknown_fields=True):
    """When it goes before the public."""

    publish_at: Instant | None = None
    """Null is at once."""
    lock_version: Version | None = None


class WithdrawalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why the public may not read it any more."""

    because: Because
    reason: Remark = ""
    """Compulsory: the sentence its readers are shown."""
    replaced_by: Id | None = None
    """What replaced it, and only then."""
    lock_version: Version | None = None


class ReplacementRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What takes its place."""

    replaced_by: Id
    lock_version: Version | None = None


class CalendarQuery(
    msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}
):
    """From which day to which, at most 92."""

    first: Day
    to: Day
    cursor: Cursor | None = None
    limit: Limit = 20


class DueView(msgspec.Struct):
    """Something that begins or ends."""

    at: Instant
    what: What
    manuscript: ManuscriptItem

    @classmethod
    async def of(cls, ctx: Context, due: Due) -> "DueView":
        """Show a moment of the calendar."""
        return cls(due.at, due.what, await ManuscriptItem.of(ctx, due.manuscript))


class ScheduleHandler(Handler):
    """The moment of what is approved."""

    @endpoint(
        access=planner,
        refusals=(
            NoSuchManuscript,
            BadTransition,
            StaleVersion,
            MomentPast,
            NeverShown,
            OutOfOrder,
            AlreadyBegun,
            Incomplete,
        ),
        limit=WRITES,
    )
    async def put(self, manuscript_id: str, *, body: ScheduleRequest) -> ManuscriptView:
        """Choose the moment it goes public, or move it while it has not come."""
        scheduled = await scheduling.schedule(
            self.ctx,
            manuscript_id,
            by=self.actor,
            publish_at=body.publish_at,
            seen=Seen(version=body.lock_version),
        )
        return await ManuscriptView.of(self.ctx, scheduled)

    @endpoint(
        access=planner,
        refusals=(NoSuchManuscript, BadTransition, OpenDraftExists, AlreadyBegun),
        limit=WRITES,
    )
    async def delete(self, manuscript_id: str) -> ManuscriptView:
        """Take the moment back before it comes."""
        waiting = await scheduling.unschedule(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, waiting)


class WithdrawalHandler(Handler):
    """Taking from the public."""

    @endpoint(
        access=official(*TAKE_DOWN),
        refusals=(
            NoSuchManuscript,
            BadTransition,
            StaleVersion,
            RemarkNeeded,
            SuccessorNeeded,
            *SUCCESSION,
        ),
        limit=WRITES,
    )
    async def post(
        self, manuscript_id: str, *, body: WithdrawalRequest
    ) -> ManuscriptView:
        """Take a policy or article from the public now, and say why."""
        withdrawn = await ending.withdraw(
            self.ctx,
            manuscript_id,
            by=self.actor,
            because=body.because,
            reason=body.reason,
            successor=body.replaced_by,
            seen=Seen(version=body.lock_version),
        )
        return await ManuscriptView.of(self.ctx, withdrawn)


class ReplacementHandler(Handler):
    """Taking another's place."""

    @endpoint(
        access=official(*TAKE_DOWN),
        refusals=(NoSuchManuscript, BadTransition, StaleVersion, *SUCCESSION),
        limit=WRITES,
    )
    async def post(
        self, manuscript_id: str, *, body: ReplacementRequest
    ) -> ManuscriptView:
        """Let another policy or article take its place, now or when that begins."""
        superseded = await ending.supersede(
            self.ctx,
            manuscript_id,
            by=self.actor,
            successor=body.replaced_by,
            seen=Seen(version=body.lock_version),
        )
        return await ManuscriptView.of(self.ctx, superseded)


class CalendarHandler(Handler):
    """What is due."""

    @endpoint(access=anybody, refusals=(BadCursor, BadDays))
    async def get(self, *, query: CalendarQuery) -> Page[DueView]:
        """List what begins and what ends, day by day, in order."""
        page = await scheduling.calendar(
            self.ctx,
            query.first,
            query.to,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        shown = (DueView.of(self.ctx, each) for each in page.items)
        return Page(await asyncio.gather(*shown), page.next)


ROUTES: list[Route] = [
    ("/union/v1/manuscripts/{manuscript_id}/schedule", ScheduleHandler),
    ("/union/v1/manuscripts/{manuscript_id}/withdraw", WithdrawalHandler),
    ("/union/v1/manuscripts/{manuscript_id}/supersede", ReplacementHandler),
    ("/union/v1/publishing/calendar", CalendarHandler),
]
