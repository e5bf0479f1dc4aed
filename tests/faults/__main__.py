"""scripts/faults: the long form. Every fault, or those named, under more load.

::

    scripts/faults --list
    scripts/faults --times 5 --residents 64 "primary killed" "serve killed"
    scripts/faults --soak 30 --seed 7

The seed is printed; with it everybody wants the same things in the same order.
Leaves with 0 if nothing was lost, doubled or broken.
"""

import argparse
import asyncio
import random

from tests.faults import soak
from tests.faults.figures import Figures, table
from tests.faults.machines import FAULTS
from tests.faults.trial import Fault, Size, run

MOST_SEED = 2**31


def main() -> int:
    """Try what was asked for, one fault after the other."""
    options = _options()
    if options.list:
        print("\n".join(fault.name for fault in FAULTS))  # noqa: T201 - a person asked
        return 0
    wanted = [fault for fault in FAULTS if fault.name in (options.faults or _names())]
    if options.soak:
        return _soak(options)
    size = Size(
        residents=options.residents,
        rounds=options.rounds,
        times=options.times,
        seed=options.seed,
        doors=options.doors,
    )
    print(f"seed {size.seed}", flush=True)  # noqa: T201
    all_ = [_try(fault, size) for fault in wanted]
    print(table(all_))  # noqa: T201
    return 0 if all(figures.is_good for figures in all_) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/faults")
    add = parser.add_argument
    add("faults", nargs="*", metavar="FAULT", help="all, unless some are named")
    add("--list", action="store_true", help="name the faults and leave")
    add("--residents", type=int, default=32, help="people at once; 32")
    add("--rounds", type=int, default=30, help="deeds of each; 30")
    add("--times", type=int, default=3, help="how often each fault strikes; 3")
    add("--doors", type=int, default=2, help="serve processes; 2")
    add("--seed", type=int, default=random.randrange(MOST_SEED))
    add("--soak", type=float, metavar="MINUTES", help="everything at once, so long")
    options = parser.parse_args()
    unknown = set(options.faults) - set(_names())
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}; see --list")
    return options


def _soak(options: argparse.Namespace) -> int:
    print(f"seed {options.seed}", flush=True)  # noqa: T201
    size = soak.Size(options.seed, minutes=options.soak, residents=options.residents)
    soaked = asyncio.run(soak.run(size))
    print(soaked)  # noqa: T201
    return 0 if soaked.is_good else 1


def _names() -> list[str]:
    return [fault.name for fault in FAULTS]


def _try(fault: Fault, size: Size) -> Figures:
    print(f"• {fault.name}", flush=True)  # noqa: T201
    figures = asyncio.run(run(fault, size))
    for complaint in figures.complaints:
        print(f"  ✗ {complaint}", flush=True)  # noqa: T201
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
