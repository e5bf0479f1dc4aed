"""Waiting for what another task does, without sleeping for a guessed time."""

import asyncio
from collections.abc import Callable


async def until(happened: Callable[[], object]) -> None:
    """Let the loop run till something has happened; the test's time-out ends it."""
    while not happened():  # noqa: ASYNC110 - what happens is in another server
        await asyncio.sleep(0.001)
