"""One bad thing must not stop the round: the clockwork's way through a list.

A round takes what is due, one after the other. A thing whose verb fails is
logged by its id and left for the next round; the others are done all the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

import structlog
from prometheus_client import Counter

log = structlog.get_logger("inn.rounds")

failures = Counter(
    "inn_round_failures", "Things a round of the clockwork failed for.", ["round"]
)


class Known(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Name it."""


K = TypeVar("K", bound=Known)


async def each(
    name: str, items: Iterable[K], verb: Callable[[K], Awaitable[int | bool]]
) -> int:
    """Do a verb to each item; returns the sum of what it answered."""
    done = 0
    for item in items:
        task = asyncio.ensure_future(verb(item))
        await asyncio.wait({task})
        failure = task.exception()
        if failure is None:
            done += task.result()
        else:
            failures.labels(name).inc()
            log.error(
                "round_failed", round=name, id=item.id, kind=type(failure).__name__
            )
    return done
