"""Waits until the work of one timing is over, so that the next pays for itself."""

import time
from collections.abc import Callable

LOOK = 0.1
"""Seconds between two looks at the processor time that was spent."""

IDLE = 0.02
"""Processor seconds in between that are near nothing: a database and a server at rest
look at their own clocks now and then, and /proc counts in hundredths."""

PATIENCE = 10.0
"""Seconds that are waited at most; a server may well work on for ever."""


def wait(spent: Callable[[], float]) -> bool:
    """Wait until hardly any processor time is spent; False if that never came.

    Units: spent gives processor seconds so far.
    """
    bound = time.monotonic() + PATIENCE
    before = spent()
    while time.monotonic() < bound:
        time.sleep(LOOK)
        now = spent()
        if now - before <= IDLE:
            return True
        before = now
    return False
