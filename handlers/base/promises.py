"""What a verb of a door promises: who may enter, what comes out, how it may refuse."""

from dataclasses import dataclass
from typing import Any

from handlers.base.access import Access
from handlers.base.crowd import Yields
from handlers.base.limits import Limit
from models.base.errors import Refusals


@dataclass(frozen=True)
class Promise:
    """What a verb promises, written once and read by the door and by OpenAPI."""

    access: Access
    status: int
    refusals: Refusals
    limit: Limit | None
    repeats: bool
    forgiving: bool
    yields: Yields
    takes: tuple[str, ...]
    media: tuple[str, ...]
    also: tuple[int, ...]
    summary: str
    body: type | None
    query: type | None
    answer: Any
    path: tuple[str, ...]
