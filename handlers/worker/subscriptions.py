"""Subscription cards over HTTP (订阅消息): what the person allowed WeChat to show."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.messages import subscriptions
from models.messages.kinds import Kind
from models.messages.subscriptions import Answer


class TapReport(msgspec.Struct, forbid_unknown_fields=True):
    """What ``wx.requestSubscribeMessage`` answered to one tap."""

    results: Annotated[dict[Kind, Answer], Meta(min_length=1, max_length=5)]
    tap_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """Made by the client for each tap: reported again, it counts once."""


class SubscriptionView(msgspec.Struct):
    """One kind of card: whether it can be sent, and whether to ask for more."""

    kind: Kind
    title: str
    template_id: str
    left: int


class SubscriptionsView(msgspec.Struct):
    """All kinds that have a card."""

    items: list[SubscriptionView]
    ask: list[str]
    """Template ids worth asking for at the next tap, at most three."""


class SubscriptionsHandler(Handler):
    """The signed-in worker's allowances."""

    @endpoint(access=worker)
    async def get(self) -> SubscriptionsView:
        """List the kinds of cards, what is left of each, and what to ask for."""
        return await self._view()

    @endpoint(access=worker, limit=WRITES)
    async def post(self, *, body: TapReport) -> SubscriptionsView:
        """Report what the person answered to one tap."""
        await subscriptions.report(
            self.ctx, self.actor.id, body.results, tap=body.tap_id
        )
        return await self._view()

    async def _view(self) -> SubscriptionsView:
        offers = await subscriptions.offers(self.ctx, self.actor.id)
        return SubscriptionsView(
            items=[SubscriptionView(*offer) for offer in offers],
            ask=subscriptions.worth_asking(offers),
        )


ROUTES: list[Route] = [("/worker/v1/me/subscriptions", SubscriptionsHandler)]
