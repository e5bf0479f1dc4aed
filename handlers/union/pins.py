"""What stands above every list of policies, over HTTP (置顶)."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.manuscripts import anybody
from models.base.units import Day, Instant
from models.policies import pinning, pins
from models.policies.editions import NoSuchPolicy
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.pinning import BadPinDay, NotPinned, PinsFull
from models.policies.pins import MOST, Pin, Standing
from models.unions.permissions import Permission

reviewer = official(Permission.POLICIES_REVIEW)


class PinRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The last day it is to stand there."""

    until: Day


class PinView(msgspec.Struct):
    """A policy's place above all others."""

    policy_id: str
    until: Day
    pinned_at: Instant

    @classmethod
    def of(cls, pin: Pin) -> "PinView":
        """Show a place."""
        return cls(pin.policy_id, pin.until, pin.pinned_at)


class StandingView(msgspec.Struct):
    """A policy that stands above all others now."""

    policy_id: str
    title: str
    until: Day
    pinned_at: Instant

    @classmethod
    def of(cls, standing: Standing) -> "StandingView":
        """Show what stands there."""
        pin, title = standing.pin, standing.edition.identity.title
        return cls(pin.policy_id, title, pin.until, pin.pinned_at)


class PinsView(msgspec.Struct):
    """All that stands there, the latest pinned first."""

    items: list[StandingView]
    most: int
    """How many places there are."""
    next: None = None


class PinsHandler(Handler):
    """The board."""

    @endpoint(access=anybody)
    async def get(self) -> PinsView:
        """List what the public sees above every list of policies now."""
        found = await pins.standing(self.ctx)
        return PinsView([StandingView.of(each) for each in found], MOST)


class PinHandler(Handler):
    """One policy's place on it."""

    @endpoint(
        access=reviewer,
        refusals=(NoSuchPolicy, PolicyGone, PolicyWithdrawn, BadPinDay, PinsFull),
        limit=WRITES,
    )
    async def put(self, policy_id: str, *, body: PinRequest) -> PinView:
        """Let a policy stand there till a day, or till another day than before."""
        pin = await pinning.pin(self.ctx, policy_id, until=body.until, by=self.actor)
        return PinView.of(pin)

    @endpoint(access=reviewer, refusals=(NoSuchPolicy, NotPinned), limit=WRITES)
    async def delete(self, policy_id: str) -> None:
        """Let it stand where its date puts it again."""
        await pinning.unpin(self.ctx, policy_id, by=self.actor)


ROUTES: list[Route] = [
    ("/union/v1/pins", PinsHandler),
    ("/union/v1/policies/{policy_id}/pin", PinHandler),
]
