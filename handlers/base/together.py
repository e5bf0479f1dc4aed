"""A public list that changes by the second: found and encoded once for all who ask.

Nothing is kept. Whoever asks the same at the same moment gets the same bytes, made
after the last of them asked (`models.base.chorus`); the next gets others.
"""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import msgspec

from handlers.base.answers import Encoded
from handlers.base.endpoint import Handler
from models.base.chorus import Chorus


async def ask(
    handler: Handler, name: str, query: Hashable, make: Callable[[], Awaitable[Any]]
) -> Encoded[Any]:
    """Answer a list along with all who ask for the very same.

    Rules: what is answered depends on the query alone, not on who asks.
    """

    async def encoded() -> bytes:
        return msgspec.json.encode(await make())

    chorus: Chorus[bytes] = handler.settings["chorus"]
    return Encoded(await chorus.ask((name, query), encoded))
