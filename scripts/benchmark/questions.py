"""What is asked of a small and of a large inn: all lists, deep pages, search."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote, urlencode

from app.settings import read_settings
from models.base.places import to_gcj02
from models.trainings.programmes import Topic
from models.workers import tokens
from models.workers.identities import ClientClass
from models.workers.tokens import Port
from scripts.benchmark import content, guard
from scripts.benchmark.asking import secrets_of
from scripts.benchmark.histories import LENGTHS
from scripts.benchmark.loading import Line, Load
from scripts.benchmark.servers import Server
from scripts.benchmark.town import CENTRE, session_id, worker_id
from scripts.benchmark.works import address, list_paths
from scripts.stack.trouble import Trouble

ADDRESSES = 5_000
"""So many phones ask each question, each below its limit."""

DEPTH = 150
"""Pages walked to a deep one."""

MIDDLE = to_gcj02(CENTRE)

PLACES = tuple(
    urlencode({"lng": f"{MIDDLE[0] + n / 1_000_000:.6f}", "lat": f"{MIDDLE[1]:.6f}"})
    for n in range(100)
)
"""Where people stand: as many as ask at once, since the inn asks the same but once."""

FEW = range(1, 4)
"""A page that every topic fills, also where there are 30 programmes of all."""

PAGE = range(16, 21)

LISTS = {
    "all policies": ["/worker/v1/policies?limit=20"],
    "stations": ["/worker/v1/stations?limit=20"],
    "stations, the nearest first": [
        f"/worker/v1/stations?limit=20&{place}" for place in PLACES
    ],
    "everything near by": [
        f"/worker/v1/nearby?radius_m=500&{place}" for place in PLACES
    ],
    "trainings": [
        f"/worker/v1/trainings?audience={audience}&limit={limit}"
        for audience in ClientClass
        for limit in PAGE
    ],
    "trainings of a topic": [
        f"/worker/v1/trainings?topic={topic}&limit={limit}"
        for topic in Topic
        for limit in FEW
    ],
    "guides": ["/worker/v1/guides?limit=20"],
}
"""Every public list, each in as many ways as it takes to be asked anew each time; and
each answered with as many rows by a small inn as by a large one.
"""

HOME = "/worker/v1/home"
"""Asked last: what still goes on when wrk has left would weigh on the next."""

DEEP = ("all policies", "stations")
"""Lists long enough to be walked far."""


class Question(NamedTuple):
    """One sort of request, the same for both inns."""

    title: str
    lines: Sequence[Line]


def all_of(server: Server, environ: Mapping[str, str]) -> list[Question]:
    """Return every question, put so that this server can answer it."""
    found = [
        Question("policy by id", _lines(_policies())),
        Question("a topic's policies in a region", _lines(list_paths())),
        *(Question(title, _lines(paths)) for title, paths in LISTS.items()),
        *(
            Question(f"{name}, deep page", _lines([_deep(server, name)]))
            for name in DEEP
        ),
        Question("search", _lines(_searches())),
    ]
    for worker, length in LENGTHS.items():
        title = f"own bookings, {length:,} behind one"
        token = _token(environ, worker)
        found.append(Question(title, [Line("/worker/v1/me/bookings", token=token)]))
    longest = max(LENGTHS, key=LENGTHS.__getitem__)
    token = _token(environ, longest)
    path = _walk(server, Line("/worker/v1/me/bookings?limit=50", token=token))
    found.append(Question("own bookings, deep page", [Line(path, token=token)]))
    found.append(Question("home", _lines([HOME])))
    return found


def must_be_good(question: Question, load: Load) -> None:
    """Refuse a figure that is made of refusals.

    Refuses: Trouble.
    """
    if load.bad or load.unanswered or not load.requests:
        raise Trouble(
            f"{question.title}: {load.bad} bad answers and {load.unanswered} without "
            f"one among {load.requests}."
        )


def _lines(paths: Sequence[str]) -> list[Line]:
    return [
        Line(paths[number % len(paths)], address=address(number))
        for number in range(ADDRESSES)
    ]


def _policies() -> list[str]:
    return [f"/worker/v1/policies/{content.policy_id(n)}" for n in range(1_000)]


def _searches() -> list[str]:
    return [f"/worker/v1/search?{urlencode({'q': q})}" for q in content.ASKED]


def _deep(server: Server, name: str) -> str:
    return _walk(server, Line(LISTS[name][0]))


def _walk(server: Server, first: Line) -> str:
    """Follow the cursors as far as they lead, or deep enough; return the last path."""
    path = first.path
    for page in range(DEPTH):
        line = first._replace(path=path, address=address(page))
        cursor = guard.fetch(server.site, line)["next"]
        if cursor is None:
            break
        joint = "&" if "?" in first.path else "?"
        path = f"{first.path}{joint}cursor={quote(cursor, safe='')}"
    return path


def _token(environ: Mapping[str, str], worker: int) -> str:
    return tokens.make(
        secrets_of(read_settings(environ)),
        owner_id=worker_id(worker),
        session_id=session_id(worker),
        port=Port.WORKER,
        now=datetime.now(UTC),
    )
