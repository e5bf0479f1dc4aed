"""Lists by cursor: the place after the last item, never a page number."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import bson
import msgspec

from models.base.errors import Invalid

T = TypeVar("T")
C = TypeVar("C")

NOT_OURS = (
    binascii.Error,
    msgspec.MsgspecError,
    UnicodeDecodeError,
    OverflowError,
)
"""What comes of reading, and of asking MongoDB for, what no cursor of ours holds."""

LONGEST_CURSOR = 512
"""Characters; ours are under 120."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items of a list, and where the next ones begin."""

    items: list[T]
    next: str | None = None
    """Hand it back as ``cursor`` to go on; null on the last page."""


class BadCursor(Invalid):
    """The cursor was not made by us."""

    code = "bad_cursor"
    message = "页面位置已失效，请返回列表重新打开。"


def cut(found: Sequence[T], limit: int, place: Callable[[T], Any]) -> Page[T]:
    """Make a page of what was found by asking for one item more than it holds.

    place: returns where an item stands in the list, for whoever goes on after it.
    """
    shown = list(found[:limit])
    return Page(shown, encode(place(shown[-1])) if len(found) > limit else None)


def encode(place: Any) -> str:
    """Write the place after an item as opaque text for a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def decode(cursor: str, shape: type[C]) -> C:
    """Read a place back; its values have exactly the types of ``shape``, and MongoDB
    can be asked for them.

    Refuses: BadCursor.
    """
    if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
        raise BadCursor
    try:
        raw = base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        place = msgspec.json.decode(raw, type=shape)
        bson.encode({"place": msgspec.to_builtins(place, builtin_types=(datetime,))})
    except NOT_OURS as problem:
        raise BadCursor from problem
    return place
