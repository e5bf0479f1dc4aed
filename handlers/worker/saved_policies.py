"""Saved policies over HTTP (收藏)."""

from enum import StrEnum

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.policies import saved
from models.policies.editions import Edition, NoSuchPolicy
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.saved import Saved, TooManySaved
from models.policies.vocabulary import TOPIC_NAMES, Topic


class Standing(StrEnum):
    """Whether one can still rely on it."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class SavedQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on, how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class SavedView(msgspec.Struct, kw_only=True):
    """A policy I saved, as its newest edition has it."""

    policy_id: str
    title: str
    summary: str
    topic: Topic
    topic_name: str
    saved_at: Instant
    standing: Standing
    replaced_by: str | None

    @classmethod
    def of(cls, ctx: Context, kept: Saved, edition: Edition) -> "SavedView":
        """Show what was saved."""
        identity = edition.identity
        return cls(
            policy_id=kept.policy_id,
            title=identity.title,
            summary=edition.summary,
            topic=identity.topic,
            topic_name=TOPIC_NAMES[identity.topic],
            saved_at=kept.at,
            standing=_standing(ctx, edition),
            replaced_by=edition.replaced_by,
        )


class SavingHandler(Handler):
    """The saving of one policy."""

    @endpoint(
        access=worker,
        status=204,
        refusals=(NoSuchPolicy, PolicyGone, PolicyWithdrawn, TooManySaved),
        limit=WRITES,
    )
    async def put(self, policy_id: str) -> None:
        """Save a policy; I am told when it changes."""
        await saved.save(self.ctx, policy_id, by=self.actor)

    @endpoint(access=worker, status=204, refusals=(NoSuchPolicy,), limit=WRITES)
    async def delete(self, policy_id: str) -> None:
        """Save it no longer."""
        await saved.forget(self.ctx, policy_id, by=self.actor)


class SavedPoliciesHandler(Handler):
    """What I saved."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: SavedQuery) -> Page[SavedView]:
        """List what I saved, the last first."""
        page = await saved.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        return Page([SavedView.of(self.ctx, *each) for each in page.items], page.next)


def _standing(ctx: Context, edition: Edition) -> Standing:
    if edition.is_visible(ctx.clock.now()):
        return Standing.IN_FORCE
    if edition.withdrawn is not None:
        return Standing.WITHDRAWN
    return Standing.EXPIRED if edition.replaced_by is None else Standing.REPLACED


ROUTES: list[Route] = [
    ("/worker/v1/policies/{policy_id}/saved", SavingHandler),
    ("/worker/v1/me/saved-policies", SavedPoliciesHandler),
]
