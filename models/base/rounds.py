"""One bad thing must not stop the round: the clockwork's way through a list.

A round takes what is due, one after the other, or so many side by side as what it
waits for bears. A thing whose verb fails is logged by its id and left for the next
round; the others are done all the same.
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


def named(name: str) -> str:
    """Begin to count what a round fails for, so that the first failure is a rise."""
    failures.labels(name)
    return name


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
    return sum([await _do(name, item, verb) for item in items])


async def side_by_side(
    name: str,
    take: Callable[[], Awaitable[K | None]],
    verb: Callable[[K], Awaitable[int | bool]],
    *,
    at_once: int,
    most: int,
) -> int:
    """Do a verb to what is taken until there is no more; returns the sum of answers.

    take: claims the next thing for us; None when nothing is due.
    at_once: how many are under way at the same time.
    most: how many a round takes in all.
    """
    turns = iter(range(most))

    async def lane() -> int:
        done = 0
        for _ in turns:
            item = await take()
            if item is None:
                break
            done += await _do(name, item, verb)
        return done

    lanes = [asyncio.ensure_future(lane()) for _ in range(at_once)]
    await asyncio.wait(lanes)
    return sum(each.result() for each in lanes)


async def _do(name: str, item: K, verb: Callable[[K], Awaitable[int | bool]]) -> int:
    task = asyncio.ensure_future(verb(item))
    await asyncio.wait({task})
    failure = task.exception()
    if failure is None:
        return task.result()
    failures.labels(name).inc()
    log.error("round_failed", round=name, id=item.id, kind=type(failure).__name__)
    return 0
