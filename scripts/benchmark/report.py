"""What a run found, as tables a person reads."""

from collections.abc import Mapping, Sequence

import msgspec

from scripts.benchmark.ceiling import Ceiling
from scripts.benchmark.figures import Cell, Key, Sample, Shape, cells, ratio
from scripts.benchmark.goals import (
    AIM,
    BARE_THERE_US,
    MAIN,
    MUST,
    Verdict,
    judge,
    other_of,
)
from scripts.benchmark.recount import Recount
from scripts.benchmark.servers import COLUMNS, Column
from scripts.benchmark.works import BARE, WORKS, Work

MET = {True: "met", False: "**not met**", None: "not measured"}
"""How a table says whether a goal is."""


class Report(msgspec.Struct, kw_only=True):
    """All of one run."""

    began: str
    seconds: float
    machine: str
    load_before: float
    """Processes that wanted a processor before the run: above 1 is a noisy machine."""
    settings: dict[str, str]
    versions: dict[str, str]
    compared: int
    """Answers that were compared before any timing."""
    left_out: list[str]
    """Servers that said something else than the inn, or nothing: not timed."""
    samples: list[Sample]
    ceilings: list[Ceiling]
    recounts: dict[str, Recount]


def render(report: Report) -> str:
    """Write the whole report as Markdown."""
    found = cells(report.samples)
    parts = [
        _about(report),
        _main_table(found),
        _ratios(found),
        *(_shape_table(found, shape) for shape in _other_shapes(found)),
        _ceilings(report),
        _recounts(report),
        goals_table(judge(MUST, found), judge(AIM, found)),
        pace_of_machine(found),
        _invalid(found),
    ]
    return "\n\n".join(part for part in parts if part)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _about(report: Report) -> str:
    said = ", ".join(f"{k} {v}" for k, v in report.versions.items())
    chosen = ", ".join(f"{k} {v}" for k, v in report.settings.items())
    return "\n".join(
        (
            f"Run of {report.began}, {report.seconds / 60:.1f} minutes, {chosen}. "
            f"Load average before it: {report.load_before:.1f}.",
            "",
            f"Machine: {report.machine}.",
            "",
            f"Versions: {said}.",
            "",
            f"Before any timing {report.compared} answers were compared and agreed.",
            *(f"\nLeft out: {each}" for each in report.left_out),
        )
    )


def _columns(found: Mapping[Key, Cell], shape: Shape) -> list[Column]:
    there = {key.column for key in found if key.shape == shape}
    return [column for column in COLUMNS if column.name in there]


def _works(found: Mapping[Key, Cell], shape: Shape) -> list[Work]:
    there = {key.work for key in found if key.shape == shape}
    return [work for work in (BARE, *WORKS) if work.name in there]


def _main_table(found: Mapping[Key, Cell]) -> str:
    return (
        "**One process, 64 connections** (search far below saturation: 8): server CPU "
        "µs a request · MongoDB CPU µs a request · requests/s · p50 / p99 ms."
        f"\n\n{_grid(found, MAIN)}"
    )


def _shape_table(found: Mapping[Key, Cell], shape: Shape) -> str:
    words = "process" if shape.processes == 1 else "processes"
    head = f"**{shape.processes} {words}, {shape.connections} connections**"
    return f"{head}: the same figures.\n\n{_grid(found, shape)}"


def _whole(cell: Cell) -> str:
    if not cell.is_valid:
        return f"invalid ({reason(cell)})"
    return (
        f"**{cell.cpu_us:.0f}** · {cell.mongod_us:.0f} · {cell.per_second:,.0f} · "
        f"{cell.p50_ms:.1f} / {cell.p99_ms:.1f}"
    )


def reason(cell: Cell) -> str:
    """Say why a figure does not count."""
    return f"{cell.bad} bad answers" if cell.bad else "too few answers"


def _grid(found: Mapping[Key, Cell], shape: Shape) -> str:
    columns = _columns(found, shape)
    rows = []
    for work in _works(found, shape):
        cells_ = [found.get(Key(work.name, c.name, shape)) for c in columns]
        rows.append([work.title, *("–" if c is None else _whole(c) for c in cells_)])
    return table(["work", *(column.title for column in columns)], rows)


def _ratios(found: Mapping[Key, Cell]) -> str:
    """Say how many times the inn's capacity is that of each other."""
    columns = _columns(found, MAIN)
    others = [c for c in columns if not c.is_inn]
    parts = []
    for mine in (c for c in columns if c.is_inn):
        rows = []
        for work in _works(found, MAIN):
            cell = found.get(Key(work.name, mine.name, MAIN))
            if cell is None:
                continue
            told = (
                ratio(cell, found.get(other_of(work.name, c.name, MAIN)))
                for c in others
            )
            rows.append([work.title, *("–" if r is None else f"{r:.2f}" for r in told)])
        head = [f"{mine.title} is … ×", *(column.title for column in others)]
        if rows:
            parts.append(table(head, rows))
    if not parts:
        return ""
    words = "**Capacity by CPU a request**, how many times that of the others:"
    return "\n\n".join((words, *parts))


def _other_shapes(found: Mapping[Key, Cell]) -> list[Shape]:
    return sorted({key.shape for key in found} - {MAIN}, key=lambda s: s[::-1])


def _ceilings(report: Report) -> str:
    if not report.ceilings:
        return ""
    rows = [
        [each.title, f"{each.mongod_us:.0f}", f"{each.per_second:,.0f}"]
        for each in report.ceilings
    ]
    head = ["MongoDB itself", "its CPU µs a query", "queries/s over one connection"]
    return table(head, rows)


def _recounts(report: Report) -> str:
    rows = [
        [name, f"{told.bookings:,}", "; ".join(told.wrong) or "nothing wrong"]
        for name, told in report.recounts.items()
    ]
    head = ["raw collections of", "bookings", "oversold, lost or without their event"]
    return table(head, rows) if rows else ""


def goals_table(must: Sequence[Verdict], aim: Sequence[Verdict]) -> str:
    """Say which goals were met."""
    rows = [
        [sort, *_verdict(each)]
        for sort, verdicts in (("must", must), ("aim", aim))
        for each in verdicts
    ]
    met = sum(each.is_met is True for each in (*must, *aim))
    return (
        f"**Goals**: {met} of {len(rows)} met.\n\n"
        f"{table(['', 'inn', 'work', 'against', 'goal', 'found', ''], rows)}"
    )


def pace_of_machine(found: Mapping[Key, Cell]) -> str:
    """Say how slow this machine is beside the one that the goals were set on."""
    cell = found.get(other_of(BARE.name, "bare", MAIN))
    if cell is None or not cell.is_valid:
        return ""
    return (
        f"The goals were set where a request of the bare handler cost {BARE_THERE_US} "
        f"µs; here it cost {cell.cpu_us:.0f}, {cell.cpu_us / BARE_THERE_US:.1f} times "
        "as much. A ratio allows for that; so many a second, or milliseconds, do not."
    )


def _verdict(verdict: Verdict) -> list[str]:
    goal = verdict.goal
    sign = "<" if goal.measure == "p99_ms" else "≥"
    found = "–" if verdict.found is None else f"{verdict.found:,.2f}"
    titles = {column.name: column.title for column in COLUMNS}
    against = titles.get(goal.measure, goal.measure.replace("_", " "))
    return [
        titles[goal.column],
        goal.work,
        against,
        f"{sign} {goal.least:,}",
        found,
        MET[verdict.is_met],
    ]


def _invalid(found: Mapping[Key, Cell]) -> str:
    return "\n".join(
        f"Invalid: {key.column}, {key.work}, {key.shape.connections} connections, "
        f"{key.shape.processes} process(es): {reason(cell)}."
        for key, cell in found.items()
        if not cell.is_valid
    )
