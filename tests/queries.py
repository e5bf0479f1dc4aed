"""What the house asks of MongoDB: heard as it is sent, and judged by MongoDB's planner.

An `Ear` is PyMongo's own command listener on a house's client. It knows who asked by
the frames on the stack, so what a test itself reads is not held against the house.

A question is served when the planner has at least one plan for it that neither reads a
whole shelf or index to filter it, nor sorts what an index could have given in order.
Which plans there are depends on the question and the indexes alone; which of them wins
depends on the rows, and a test's few rows say nothing of that.
"""

import sys
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from models.base.documents import all_documents

HOUSE = Path(__file__).parents[1]
STOREYS = ("app/", "handlers/", "models/")

BETWEEN = ("models/base/documents.py", "models/base/store.py")
"""What every room asks through; who asked stands one frame further out."""

STATEMENTS = {"update": "updates", "delete": "deletes"}
"""Commands that carry several statements, and under which word."""

QUESTIONS = {"find", "aggregate", "count", "distinct", "findAndModify", *STATEMENTS}

OF_A_QUESTION = {
    *QUESTIONS,
    *STATEMENTS.values(),
    *("filter", "sort", "limit", "skip", "projection", "hint", "collation"),
    *("pipeline", "cursor", "query", "key", "remove", "new", "upsert", "fields"),
    "arrayFilters",
}
"""What of a command is the question; the rest is how it travels."""


class Asked(NamedTuple):
    """One statement, and the file and function of the house that sent it."""

    place: str
    name: str
    shelf: str
    command: dict[str, Any]

    def shape(self) -> str:
        """Say what is asked, without the values that no index depends on."""
        return f"{self.name} {self.shelf} {_shape(self.command, told_apart())}"


class Ear(CommandListener):
    """Hears what the house asks."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.commands = 0
        """All commands of the house, writes too; more of a change stream are none."""

    def started(self, event: CommandStartedEvent) -> None:
        """Keep a question, if it is the house's."""
        name, shelf = event.command_name, event.command.get(event.command_name)
        place = _place()
        if place is None:
            return
        self.commands += 1
        if name in QUESTIONS and isinstance(shelf, str):
            for command in _statements(name, event.command):
                self.asked.append(Asked(place, name, shelf, command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing more to know."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing more to know."""


def _place() -> str | None:
    """Name who of the house is asking, if anybody is."""
    frame: FrameType | None = sys._getframe(2)
    between = False
    while frame is not None:
        path = frame.f_code.co_filename.removeprefix(f"{HOUSE}/")
        if path.startswith(BETWEEN):
            between = True
        elif path.startswith(STOREYS):
            return f"{path} {frame.f_code.co_name}"
        elif between and path.startswith("tests/"):
            return None
        frame = frame.f_back
    return None


def _statements(name: str, command: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    bare = {key: value for key, value in command.items() if key in OF_A_QUESTION}
    several = STATEMENTS.get(name)
    if several is None:
        yield bare
    else:
        for each in bare[several]:
            yield bare | {several: [each]}


@cache
def told_apart() -> frozenset[str]:
    """Name the fields whose values decide whether an index may be used at all."""
    return frozenset(
        field
        for kind in all_documents()
        for index in kind.INDEXES
        for field, told in index.document.get("partialFilterExpression", {}).items()
        if not isinstance(told, Mapping) or "$in" in told
    )


def _shape(value: Any, apart: frozenset[str], key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {
            name: _shape(inner, apart, key if name.startswith("$") else name)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        shapes: list[Any] = []
        for inner in value:
            shape = _shape(inner, apart, key)
            if shape not in shapes:
                shapes.append(shape)
        return shapes
    return value if key in apart and isinstance(value, str | bool) else "?"


class Fault(IntEnum):
    """What may be wrong with the best plan there is, the least first."""

    NONE = 0
    SORTS = 1
    """In memory, what an index leads to but does not hold in order."""
    FILTERS_ALL = 2
    """Goes along a whole index, or all ids before a cursor, looking at each row."""
    READS_ALL = 3
    UNKNOWN = 4
    """The shelf does not exist yet, or the choice is from nothing."""


async def judge(db: AsyncDatabase[dict[str, Any]], asked: Asked) -> Fault:
    """Let MongoDB say how it would answer."""
    looks_up = "$lookup" in str(asked.command.get("pipeline", ""))
    verbosity = "executionStats" if looks_up else "queryPlanner"
    answer = await db.command("explain", asked.command, verbosity=verbosity)
    if _scans(answer):
        return Fault.READS_ALL
    return max((_best(planner) for planner in _planners(answer)), default=Fault.NONE)


def _planners(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Find the planner's word on each part of a question."""
    if isinstance(answer, Mapping):
        if "winningPlan" in answer:
            yield answer
        else:
            for inner in answer.values():
                yield from _planners(inner)
    elif isinstance(answer, list):
        for inner in answer:
            yield from _planners(inner)


def _best(planner: Mapping[str, Any]) -> Fault:
    """Judge a part of a question by the best of its plans."""
    faults = list(map(_fault, [planner["winningPlan"], *planner["rejectedPlans"]]))
    return Fault.UNKNOWN if Fault.UNKNOWN in faults else min(faults)


def _fault(plan: Any) -> Fault:
    """Say what is wrong with a plan."""
    stages = list(_stages(plan))
    names = {stage["stage"] for stage in stages}
    filtered = any("filter" in stage for stage in stages)
    if "EOF" in names:
        return Fault.UNKNOWN
    if "COLLSCAN" in names and (filtered or "LIMIT" not in names):
        return Fault.READS_ALL
    scans = [stage for stage in stages if stage["stage"] == "IXSCAN"]
    if filtered and any(map(_is_whole, scans)):
        return Fault.FILTERS_ALL
    return Fault.SORTS if "SORT" in names else Fault.NONE


def _stages(plan: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield plan
        for inner in (plan.get("queryPlan"), plan.get("inputStage")):
            yield from _stages(inner)
        for inner in plan.get("inputStages", ()):
            yield from _stages(inner)


ENDLESS = ("MinKey", "MaxKey", '""', "{}")


def _is_whole(scan: Mapping[str, Any]) -> bool:
    """Say whether nothing bounds an index, or only a cursor by id does."""
    bounds = next(iter(scan["indexBounds"].values()))
    ends = [end.strip("[]() ") for bound in bounds for end in bound.split(", ")]
    if scan["indexName"] == "_id_":
        return any(end in ENDLESS for end in ends)
    return bool(ends) and all(end in {"MinKey", "MaxKey"} for end in ends)


def _scans(answer: Any) -> bool:
    """Say whether a look-up into another shelf read the whole of it."""
    if isinstance(answer, Mapping):
        return answer.get("collectionScans", 0) > 0 or any(map(_scans, answer.values()))
    return isinstance(answer, list) and any(map(_scans, answer))
