"""Faults on order: what shall go wrong, where, how often."""

from enum import StrEnum

import msgspec


class Do(StrEnum):
    """What goes wrong."""

    ERRCODE = "errcode"
    """Answer `errcode` instead of doing it."""
    STALL = "stall"
    """Say nothing for `seconds`, or until the caller has gone."""
    SLOW = "slow"
    """Do it, `seconds` later."""
    HTML = "html"
    """Answer a web page, with status 200."""
    EMPTY = "empty"
    """Answer nothing at all, with status 200."""
    HALF = "half"
    """Do it, and answer the first half of the JSON, with status 200."""
    DRIP = "drip"
    """Answer byte by byte, over `seconds`."""
    STATUS = "status"
    """Answer HTTP `status`."""
    DROP = "drop"
    """Break the connection before doing it."""
    LOSE = "lose"
    """Do it, then break the connection instead of answering."""


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One thing that shall go wrong."""

    do: Do
    path: str = "*"
    """The path of an endpoint, or * for all."""
    errcode: int = -1
    status: int = 502
    seconds: float = 30.0
    skip: int = 0
    """How many calls go well first."""
    times: int | None = None
    """How often it goes wrong; null is for ever."""


class Faults:
    """The faults on order; the first that fits strikes."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def strike(self, path: str) -> Fault | None:
        """Return the fault that strikes this call, if any, and count it."""
        for fault in self.ordered:
            if fault.path not in {"*", path} or fault.times == 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None
