"""Reckoning: holding what people were told against what is there.

Lost is what was acknowledged and is not there as told. Doubled is what is there and
nobody was told of, or more than once.
"""

from collections import Counter
from dataclasses import dataclass, field

from models.base.context import Context
from tests.faults.ledger import Deed, Ledger
from tests.faults.recount import rows

SHELF = {
    "book": ("bookings", "booked"),
    "give up": ("bookings", "cancelled_by_worker"),
    "sign up": ("enrolments", ""),
    "leave": ("enrolments", "cancelled_by_worker"),
}
"""Where a deed shows, and the state it leaves; a sign-up's goes on by itself."""

ENDINGS = {"book": "give up", "sign up": "leave"}


@dataclass
class Reckoning:
    """How ledger and shelves compare."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


async def reckon(ctx: Context, ledger: Ledger) -> Reckoning:
    """Compare everything that was acknowledged with what is kept."""
    told = Reckoning()
    for making, ending in ENDINGS.items():
        shelf, _ = SHELF[making]
        kept = {row["_id"]: row for row in await rows(ctx, shelf)}
        made = Counter(_results(ledger, making))
        ended = Counter(_results(ledger, ending))
        for deed in _of(ledger, making, ending):
            row = kept.get(deed.result)
            wanted = SHELF[ending if ended[deed.result] else making][1]
            if row is None or row["worker_id"] != deed.who:
                told.lost.append(f"{deed.what} {deed.result} of {deed.who}")
            elif wanted and row["state"] != wanted:
                told.lost.append(f"{deed.result} is {row['state']}, not {wanted}")
        there = {id_ for id_, row in kept.items() if row["state"] != "dropped"}
        told.doubled += [f"{id_}: nobody was told" for id_ in there - set(made)]
        told.doubled += [f"{id_}: {n} times" for id_, n in made.items() if n > 1]
    return told


def _of(ledger: Ledger, *whats: str) -> list[Deed]:
    return [deed for deed in ledger.acknowledged if deed.what in whats]


def _results(ledger: Ledger, what: str) -> list[str]:
    return [deed.result for deed in _of(ledger, what)]
