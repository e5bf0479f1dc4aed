"""Leaving over HTTP (注销账号): ask to be erased, see when, stay after all."""

import msgspec

from handlers.base import limits
from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.units import Instant
from models.privacy import erasures
from models.privacy.erasures import (
    AlreadyLeaving,
    Erasure,
    NotLeaving,
    ObligationsOpen,
    State,
)
from models.workers.workers import AccountGone


class ErasureView(msgspec.Struct):
    """A leaving, to whom it is about."""

    id: str
    state: State
    asked_at: Instant
    due_at: Instant
    """Until then it can be called off."""

    @classmethod
    def of(cls, erasure: Erasure) -> "ErasureView":
        """Show an erasure."""
        return cls(
            id=erasure.id,
            state=erasure.state,
            asked_at=erasure.asked_at,
            due_at=erasure.due_at,
        )


class ErasureHandler(Handler):
    """The worker's own leaving."""

    @endpoint(access=worker, refusals=(NotLeaving,))
    async def get(self) -> ErasureView:
        """Show when I will be erased."""
        return ErasureView.of(await erasures.pending(self.ctx, by=self.actor))

    @endpoint(
        access=worker,
        status=201,
        refusals=(AlreadyLeaving, ObligationsOpen, AccountGone),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self) -> ErasureView:
        """Ask to be erased in seven days; what must end first is in the refusal."""
        return ErasureView.of(await erasures.ask(self.ctx, by=self.actor))

    @endpoint(access=worker, refusals=(NotLeaving,), limit=limits.WRITES)
    async def delete(self) -> None:
        """Call it off and stay."""
        await erasures.call_off(self.ctx, by=self.actor)


ROUTES: list[Route] = [("/worker/v1/me/erasure", ErasureHandler)]
