"""The overview (看板): what a subtree has, and what happened there.

::

    stations   stations that answer to a unit of the subtree now
    persons    different people who came, see `tallies`
    visits     people of all comings, see `tallies`

Firms are not kept yet and therefore not counted.

Source: features S1-04 (3828人, 3.9万余人次); screens.md, 看板.
"""

from datetime import date

import msgspec

from models.base.context import Context
from models.stations.stations import Station
from models.statistics import figures, spans
from models.statistics.figures import Figures
from models.statistics.spans import LONGEST, Span
from models.unions.officials import Official
from models.unions.permissions import Permission


class Overview(msgspec.Struct, kw_only=True, frozen=True):
    """A subtree in numbers."""

    span: Span
    stations: int
    figures: Figures


async def of(
    ctx: Context, first: date | None, last: date | None, *, by: Official
) -> Overview:
    """Count what there is, and what happened in some days; a year, if none are named.

    Rules: who came to two stations is one person.
    Refuses: PermissionMissing, SpanBackwards, SpanTooLong.
    """
    within = by.scope(Permission.STATISTICS).where()
    span = spans.of(ctx, first, last, usual=LONGEST)
    found = await figures.of(ctx, within, span, by=None)
    return Overview(
        span=span,
        stations=await Station.shelf(ctx).count_documents(within),
        figures=found.get(None, Figures()),
    )
