"""Figures: what a fault cost, all of it computed, and one table of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.ledger import Came, Deed, Ledger

HEADS = (
    "fault",
    "times",
    "people",
    "acknowledged",
    "a second",
    "503",
    "no answer",
    "longest wait s",
    "back after s",
    "lost",
    "doubled",
    "broken",
)


@dataclass
class Figures:
    """One fault under one load."""

    fault: str
    people: int = 0
    seconds: float = 0.0
    """How long the load lasted."""
    back_after: list[float] = field(default_factory=list)
    """For each time: seconds till a deed begun after it was acknowledged."""
    ledger: Ledger = field(default_factory=Ledger)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """What the recount found."""

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, broken, wrong or left open."""
        return not self.complaints

    @property
    def complaints(self) -> list[str]:
        """Everything that should not be."""
        open_ = [f"{deed.what} of {deed.who} undecided" for deed in self.undecided]
        return [*self.lost, *self.doubled, *self.broken, *self.ledger.wrong, *open_]

    @property
    def undecided(self) -> list[Deed]:
        """Deeds without an end."""
        return self.ledger.undecided

    def row(self) -> tuple[str, ...]:
        """Return the figures as the table shows them."""
        came, done = self.ledger.came, len(self.ledger.acknowledged)
        return (
            self.fault,
            str(len(self.back_after)),
            str(self.people),
            str(done),
            f"{done / self.seconds:.0f}" if self.seconds else "–",
            str(came[Came.BUSY]),
            str(came[Came.UNANSWERED]),
            f"{self.ledger.longest:.1f}",
            f"{max(self.back_after):.1f}" if self.back_after else "–",
            str(len(self.lost)),
            str(len(self.doubled)),
            str(len(self.broken)),
        )


def table(all_: Sequence[Figures]) -> str:
    """Return one table of all figures."""
    lines = [HEADS, *(each.row() for each in all_)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            word.rjust(width) if n else word.ljust(width)
            for n, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
