"""The first batch goes out when nobody new comes any more.

Those whose requests came in together do not reach their question in one turn of the
event loop: one waited for a session, another did not, and the sockets are looked at
once a turn. Sent at the end of the first turn, batches were of some 25 where 64 people
asked, and each costs what a whole one does. A turn of an idle loop takes some
microseconds; of a busy one it takes what the others' work in it does, and that is when
a full batch saves the most. What waits when a batch comes back goes out at once.
"""

import asyncio
from collections.abc import Callable

QUIET_TURNS = 2
"""So many turns of the loop that bring nobody end the waiting."""

MOST_TURNS = 12
"""However many still come."""


def in_a_lull(count: Callable[[], int], send: Callable[[], None]) -> None:
    """Have a batch sent when the count of who waits for it has come to rest."""
    loop = asyncio.get_running_loop()

    def look(before: int, quiet: int, turns: int) -> None:
        now = count()
        quiet = quiet + 1 if now == before else 0
        if quiet == QUIET_TURNS or turns == MOST_TURNS:
            send()
        else:
            loop.call_soon(look, now, quiet, turns + 1)

    loop.call_soon(look, 0, 0, 1)
