"""What growth changed, as tables; the verdicts are worked out here."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from scripts.benchmark.memory import Moment
from scripts.benchmark.report import MET, table

MOST_CHANGE = 0.15
"""Of indexed work under ten times the data; the goal."""

HEAD = (
    *("asked", "small, CPU µs", "large, CPU µs", "change"),
    f"at most {100 * MOST_CHANGE:.0f} %",
    "MongoDB, small and large, CPU µs",
)

SETTLED = 0.5
"""The part of the traffic after which memory should stand still."""


class Cost(NamedTuple):
    """Processor time of one request, in microseconds."""

    inn: float
    mongodb: float


class Grown(msgspec.Struct, kw_only=True, frozen=True):
    """One question, asked of the small and of the large inn."""

    title: str
    small: Cost | None
    """Medians over the rounds; None: not said."""
    large: Cost | None

    @property
    def change(self) -> float | None:
        """How much more the large inn spends, MongoDB apart; 0.1 is a tenth."""
        if self.small is None or self.large is None:
            return None
        return self.large.inn / self.small.inn - 1

    @property
    def is_met(self) -> bool | None:
        """Whether it changes no more than it may; None if nobody can say."""
        return None if self.change is None else self.change <= MOST_CHANGE

    @property
    def row(self) -> list[str]:
        """Its line in the table."""
        costs = (self.small, self.large)
        change = "–" if self.change is None else f"{100 * self.change:+.0f} %"
        return [
            self.title,
            *("–" if cost is None else f"{cost.inn:.0f}" for cost in costs),
            change,
            MET[self.is_met],
            " · ".join(
                "–" if cost is None else f"{cost.mongodb:.0f}" for cost in costs
            ),
        ]


class Start(NamedTuple):
    """What it took until a process was ready."""

    seconds: float
    cpu_seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu_seconds:.1f} s of processor)"


class Growth(msgspec.Struct, kw_only=True):
    """All that one run found."""

    began: str
    seconds: float
    machine: str
    load_before: float
    small: dict[str, int]
    large: dict[str, int]
    grown: list[Grown]
    starts: dict[str, Start]
    memory: list[Moment]


def render(told: Growth) -> str:
    """Write it as Markdown."""
    met = sum(each.is_met is True for each in told.grown)
    parts = [
        f"Run of {told.began}, {told.seconds / 60:.1f} minutes, on {told.machine}. "
        f"Load average before it: {told.load_before:.1f}.",
        f"Small: {_sizes(told.small)}. Large: {_sizes(told.large)}. Nothing is kept "
        "ready, medians of interleaved rounds.",
        table(
            HEAD,
            [each.row for each in told.grown],
        ),
        f"{met} of {len(told.grown)} met.",
        "; ".join(
            f"start-up with {size['policies']:,} policies {start}"
            for size, start in zip(
                (told.small, told.large), told.starts.values(), strict=False
            )
        )
        + ".",
        memory_line(told.memory),
    ]
    return "\n\n".join(part for part in parts if part)


def memory_line(seen: Sequence[Moment]) -> str:
    """Say how memory went, and how much of it came in the second half."""
    if len(seen) < 3:  # noqa: PLR2004 - a beginning, a middle, an end
        return ""
    middle = seen[int(len(seen) * SETTLED)]
    late = seen[-1].resident_mib - middle.resident_mib
    asked = sum(each.requests for each in seen)
    bad = sum(each.bad for each in seen)
    return (
        f"Memory under mixed traffic: {seen[0].resident_mib:.0f} MiB at the start, "
        f"{middle.resident_mib:.0f} after {middle.seconds / 60:.1f} minutes, "
        f"{seen[-1].resident_mib:.0f} after {seen[-1].seconds / 60:.1f} "
        f"({late:+.0f} MiB in the second half); {asked:,} requests, {bad} bad answers."
    )


def _sizes(size: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in size.items())
