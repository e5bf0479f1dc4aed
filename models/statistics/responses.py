"""First-aid responses (急救响应): how many calls, and how soon somebody answered.

Source: rules §3.15 (ack time of first aid); screens.md (alarms with response time).
"""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from typing import Any

import msgspec

from models.base.context import Context
from models.base.units import Seconds
from models.stations.first_aid_alerts import Alert
from models.statistics.comings import BY_STATION
from models.statistics.spans import Span, Where


class Responses(msgspec.Struct, kw_only=True, frozen=True):
    """Calls for help, and the time to the first answer."""

    calls: int = 0
    unanswered: int = 0
    """Nobody has said they are on the way, or there."""
    median_s: Seconds | None = None
    """Half of the answers came within; None if there was none."""
    p90_s: Seconds | None = None
    """Nine of ten came within."""


async def of(
    ctx: Context, where: Where, span: Span, by: str | None = BY_STATION
) -> dict[Any, Responses]:
    """Say how soon calls of some days were answered.

    Rules: from the call to the first answer, false alarms too; whole seconds; the
        nearest rank, so that each number is one that was measured.
    """
    waited = {"$subtract": ["$acknowledged.at", "$called_at"]}
    pipeline: list[dict[str, Any]] = [
        {"$match": {**where, "called_at": span.moments()}},
        {"$project": {"by": by or {"$literal": None}, "ms": waited}},
    ]
    waits: defaultdict[Any, list[int | None]] = defaultdict(list)
    async for row in await Alert.shelf(ctx).aggregate(pipeline):
        waits[row["by"]].append(row.get("ms"))
    return {key: _figures(measured) for key, measured in waits.items()}


def _figures(waits: Sequence[int | None]) -> Responses:
    answered = sorted(wait // 1000 for wait in waits if wait is not None)
    return Responses(
        calls=len(waits),
        unanswered=len(waits) - len(answered),
        median_s=_rank(answered, 0.5),
        p90_s=_rank(answered, 0.9),
    )


def _rank(measured: Sequence[int], part: float) -> int | None:
    """Return the smallest that at least this part is not above."""
    return measured[ceil(part * len(measured)) - 1] if measured else None
