"""scripts/bench: the inn beside its peers, on this machine, in one run.

Fills one MongoDB and one Redis, starts every server, makes sure that they say the
same, times them in interleaved rounds and recounts the bookings. Everything is
thrown away at the end but the figures.
"""

import argparse
import signal
from collections.abc import Sequence
from types import FrameType

from scripts.benchmark import growth
from scripts.benchmark.comparison import Wanted, compare
from scripts.benchmark.filling import Size
from scripts.benchmark.servers import COLUMNS, all_works
from scripts.stack.trouble import Trouble, give_up

ROUNDS, QUICK_ROUNDS = 4, 2
FACTOR = 10
LEAST = Size(policies=2_000, workers=10_000)
"""Every list has a second page, and everybody who asks exists."""

SECONDS = 1
"""wrk counts in whole ones; many short rounds are worth more than few long ones."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _like_ctrl_c)
    said = _parser().parse_args(arguments)
    if said.growth:
        keep = not (said.dry or _size(said) != Size() or said.factor != FACTOR)
        growth.run(
            minutes=said.minutes, size=_size(said), factor=said.factor, keep=keep
        )
        return
    restricted = said.quick or said.only or said.servers or _size(said) != Size()
    compare(
        Wanted(
            rounds=said.rounds or (QUICK_ROUNDS if said.quick else ROUNDS),
            seconds=said.seconds,
            works=_names(said.only),
            columns=_names(said.servers),
            quick=said.quick,
            also=dict(each.partition("=")[::2] for each in said.env),
            keep=not (restricted or said.dry),
        ),
        _size(said),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__.partition("\n")[0]
    )
    add = parser.add_argument
    add("--rounds", type=int, help=f"default {ROUNDS}")
    add(
        "--seconds",
        type=int,
        default=SECONDS,
        help="of each timing, default %(default)s",
    )
    add("--only", help=f"works, by commas: {', '.join(all_works())}")
    names = ", ".join(column.name for column in COLUMNS)
    add("--servers", help=f"servers, by commas: {names}")
    add("--quick", action="store_true", help="fewer rounds, one shape: three minutes")
    add("--policies", type=int, default=Size().policies, help="default %(default)s")
    add("--workers", type=int, default=Size().workers, help="default %(default)s")
    add("--dry", action="store_true", help="do not write docs/performance.md")
    add(
        "--env",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one more setting for every process of the inn",
    )
    add("--growth", action="store_true", help="what ten times the data changes")
    add("--minutes", type=float, default=10, help="of mixed traffic under --growth")
    add("--factor", type=int, default=FACTOR, help="how much more data under --growth")
    return parser


def _size(said: argparse.Namespace) -> Size:
    if said.policies < LEAST.policies or said.workers < LEAST.workers:
        raise Trouble(f"At least --policies {LEAST[0]} --workers {LEAST[1]}, please.")
    return Size(said.policies, said.workers)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _like_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        give_up(trouble)
    except KeyboardInterrupt:
        give_up(Trouble("Stopped."))
