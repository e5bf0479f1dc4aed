"""Writing down who came without a phone, over HTTP (登记来访)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SCANS
from handlers.base.routing import Route
from handlers.station.check_ins import StationCheckInView
from models.base.units import Id, Instant
from models.stations import visit_imports, visits
from models.stations.ledger import AlreadyIn
from models.stations.stations import Facility, NoSuchStation
from models.stations.visit_imports import MOST_ROWS, Outcome, Result
from models.stations.visits import (
    Kind,
    NumberNotUsable,
    NumberOrPeople,
    Visitor,
)
from models.unions.staff import RoleMissing

Number = Annotated[
    str, Meta(max_length=32, description="As typed; looked up, never kept.")
]
People = Annotated[int, Meta(ge=1, le=200, description="How many came together.")]
EventId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z",
        description="The writer's own name of a visit: it counts once.",
    ),
]


class VisitRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who came."""

    kind: Kind
    number: Number = ""
    """The phone's or the citizen's; none when heads are counted."""
    people: People = 1
    service: Facility | None = None
    """What they came for."""
    event_id: EventId | None = None

    def said(self) -> Visitor:
        """Hand it on."""
        return Visitor(
            kind=self.kind,
            number=self.number,
            people=self.people,
            used=self.service,
            event_id=self.event_id,
        )


class VisitRow(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One visit of a list."""

    event_id: EventId
    kind: Kind
    number: Number = ""
    people: People = 1
    service: Facility | None = None
    at: Instant | None = None
    """When it was; now, if it is not said."""

    def said(self) -> Visitor:
        """Hand it on."""
        return Visitor(
            kind=self.kind,
            number=self.number,
            people=self.people,
            used=self.service,
            event_id=self.event_id,
            at=self.at,
        )


class ImportRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Visits that were written down elsewhere."""

    station_id: Id
    rows: Annotated[list[VisitRow], Meta(min_length=1, max_length=MOST_ROWS)]


class RowView(msgspec.Struct):
    """What became of a row."""

    event_id: str
    outcome: Outcome
    code: str | None
    message: str | None

    @classmethod
    def of(cls, result: Result) -> "RowView":
        """Show what became of a row."""
        why = result.refusal
        return cls(
            event_id=result.event_id,
            outcome=result.outcome,
            code=None if why is None else why.code,
            message=None if why is None else why.message,
        )


class ImportView(msgspec.Struct):
    """What became of all rows, in their order."""

    counted: int
    known: int
    refused: int
    items: list[RowView]

    @classmethod
    def of(cls, results: list[Result]) -> "ImportView":
        """Show what became of a list."""
        outcomes = [result.outcome for result in results]
        return cls(
            counted=outcomes.count(Outcome.COUNTED),
            known=outcomes.count(Outcome.KNOWN),
            refused=outcomes.count(Outcome.REFUSED),
            items=[RowView.of(result) for result in results],
        )


class VisitsHandler(Handler):
    """Visits at a station."""

    @endpoint(
        access=staff,
        status=201,
        refusals=(
            NoSuchStation,
            RoleMissing,
            NumberNotUsable,
            NumberOrPeople,
            AlreadyIn,
        ),
        limit=SCANS,
        repeats=True,
    )
    async def post(self, station_id: str, *, body: VisitRequest) -> StationCheckInView:
        """Write down somebody who came without a phone, or count heads."""
        row = await visits.register(self.ctx, station_id, body.said(), by=self.actor)
        return await StationCheckInView.of(self.ctx, row)


class VisitImportHandler(Handler):
    """Visits brought in."""

    @endpoint(
        access=staff, refusals=(NoSuchStation, RoleMissing), limit=SCANS, repeats=True
    )
    async def post(self, *, body: ImportRequest) -> ImportView:
        """Write down up to 500 visits; each event id counts once."""
        results = await visit_imports.bring_in(
            self.ctx, body.station_id, [row.said() for row in body.rows], by=self.actor
        )
        return ImportView.of(results)


ROUTES: list[Route] = [
    ("/station/v1/stations/{station_id}/visits", VisitsHandler),
    ("/station/v1/visits/import", VisitImportHandler),
]
