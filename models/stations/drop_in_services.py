"""Drop-in services (随到随用): what a station has without a booking.

::

    water   taken and counted, no more: nobody is asked who they are
    rest    a seat for as long as somebody stays: so many and no more

Source: features S4-02 (喝水热饭、车辆充电、休息).
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

MOST_SEATS = 200
"""A hall; more is a slip of the pen."""


class DropInKind(StrEnum):
    """What it is."""

    WATER = "water"
    REST = "rest"

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS[self]


LABELS = {DropInKind.WATER: "喝水", DropInKind.REST: "休息"}


class DropIn(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One of them at a station."""

    kind: DropInKind
    seats: Annotated[int, Meta(ge=0, le=MOST_SEATS)] = 0
    """To rest on; water has none."""
