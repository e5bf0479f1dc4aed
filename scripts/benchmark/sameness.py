"""Asks every server the same before a stage and compares what they say.

No figure without the same answer: who says something else is not timed, and the run
goes on without it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from scripts.benchmark import content, guard, works
from scripts.benchmark.loading import Line
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import BARE_COLUMN, Server
from scripts.stack.trouble import Trouble

SPOTS = (0, 1, 77, 199, 1_234)
"""Policies and workers that are looked at."""


class Said(NamedTuple):
    """What one server answers."""

    answers: dict[str, Any]
    """By what was asked."""
    searches: dict[str, Any]
    """By the path of the search."""


class Agreed(NamedTuple):
    """Who says the same, and who is left out because they do not."""

    servers: list[Server]
    compared: int
    """Answers."""
    left_out: list[str]
    """Each server that is not timed, with the reason, in one sentence."""


def check(bench: Bench, servers: Sequence[Server], stage: int) -> Agreed:
    """Compare all answers with the first inn's; who differs or refuses is left out.

    Rules: only the inn ranks what it found, so of a search the peers are compared
    with each other, and the inn must find something.
    Refuses: Trouble, when the first itself does not answer.
    """
    asked = [each for each in servers if each.column.name != BARE_COLUMN.name]
    asked.sort(key=lambda server: not server.column.is_inn)
    agreed = Agreed([s for s in servers if s not in asked], 0, [])
    if not asked:
        return agreed
    first = _said(bench, asked[0], stage)
    agreed.servers.append(asked[0])
    searched = {asked[0].column.is_inn: first}
    compared = 0
    for server in asked[1:]:
        try:
            said = _said(bench, server, stage)
            beside = searched.get(server.column.is_inn, said)
            compared += _compare(server, said, first, beside)
        except Trouble as trouble:
            bench.say(f"✗ {server.column.title} is left out: {trouble}")
            agreed.left_out.append(f"{server.column.title}: {trouble}")
        else:
            searched.setdefault(server.column.is_inn, said)
            agreed.servers.append(server)
    return agreed._replace(compared=compared)


def _said(bench: Bench, server: Server, stage: int) -> Said:
    """Ask a server everything that is compared."""
    return Said(dict(_answers(bench, server, stage)), dict(_searches(server)))


def _compare(server: Server, said: Said, first: Said, beside: Said) -> int:
    """Compare one server's answers; returns how many were.

    Refuses: Differs.
    """
    who = server.column.title
    for path, answer in said.answers.items():
        guard.compare(who, path, first.answers[path], answer)
    if beside is said or server.column.is_inn:
        return len(said.answers)
    for path, items in said.searches.items():
        guard.compare(who, path, beside.searches[path], items)
    return len(said.answers) + len(said.searches)


def _answers(bench: Bench, server: Server, stage: int) -> Iterator[tuple[str, Any]]:
    token = bench.decks.token(server)
    for number in SPOTS:
        path = f"/worker/v1/policies/{content.policy_id(number % bench.policies)}"
        yield path, guard.fetch(server.site, Line(path))
        told = guard.fetch(server.site, Line("/worker/v1/me", token=token(number)))
        yield f"/worker/v1/me of {number}", told
    yield from bench.decks.walk(server)
    yield "/worker/v1/home", guard.fetch(server.site, Line("/worker/v1/home"))
    line = bench.decks.sample_booking(server, stage)
    booked = guard.fetch(server.site, line)
    yield "a booking", {k: booked[k] for k in ("state", "service", "start", "end")}


def _searches(server: Server) -> Iterator[tuple[str, Any]]:
    """Search for everything that is asked.

    Refuses: Trouble, when nothing is found.
    """
    for words in content.ASKED:
        path = f"/worker/v1/search?{urlencode({'q': words})}"
        line = Line(path, address=works.address(1))
        items = guard.fetch(server.site, line)["items"]
        if server.column.is_inn and not items:
            raise Trouble(f"{server.column.title} finds nothing at {path}.")
        yield path, items
