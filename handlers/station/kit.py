"""The first-aid kit over HTTP (急救物资): what is left, what came and went, by whom."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.station.kit_views import BatchView, ListQuery, MovementView
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id
from models.stations import kit, kit_changes, kit_issues
from models.stations.first_aid_alerts import NoSuchAlert
from models.stations.kit import Delivery, NoSuchBatch
from models.stations.kit_books import BatchExpired, NotEnough
from models.stations.kit_changes import BatchDiffers
from models.stations.kit_issues import Unattended
from models.stations.stations import NoSuchStation
from models.unions.staff import RoleMissing

Item = Annotated[str, Meta(min_length=1, max_length=40, description="What it is.")]
Batched = Annotated[
    str, Meta(min_length=1, max_length=40, description="The maker's batch number.")
]
Pieces = Annotated[int, Meta(ge=1, le=10_000, description="Pieces.")]
Counted = Annotated[int, Meta(ge=0, le=1_000_000, description="Pieces.")]
Reason = Annotated[str, Meta(min_length=2, max_length=200)]

MINE = (NoSuchStation, RoleMissing)


class ReceiptRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was delivered."""

    item: Item
    batch: Batched
    expires_on: Day
    quantity: Pieces


class IssueRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What to hand out; from the batch that expires first, if none is named."""

    item: Item
    quantity: Pieces
    batch_id: Id | None = None
    alert_id: Id | None = None
    """The first-aid call it is for."""


class WriteOffRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is thrown away, and why."""

    batch_id: Id
    quantity: Pieces
    reason: Reason


class CountRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was counted, and why it differs."""

    batch_id: Id
    counted: Counted
    reason: Reason


class KitHandler(Handler):
    """A station's kit."""

    @endpoint(access=staff, refusals=(*MINE, BadCursor))
    async def get(self, station_id: str, *, query: ListQuery) -> Page[BatchView]:
        """List what is left of every batch, the soonest to expire first."""
        page = await kit.of(
            self.ctx,
            station_id,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        today = self.ctx.clock.today()
        return Page([BatchView.of(each, today) for each in page.items], page.next)

    @endpoint(
        access=staff,
        status=201,
        refusals=(*MINE, BatchExpired, BatchDiffers),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: ReceiptRequest) -> BatchView:
        """Take a delivery in, or more of the same batch."""
        delivery = Delivery(
            item=body.item,
            batch=body.batch,
            expires_on=body.expires_on,
            quantity=body.quantity,
        )
        batch = await kit_changes.receive(self.ctx, station_id, delivery, by=self.actor)
        return BatchView.of(batch, self.ctx.clock.today())


class KitIssuesHandler(Handler):
    """What is handed out."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(
            *MINE,
            NoSuchAlert,
            NoSuchBatch,
            Unattended,
            BatchExpired,
            NotEnough,
        ),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: IssueRequest) -> Page[MovementView]:
        """Hand something out, the soonest to expire first; never what has."""
        moved = await kit_issues.issue(
            self.ctx,
            station_id,
            item=body.item,
            quantity=body.quantity,
            batch_id=body.batch_id,
            alert_id=body.alert_id,
            by=self.actor,
        )
        return Page([MovementView.of(each) for each in moved])


class KitWriteOffsHandler(Handler):
    """What is thrown away."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*MINE, NoSuchBatch, NotEnough),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: WriteOffRequest) -> MovementView:
        """Throw away what is spoilt or over."""
        moved = await kit_changes.write_off(
            self.ctx,
            station_id,
            body.batch_id,
            quantity=body.quantity,
            reason=body.reason,
            by=self.actor,
        )
        return MovementView.of(moved)


class KitCountsHandler(Handler):
    """What was counted."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(*MINE, NoSuchBatch),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: CountRequest) -> MovementView:
        """Correct what is left of a batch to what was counted."""
        moved = await kit_changes.count(
            self.ctx,
            station_id,
            body.batch_id,
            counted=body.counted,
            reason=body.reason,
            by=self.actor,
        )
        return MovementView.of(moved)


KIT = "/station/v1/stations/{station_id}/kit"

ROUTES: list[Route] = [
    (KIT, KitHandler),
    (f"{KIT}/issues", KitIssuesHandler),
    (f"{KIT}/write-offs", KitWriteOffsHandler),
    (f"{KIT}/counts", KitCountsHandler),
]
