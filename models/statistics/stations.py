"""Statistics per station (驿站统计): for who may read figures of its subtree.

What happened under another union before a station moved is that union's: rows count
where their own path lies, as well as the station's.

Source: rules §3.15, 7.3 (aggregates use the same scope).
"""

from datetime import date

import msgspec

from models.base.context import Context
from models.base.pages import Page
from models.stations.stations import NoSuchStation, Station
from models.statistics import classes, figures, spans
from models.statistics.figures import Figures
from models.statistics.spans import Span
from models.unions.officials import Official
from models.unions.permissions import Permission


class StationFigures(msgspec.Struct, kw_only=True, frozen=True):
    """What is counted of one station."""

    station: Station
    span: Span
    figures: Figures


async def of(
    ctx: Context,
    station_id: str,
    first: date | None,
    last: date | None,
    *,
    by: Official,
) -> tuple[StationFigures, dict[str, int | None]]:
    """Count what happened at one station, and who came by class (单站统计).

    Refuses: PermissionMissing, NoSuchStation, SpanBackwards, SpanTooLong.
    """
    within = by.scope(Permission.STATISTICS).where()
    station = await Station.find(ctx, _id=station_id, **within)
    if station is None:
        raise NoSuchStation
    span = spans.of(ctx, first, last)
    where = {"station_id": station_id, **within}
    found = await figures.of(ctx, where, span)
    groups = await classes.by_class(ctx, where, span)
    counted = found.get(station_id, Figures())
    return StationFigures(station=station, span=span, figures=counted), groups


async def every(
    ctx: Context,
    first: date | None,
    last: date | None,
    *,
    by: Official,
    cursor: str | None = None,
    limit: int,
) -> Page[StationFigures]:
    """Count what happened at each station within reach (各站统计).

    Refuses: PermissionMissing, SpanBackwards, SpanTooLong, BadCursor.
    """
    within = by.scope(Permission.STATISTICS).where()
    span = spans.of(ctx, first, last)
    page = await Station.page(ctx, within, cursor=cursor, limit=limit)
    where = {"station_id": {"$in": [each.id for each in page.items]}, **within}
    found = await figures.of(ctx, where, span)
    return Page(
        [
            StationFigures(
                station=station, span=span, figures=found.get(station.id, Figures())
            )
            for station in page.items
        ],
        page.next,
    )
