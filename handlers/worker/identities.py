"""What a worker declares over HTTP: client classes (五类客户) and facts (基本情况)."""

from typing import Annotated, Any

import msgspec

from handlers.base import limits
from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.context import Context
from models.base.pages import Page
from models.base.units import Instant
from models.eligibility import facts as known_facts
from models.eligibility.facts import BadFacts
from models.eligibility.vocabulary import FACTS
from models.workers import facts, identities
from models.workers.consents import ConsentRequired
from models.workers.identities import ClientClass, Identity, State

Classes = Annotated[list[ClientClass], msgspec.Meta(max_length=len(ClientClass))]

DECLARED_APART = "client_classes"
"""The one fact that is not kept among the facts: it is the identities' own."""


class IdentitiesRequest(msgspec.Struct, forbid_unknown_fields=True):
    """All classes one belongs to; those not named are dropped."""

    classes: Classes


class FactsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """All facts to keep; those not named are dropped."""

    facts: dict[str, Any]


class IdentityView(msgspec.Struct):
    """One class as its worker sees it."""

    client_class: ClientClass = msgspec.field(name="class")
    state: State
    declared_at: Instant
    valid_until: Instant | None
    """From then on a verified one has lapsed."""

    @classmethod
    def of(cls, identity: Identity, ctx: Context) -> "IdentityView":
        """Show an identity as it stands now."""
        return cls(
            client_class=identity.client_class,
            state=identity.at(ctx.clock.now()),
            declared_at=identity.declared_at,
            valid_until=identity.valid_until,
        )


class FactsView(msgspec.Struct):
    """The facts that are kept, to whom they are about."""

    facts: dict[str, Any]


class IdentitiesHandler(Handler):
    """The worker's client classes."""

    @endpoint(access=worker)
    async def get(self) -> Page[IdentityView]:
        """List my classes and how far each is verified."""
        return self._page(await identities.of(self.ctx, self.actor.id))

    @endpoint(access=worker, limit=limits.WRITES)
    async def put(self, *, body: IdentitiesRequest) -> Page[IdentityView]:
        """Declare my classes, in place of what I declared before."""
        declared = await identities.declare(self.ctx, body.classes, by=self.actor)
        return self._page(declared)

    def _page(self, found: tuple[Identity, ...]) -> Page[IdentityView]:
        return Page([IdentityView.of(identity, self.ctx) for identity in found])


class FactsHandler(Handler):
    """What the worker told about themself, for matching."""

    @endpoint(access=worker)
    async def get(self) -> FactsView:
        """Show the facts I keep."""
        return FactsView(await facts.of(self.ctx, self.actor.id))

    @endpoint(access=worker, refusals=(BadFacts, ConsentRequired), limit=limits.WRITES)
    async def put(self, *, body: FactsRequest) -> FactsView:
        """Keep facts for my next matches; sensitive ones need the consent `facts`."""
        values = _read(body.facts)
        sensitive = any(FACTS[name].sensitive for name in values)
        await facts.declare(self.ctx, values, sensitive=sensitive, by=self.actor)
        return FactsView(values)

    @endpoint(access=worker, limit=limits.WRITES)
    async def delete(self) -> None:
        """Delete my facts."""
        await facts.forget(self.ctx, self.actor.id)


def _read(raw: dict[str, Any]) -> dict[str, Any]:
    read = known_facts.decode(raw, root="$.facts")
    if DECLARED_APART in read.values:
        problem = {
            "path": f"$.facts.{DECLARED_APART}",
            "message": "人群类别请到“我的身份”里申报。",
        }
        raise BadFacts({"problems": [problem]})
    return known_facts.encode(read.values)


ROUTES: list[Route] = [
    ("/worker/v1/me/identities", IdentitiesHandler),
    ("/worker/v1/me/facts", FactsHandler),
]
