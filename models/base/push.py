"""Pushes (实时提示): what is said at once, in a few words, and to whom.

The sender names the hearers: an event that is told live says what it is about and
to which topics it belongs, and both are kept with it, in its own transaction. A
topic is what somebody can listen to: one worker's own things, one station's desk,
the alarms of a subtree. A push is a hint without anything personal in it: whoever
wants to know more asks the port's own doors, and those ask who may know.

Who hears which topics is decided where rights are read, at each port; who is told
now is `feed`, and who was away, `catching_up`.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

OFFICIALS = "officials"
"""What all ears at the back office share; nothing is told there."""

PATHS_KEPT = 1024
"""Units of a city, once for each hall."""

KINDS_KEPT = 256
"""More than there are classes of events."""


class Push(msgspec.Struct, kw_only=True, frozen=True):
    """How one event is told live."""

    topics: tuple[str, ...]
    """Whoever listens to any of them is told, once."""
    ref: str
    """The id of what it is about."""
    station_id: str | None = None
    state: str | None = None
    """How that thing stands since."""


class Hearing(NamedTuple):
    """What somebody may listen to."""

    topics: frozenset[str]
    until: datetime | None = None
    """When that ends or changes by the clock alone; None for never."""


def worker(worker_id: str) -> str:
    """Name the topic of one worker's own things."""
    return f"worker/{worker_id}"


def inbox(person_id: str) -> str:
    """Name the topic of what one person is told."""
    return f"inbox/{person_id}"


def staff(staff_id: str) -> str:
    """Name the topic of what one staff member is called to."""
    return f"staff/{staff_id}"


def session(session_id: str) -> str:
    """Name what all ears of one session share; nothing is told there."""
    return f"session/{session_id}"


def person(person_id: str) -> str:
    """Name what all ears of one person share; nothing is told there."""
    return f"person/{person_id}"


def station(hall: str, station_id: str) -> str:
    """Name the topic of one matter at one station."""
    return f"{hall}/{station_id}"


def branch(hall: str, path: str) -> str:
    """Name the topic of one matter in the subtree of a unit."""
    return f"{hall}@{path}"


@lru_cache(maxsize=PATHS_KEPT)
def branches(hall: str, org_path: str) -> tuple[str, ...]:
    """Name the topics of every unit above a record, from the root down.

    Rules: a record without a path is heard by no official.
    """
    ends = [found.end() for found in re.finditer("/", org_path)]
    return tuple(branch(hall, org_path[:end]) for end in ends[1:])


@lru_cache(maxsize=KINDS_KEPT)
def kind_of(event: str) -> str:
    """Write an event's class name as clients read it: ``booking_made``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event).lower()
