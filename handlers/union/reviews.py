"""A manuscript's way over HTTP (送审与审核): handed in, let pass, sent back, forced."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.manuscript_views import ManuscriptView
from handlers.union.manuscripts import Version, editor
from models.base.units import Instant
from models.policies import reviewing, writing
from models.policies.chain import OutOfOrder
from models.policies.contents import Incomplete, NeverShown, TestPersonsFailed
from models.policies.manuscripts import (
    BadTransition,
    FourEyes,
    NoSuchManuscript,
    Seen,
    StaleVersion,
)
from models.policies.reviewing import MomentPast, NothingToConfirm, RemarkNeeded
from models.policies.transitions import FORCE, REVIEW

reviewer = official(*REVIEW)
"""Whoever lets manuscripts pass."""

UNFINISHED = (Incomplete, TestPersonsFailed)

Remark = Annotated[str, Meta(max_length=500, description="What others should know.")]


class ApprovalRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was read, and when it goes before the public."""

    lock_version: Version
    publish_at: Instant | None = None
    """Null is at once."""
    hold: bool = False
    """Let it pass only; its moment is chosen later."""
    remark: Remark = ""


class RejectionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Why it goes back."""

    remark: Remark = ""
    """Compulsory; one that says nothing is refused."""
    lock_version: Version | None = None


class ForcingRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was read, and why it cannot wait."""

    lock_version: Version
    reason: Remark = ""
    """Compulsory."""


class SubmissionHandler(Handler):
    """Handing in."""

    @endpoint(
        access=editor,
        refusals=(NoSuchManuscript, BadTransition, *UNFINISHED),
        limit=WRITES,
    )
    async def post(self, manuscript_id: str) -> ManuscriptView:
        """Hand a manuscript in for review; its rule is tried first."""
        submitted = await writing.submit(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, submitted)


class SubmissionWithdrawalHandler(Handler):
    """Taking back."""

    @endpoint(access=editor, refusals=(NoSuchManuscript, BadTransition), limit=WRITES)
    async def post(self, manuscript_id: str) -> ManuscriptView:
        """Take a submitted manuscript back to go on writing."""
        taken = await writing.take_back(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, taken)


class ApprovalHandler(Handler):
    """Letting pass."""

    @endpoint(
        access=reviewer,
        refusals=(
            NoSuchManuscript,
            BadTransition,
            StaleVersion,
            FourEyes,
            MomentPast,
            NeverShown,
            OutOfOrder,
            Incomplete,
        ),
        limit=WRITES,
    )
    async def post(
        self, manuscript_id: str, *, body: ApprovalRequest
    ) -> ManuscriptView:
        """Let a manuscript pass that others wrote: public now, or at a moment."""
        approved = await reviewing.approve(
            self.ctx,
            manuscript_id,
            by=self.actor,
            publish_at=body.publish_at,
            hold=body.hold,
            seen=Seen(version=body.lock_version),
            remark=body.remark,
        )
        return await ManuscriptView.of(self.ctx, approved)


class RejectionHandler(Handler):
    """Sending back."""

    @endpoint(
        access=reviewer,
        refusals=(
            NoSuchManuscript,
            BadTransition,
            StaleVersion,
            FourEyes,
            RemarkNeeded,
        ),
        limit=WRITES,
    )
    async def post(
        self, manuscript_id: str, *, body: RejectionRequest
    ) -> ManuscriptView:
        """Send a manuscript back and say why."""
        rejected = await reviewing.reject(
            self.ctx,
            manuscript_id,
            by=self.actor,
            remark=body.remark,
            seen=Seen(version=body.lock_version),
        )
        return await ManuscriptView.of(self.ctx, rejected)


class ForcingHandler(Handler):
    """Publishing in an emergency."""

    @endpoint(
        access=official(*FORCE),
        refusals=(
            NoSuchManuscript,
            BadTransition,
            StaleVersion,
            RemarkNeeded,
            NeverShown,
            OutOfOrder,
            *UNFINISHED,
        ),
        limit=WRITES,
    )
    async def post(self, manuscript_id: str, *, body: ForcingRequest) -> ManuscriptView:
        """Publish at once without review; another person must confirm it."""
        forced = await reviewing.force_publish(
            self.ctx,
            manuscript_id,
            by=self.actor,
            reason=body.reason,
            seen=Seen(version=body.lock_version),
        )
        return await ManuscriptView.of(self.ctx, forced)


class ConfirmationHandler(Handler):
    """Standing up for what was forced."""

    @endpoint(
        access=reviewer,
        refusals=(NoSuchManuscript, BadTransition, FourEyes, NothingToConfirm),
        limit=WRITES,
    )
    async def post(self, manuscript_id: str) -> ManuscriptView:
        """Stand up for what somebody else forced."""
        confirmed = await reviewing.confirm(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, confirmed)


class ArchivingHandler(Handler):
    """Putting away."""

    @endpoint(access=editor, refusals=(NoSuchManuscript, BadTransition), limit=WRITES)
    async def post(self, manuscript_id: str) -> ManuscriptView:
        """Put away what is over, or what was given up."""
        archived = await writing.archive(self.ctx, manuscript_id, by=self.actor)
        return await ManuscriptView.of(self.ctx, archived)


ONE = "/union/v1/manuscripts/{manuscript_id}"

ROUTES: list[Route] = [
    (f"{ONE}/submit", SubmissionHandler),
    (f"{ONE}/withdraw-submission", SubmissionWithdrawalHandler),
    (f"{ONE}/approve", ApprovalHandler),
    (f"{ONE}/reject", RejectionHandler),
    (f"{ONE}/force-publish", ForcingHandler),
    (f"{ONE}/confirm", ConfirmationHandler),
    (f"{ONE}/archive", ArchivingHandler),
]
