"""What is asked of every server, and how the question is put to each."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from scripts.benchmark import content
from scripts.benchmark.content import policy_id
from scripts.benchmark.loading import Line

T = TypeVar("T")

ACTIVE = 10_000
"""Workers whose phones ask within one run."""

POPULAR = 200
"""Policies that most people read in one hour."""

DICE = 7
"""Seed of every shuffle: all servers are asked the same in the same order."""


class Work(NamedTuple):
    """One sort of request, or a mixture."""

    name: str
    title: str
    every: int = 0
    """One request of so many is a booking; 1 all, 0 none."""
    rush: bool = False
    """Everybody wants the same slot."""
    pause_ms: int = 0
    connections: int | None = None
    """Others than the rest of the run."""


WORKS = (
    Work("policy", "policy by id, among 200 popular ones"),
    Work("policy_uncached", "policy by id, all 10,000 in turn, nothing kept ready"),
    Work("list", "first page of a policy list"),
    Work("list_page", "any page of a policy list, by cursor"),
    Work("search", "search in all texts"),
    Work("search_calm", "search, far below saturation", pause_ms=10, connections=8),
    Work("home", "home page"),
    Work("me", "own profile behind a session"),
    Work("book", "booking, spread over the town", every=1),
    Work("rush", "booking, all want one slot", every=1, rush=True),
    Work("mixed", "mixed traffic, 90 % reads", every=10),
)
BY_NAME = {work.name: work for work in WORKS}
BARE = Work("bare", "a constant, nothing behind it")

Token = Callable[[int], str]
"""What a worker says to be known, by the worker's number."""


class Asking(NamedTuple):
    """How one server is asked."""

    token: Token
    cursors: Sequence[str]
    """Paths of later pages, found by walking the lists before."""
    policies: int
    """How many there are."""


def reads_of(work: Work, asking: Asking) -> list[Line]:
    """Return the reads that a work is made of; none for one that only writes."""
    if work.every == 1:
        return []
    if work.name == "mixed":
        return _mixed(asking)
    return READS[work.name](asking)


def list_paths() -> list[str]:
    """Return the first page of every list."""
    return [
        f"/worker/v1/policies?{urlencode({'topic': topic.value, 'region': region})}"
        for topic, region in content.lists()
    ]


def _policies(count: int) -> list[Line]:
    numbers = _shuffled(range(count))
    return [Line(f"/worker/v1/policies/{policy_id(each)}") for each in numbers]


def _lists(_: Asking) -> list[Line]:
    return [Line(path) for path in _shuffled(list_paths())]


def _pages(asking: Asking) -> list[Line]:
    paths = list(asking.cursors)
    return [
        Line(paths[number % len(paths)], address=address(number))
        for number in range(ACTIVE)
    ]


def _searches(_: Asking) -> list[Line]:
    asked = content.ASKED
    return [
        Line(
            f"/worker/v1/search?{urlencode({'q': asked[number % len(asked)]})}",
            address=address(number),
        )
        for number in range(ACTIVE)
    ]


def _profiles(asking: Asking) -> list[Line]:
    workers = _shuffled(range(ACTIVE))
    return [Line("/worker/v1/me", token=asking.token(each)) for each in workers]


READS: dict[str, Callable[[Asking], list[Line]]] = {
    "bare": lambda _: [Line("/worker/v1/constant")],
    "policy": lambda _: _policies(POPULAR),
    "policy_uncached": lambda asking: _policies(asking.policies),
    "list": _lists,
    "list_page": _pages,
    "search": _searches,
    "search_calm": _searches,
    "home": lambda _: [Line("/worker/v1/home")],
    "me": _profiles,
}

SHARES = {
    "policy_uncached": 3,
    "list": 2,
    "list_page": 1,
    "search": 1,
    "home": 1,
    "me": 1,
}
"""Of nine reads so many are of each sort."""


def _mixed(asking: Asking) -> list[Line]:
    dice = random.Random(DICE)
    sources = {name: READS[name](asking) for name in SHARES}
    lines = [
        dice.choice(sources[name])
        for name, share in SHARES.items()
        for _ in range(share * ACTIVE // 9)
    ]
    dice.shuffle(lines)
    return lines


def address(number: int) -> str:
    """Return the address that somebody's phone asks from."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _shuffled(each: Iterable[T]) -> list[T]:
    known = list(each)
    random.Random(DICE).shuffle(known)
    return known
