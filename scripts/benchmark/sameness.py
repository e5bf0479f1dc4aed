"""Asks every server the same before a stage and compares what they say."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from scripts.benchmark import content, guard, works
from scripts.benchmark.guard import Differs
from scripts.benchmark.loading import Line
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import BARE_COLUMN, Server
from scripts.stack.trouble import Trouble

SPOTS = (0, 1, 77, 199, 1_234)
"""Policies and workers that are looked at."""


def check(bench: Bench, servers: Sequence[Server]) -> int:
    """Compare all answers with the first inn's; returns how many were compared.

    Rules: only the inn ranks what it found, so of a search the peers are compared
    with each other, and the inn must find something.
    Refuses: Differs; Trouble, when somebody refuses.
    """
    asked = [each for each in servers if each.column.name != BARE_COLUMN.name]
    asked.sort(key=lambda server: not server.column.is_inn)
    said = [(server, dict(_answers(bench, server))) for server in asked]
    if not said:
        return 0
    first, compared = said[0][1], 0
    for server, answers in said[1:]:
        for path, answer in answers.items():
            guard.compare(server.column.title, path, first[path], answer)
            compared += 1
    _check_searches(asked)
    return compared


def _answers(bench: Bench, server: Server) -> Iterator[tuple[str, Any]]:
    token = bench.decks.token(server)
    for number in SPOTS:
        path = f"/worker/v1/policies/{content.policy_id(number % bench.policies)}"
        yield path, guard.fetch(server.site, Line(path))
        told = guard.fetch(server.site, Line("/worker/v1/me", token=token(number)))
        yield f"/worker/v1/me of {number}", told
    yield from bench.decks.walk(server)
    yield "/worker/v1/home", guard.fetch(server.site, Line("/worker/v1/home"))
    line = bench.decks.one_booking(server, bench.database(server))
    booked = guard.fetch(server.site, line)
    yield "a booking", {k: booked[k] for k in ("state", "service", "start", "end")}


def _check_searches(servers: Sequence[Server]) -> None:
    for words in content.ASKED:
        path = f"/worker/v1/search?{urlencode({'q': words})}"
        line = Line(path, address=works.address(1))
        found = {server: guard.fetch(server.site, line)["items"] for server in servers}
        if not any(map(len, found.values())):
            raise Trouble(f"Nobody finds anything at {path}.")
        empty = [s for s, items in found.items() if s.column.is_inn and not items]
        if empty:
            raise Differs(empty[0].column.title, path, "it finds nothing")
        peers = [server for server in servers if not server.column.is_inn]
        for peer in peers[1:]:
            guard.compare(peer.column.title, path, found[peers[0]], found[peer])
