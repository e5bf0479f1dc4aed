"""Waiting for something to be so among processes that cannot ring us."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

LOOK_EVERY = 0.05
"""Seconds between two looks."""

PATIENCE = 300.0
"""Seconds; a busy machine is slow, and nothing here is measured by it."""


async def until(
    ready: Callable[[], Any], *, what: str, patience: float = PATIENCE
) -> None:
    """Wait till something is true; it may have to be awaited itself.

    Units: patience in seconds.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while True:
        seen = ready()
        if inspect.isawaitable(seen):
            seen = await seen
        if seen:
            return
        if loop.time() > deadline:
            raise AssertionError(f"{what}: not so after {patience:.0f} s")
        await asyncio.sleep(LOOK_EVERY)
