"""Puts every server's decks together: tokens, cursors found by walking, wishes."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from urllib.parse import quote

from app.settings import Settings, read_settings
from models.base.secrets import Secrets
from models.workers import tokens
from models.workers.tokens import Port
from scripts.benchmark import guard, works
from scripts.benchmark.demand import Demand, Wish
from scripts.benchmark.loading import Line, Pace, write_deck
from scripts.benchmark.needs import HOME
from scripts.benchmark.peer_filling import token_of
from scripts.benchmark.servers import Server
from scripts.benchmark.town import session_id, worker_id
from scripts.benchmark.works import Asking, Token, Work, address
from scripts.stack.trouble import Trouble

FRESH = 480.0
"""Seconds a deck with the inn's tokens is used; they live a quarter of an hour."""

MOST_WRITES = 6_000
"""Bookings a second that a deck has wishes for: more than any server makes."""

RESERVE = 2
"""Wishes more for every connection, since requests are under way at the end."""

PAGES = 6
"""Pages walked of every list, the first among them."""


class UsedUp(Trouble):
    """The run wants more bookings than there are wishes."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            f"{server.column.title} has used up its slots. Ask for fewer --rounds "
            "or --seconds."
        )


class Decks:
    """The decks of one run; a database is led along its wishes only once."""

    def __init__(self, demand: Demand, settings: Mapping[str, str]) -> None:
        self._demand = demand
        self._secrets = secrets_of(read_settings(settings))
        self._next: dict[tuple[str, bool], int] = {}
        self._samples: Counter[int] = Counter()
        self._cursors: dict[int, list[str]] = {}
        self._reads: dict[tuple[int, str], tuple[float, Path]] = {}

    def token(self, server: Server) -> Token:
        """Return how a server knows a worker."""
        return self._inn_token if server.column.is_inn else token_of

    def walk(self, server: Server) -> Iterator[tuple[str, dict[str, object]]]:
        """Go through every list by its cursors; yields each page, and keeps its path.

        Rules: the same page has the same name whoever is asked.
        """
        paths = self._cursors[server.port] = []
        for number, first in enumerate(works.list_paths()):
            path = first
            for page in range(PAGES):
                told = guard.fetch(server.site, Line(path, address=address(number)))
                yield f"{first} page {page + 1}", told
                if told["next"] is None:
                    break
                path = f"{first}&cursor={quote(told['next'], safe='')}"
                paths.append(path)

    def reads(self, server: Server, work: Work, policies: int) -> Path | None:
        """Return the deck of a work's reads, made anew when its tokens grow old."""
        made, place = self._reads.get((server.port, work.name), (0.0, Path()))
        if made and time.monotonic() - made < FRESH:
            return place
        told = Asking(self.token(server), self._cursors.get(server.port, []), policies)
        lines = works.reads_of(work, told)
        if not lines:
            return None
        place = write_deck(_place(server, work, "reads"), lines)
        self._reads[server.port, work.name] = time.monotonic(), place
        return place

    def writes(
        self, server: Server, work: Work, database: str, pace: Pace
    ) -> Path | None:
        """Return a deck of bookings that nobody has made yet.

        Refuses: UsedUp.
        """
        if not work.every:
            return None
        first = self._next.get((database, work.rush), 0)
        most = self._demand.most_in_rush if work.rush else self._demand.most
        sent = max(MOST_WRITES * pace.seconds, pace.least) / work.every
        last = min(most, first + RESERVE * pace.connections + ceil(sent))
        if last - first <= RESERVE * pace.connections:
            raise UsedUp(server)
        wish = self._demand.rush if work.rush else self._demand.spread
        token = self.token(server)
        lines = [self._booking(token, wish(number)) for number in range(first, last)]
        return write_deck(_place(server, work, "writes"), lines)

    def count_written(self, work: Work, database: str, written: int) -> None:
        """Go on behind the wishes that were sent."""
        key = database, work.rush
        self._next[key] = self._next.get(key, 0) + written

    def sample_booking(self, server: Server, turn: int) -> Line:
        """Return a booking of one slot, the same whoever is asked in this turn."""
        wish = self._demand.sample(turn, self._samples[turn])
        self._samples[turn] += 1
        return self._booking(self.token(server), wish)

    def _booking(self, token: Token, wish: Wish) -> Line:
        return Line(
            "/worker/v1/bookings",
            method="POST",
            token=token(wish.worker),
            body=f'{{"slot_id": "{wish.slot_id}"}}',
        )

    def _inn_token(self, number: int) -> str:
        return tokens.make(
            self._secrets,
            owner_id=worker_id(number),
            session_id=session_id(number),
            port=Port.WORKER,
            now=datetime.now(UTC),
        )


def secrets_of(settings: Settings) -> Secrets:
    """Return the keys that the inn signs with."""
    return Secrets(
        seal_keys=settings.seal_keys,
        blind_keys=settings.blind_keys,
        token_keys=settings.token_keys,
    )


def _place(server: Server, work: Work, what: str) -> Path:
    return HOME / "decks" / f"{server.column.name}-{server.port}-{work.name}.{what}"
