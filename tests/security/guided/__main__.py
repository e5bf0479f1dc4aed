"""scripts/fuzz --guided: every target, or those named, fed for a while each.

::

    scripts/fuzz --guided --list
    scripts/fuzz --guided --seconds 600 heads pushes
    scripts/fuzz --guided --again .data/fuzz/heads/broken-crash-… heads

What showed new lines is kept under .data/fuzz and fed first next time. Leaves with 0
if nothing broke.
"""

import argparse
import random
from pathlib import Path

from scripts.stack.bootstrap import DATA
from tests.security.guided.runs import Outcome, feed, feed_again
from tests.security.guided.targets import TARGETS

MOST_SEED = 2**31


def main() -> int:
    """Feed what was asked for, one target after the other."""
    options = _options()
    if options.list:
        print("\n".join(f"{n}: {t.feed.__doc__}" for n, t in TARGETS.items()))  # noqa: T201 - a person asked
        return 0
    if options.again:
        outcomes = [feed_again(name, options.again) for name in options.targets]
    else:
        print(f"seed {options.seed}", flush=True)  # noqa: T201
        outcomes = [_feed(name, options) for name in options.targets or TARGETS]
    for outcome in outcomes:
        if outcome.found:
            print(_finding(outcome))  # noqa: T201
    return 1 if any(outcome.found for outcome in outcomes) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/fuzz --guided")
    add = parser.add_argument
    add("targets", nargs="*", metavar="TARGET", help="all, unless some are named")
    add("--list", action="store_true", help="say what there is and leave")
    add("--seconds", type=int, default=60, help="each; 60")
    add("--tries", type=int, default=-1, help="inputs each, at most; no bound")
    add("--seed", type=int, default=random.randrange(1, MOST_SEED))
    add("--into", type=Path, default=DATA / "fuzz", help="what was learned")
    add("--again", type=Path, metavar="FILE", help="feed the targets this one input")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; see --list")
    if options.again and not options.targets:
        parser.error("--again needs the target that the input broke")
    return options


def _feed(name: str, options: argparse.Namespace) -> Outcome:
    print(f"• {name} … ", end="", flush=True)  # noqa: T201
    limits = [
        f"-max_total_time={options.seconds}",
        f"-runs={options.tries}",
        f"-seed={options.seed}",
    ]
    outcome = feed(name, TARGETS[name], limits, into=options.into)
    end = "BROKEN" if outcome.found else "nothing broke"
    print(f"{outcome.tried:,} inputs, {outcome.seen:,} edges, {end}", flush=True)  # noqa: T201
    return outcome


def _finding(outcome: Outcome) -> str:
    return (
        f"\n✗ {outcome.name}: broken by {outcome.found}\n{outcome.told}\n"
        f"once more: scripts/fuzz --guided --again {outcome.found} {outcome.name}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
