"""Figures of stations and of a subtree, over HTTP (统计)."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.days import SpanBackwards
from models.base.pages import BadCursor, Page
from models.base.units import Day
from models.stations.stations import NoSuchStation
from models.statistics import overview, stations
from models.statistics.figures import Figures
from models.statistics.no_shows import NoShows
from models.statistics.overview import Overview
from models.statistics.responses import Responses
from models.statistics.spans import SpanTooLong
from models.statistics.stations import StationFigures
from models.unions.permissions import Permission

readers = official(Permission.STATISTICS)


class SpanQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From a day to a day, both counted; the last thirty, if none is named."""

    since: Day | None = msgspec.field(name="from", default=None)
    until: Day | None = msgspec.field(name="to", default=None)


class StationsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The same, and where to go on."""

    since: Day | None = msgspec.field(name="from", default=None)
    until: Day | None = msgspec.field(name="to", default=None)
    cursor: Cursor | None = None
    limit: Limit = 20


class FiguresView(msgspec.Struct):
    """What is counted."""

    visits: int
    """People of all comings; a group of seven is seven."""
    persons: int
    """Different people among them, as far as they are known."""
    services: dict[str, int]
    no_shows: NoShows
    first_aid: Responses
    offline_share: float | None

    @classmethod
    def of(cls, figures: Figures) -> "FiguresView":
        """Show what is counted."""
        return cls(
            visits=figures.visits,
            persons=figures.persons,
            services=figures.services,
            no_shows=figures.no_shows,
            first_aid=figures.first_aid,
            offline_share=figures.offline_share,
        )


class StationFiguresView(msgspec.Struct):
    """What is counted of one station."""

    station_id: str
    station_name: str
    since: Day = msgspec.field(name="from")
    until: Day = msgspec.field(name="to")
    figures: FiguresView

    @classmethod
    def of(cls, found: StationFigures) -> "StationFiguresView":
        """Show what is counted of a station."""
        return cls(
            station_id=found.station.id,
            station_name=found.station.name,
            since=found.span.first,
            until=found.span.last,
            figures=FiguresView.of(found.figures),
        )


class StationStatisticsView(msgspec.Struct):
    """One station, and who came by occupation class."""

    station: StationFiguresView
    by_class: dict[str, int | None]
    """Null for a group of fewer than ten, or that would tell one."""


class OverviewView(msgspec.Struct):
    """A subtree in numbers."""

    since: Day = msgspec.field(name="from")
    until: Day = msgspec.field(name="to")
    stations: int
    persons: int
    visits: int
    figures: FiguresView

    @classmethod
    def of(cls, found: Overview) -> "OverviewView":
        """Show a subtree."""
        return cls(
            since=found.span.first,
            until=found.span.last,
            stations=found.stations,
            persons=found.figures.persons,
            visits=found.figures.visits,
            figures=FiguresView.of(found.figures),
        )


class StationStatisticsHandler(Handler):
    """The figures of a station."""

    @endpoint(access=readers, refusals=(NoSuchStation, SpanBackwards, SpanTooLong))
    async def get(self, station_id: str, *, query: SpanQuery) -> StationStatisticsView:
        """Count what happened at one station, and who came by class."""
        found, by_class = await stations.of(
            self.ctx, station_id, query.since, query.until, by=self.actor
        )
        return StationStatisticsView(StationFiguresView.of(found), by_class)


class StationsStatisticsHandler(Handler):
    """The figures of all stations."""

    @endpoint(access=readers, refusals=(SpanBackwards, SpanTooLong, BadCursor))
    async def get(self, *, query: StationsQuery) -> Page[StationFiguresView]:
        """Count what happened at each station within my reach."""
        page = await stations.every(
            self.ctx,
            query.since,
            query.until,
            by=self.actor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Page([StationFiguresView.of(each) for each in page.items], page.next)


class OverviewHandler(Handler):
    """A subtree."""

    @endpoint(access=readers, refusals=(SpanBackwards, SpanTooLong))
    async def get(self, *, query: SpanQuery) -> OverviewView:
        """Count what there is within my reach and what happened, in a year or less."""
        found = await overview.of(self.ctx, query.since, query.until, by=self.actor)
        return OverviewView.of(found)


ROUTES: list[Route] = [
    ("/union/v1/stations/{station_id}/statistics", StationStatisticsHandler),
    ("/union/v1/stats/stations", StationsStatisticsHandler),
    ("/union/v1/stats/overview", OverviewHandler),
]
