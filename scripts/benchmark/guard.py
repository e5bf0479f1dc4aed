"""No figure without the same answer: what servers say is compared before any timing."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from scripts.benchmark.loading import Line
from scripts.stack.asking import DIRECT
from scripts.stack.trouble import Trouble

OWN = frozenset({"next", "made_at"})
"""Differs by right: a cursor is the server's own affair, so is the moment."""

PATIENCE = 30.0
"""Seconds for one answer."""


class Differs(Trouble):
    """A server says something else than the inn, so nothing may be compared."""

    def __init__(self, who: str, path: str, what: str) -> None:
        super().__init__(f"{who} answers {path} differently from the inn: {what}.")


def fetch(site: str, line: Line) -> Any:
    """Ask one line of a deck and decode the answer.

    Refuses: Trouble, unless the answer is a good one.
    """
    headers = {"Content-Type": "application/json"} if line.body else {}
    if line.token:
        headers["Authorization"] = f"Bearer {line.token}"
    if line.address:
        headers["X-Real-Ip"] = line.address
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{site}{line.path}",
        method=line.method,
        headers=headers,
        data=line.body.encode() or None,
    )
    try:
        with DIRECT.open(request, timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as problem:
        words = problem.read()[:300].decode(errors="replace")
        raise Trouble(f"{site}{line.path} answers {problem.code}: {words}") from problem
    except (OSError, ValueError) as problem:
        raise Trouble(f"{site}{line.path} does not answer: {problem}") from problem


def compare(who: str, path: str, inn: Any, peer: Any) -> None:
    """Make sure that all a peer says the inn says too.

    Rules: the inn may say more (its pieces of a title, its counts); an order of a
    list counts; two ways to write one moment are one.
    Refuses: Differs, naming the place.
    """
    found = difference(inn, peer)
    if found is not None:
        raise Differs(who, path, found)


def difference(inn: Any, peer: Any, place: str = "$") -> str | None:
    """Say where a peer's answer is not within the inn's; None if it is."""
    if isinstance(peer, Mapping) and isinstance(inn, Mapping):
        lacking = sorted(peer.keys() - inn.keys())
        if lacking:
            return f"{place} has {lacking[0]}, which the inn has not"
        names = sorted(peer.keys() - OWN)
        return _first(difference(inn[n], peer[n], f"{place}.{n}") for n in names)
    if isinstance(peer, list) and isinstance(inn, list):
        if len(inn) != len(peer):
            return f"{place} has {len(peer)} items, the inn's has {len(inn)}"
        pairs = enumerate(zip(inn, peer, strict=True))
        return _first(difference(*pair, f"{place}[{at}]") for at, pair in pairs)
    same = _moment(inn) == _moment(peer)
    return None if same else f"{place} is {peer!r}, the inn's is {inn!r}"


def _first(found: Iterable[str | None]) -> str | None:
    return next((each for each in found if each is not None), None)


def _moment(value: Any) -> Any:
    """Read what looks like a moment as one."""
    if not isinstance(value, str) or "T" not in value:
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value
