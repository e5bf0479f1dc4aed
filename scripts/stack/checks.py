"""scripts/check: format, lint, types, arrows, OpenAPI drift, the console's types."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Check(NamedTuple):
    """One thing that must be true of the whole checkout."""

    name: str
    command: tuple[str, ...]
    mend: str
    """What to type when it fails."""


BIN = Path(sys.executable).parent
"""Where the venv keeps its programs."""

CHECKS = (
    Check("format", ("ruff", "format", "--check", "."), "ruff format ."),
    Check("lint", ("ruff", "check", "."), "ruff check --fix ."),
    Check("types", ("mypy",), "mypy"),
    Check("arrows", ("lint-imports",), "lint-imports"),
    Check(
        "openapi",
        ("python", "-m", "app", "openapi", "--check"),
        "python -m app openapi",
    ),
    Check(
        "console",
        ("python", "-m", "scripts.stack.console", "types"),
        "python -m scripts.stack.console types",
    ),
)


def main(wanted: Sequence[str]) -> int:
    """Run the named checks, or all; the answer is the number that failed."""
    chosen = [check for check in CHECKS if not wanted or check.name in wanted]
    failed = [check for check in chosen if not _passes(check)]
    for check in failed:
        print(f"✗ {check.name} failed: see above; by hand: .venv/bin/{check.mend}")
    print(
        f"{len(chosen) - len(failed)} checks passed, {len(failed)} failed", flush=True
    )
    return len(failed)


def _passes(check: Check) -> bool:
    began = time.monotonic()
    program, *arguments = check.command
    command = [str(BIN / program), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if run.returncode:
        print(run.stdout + run.stderr)
    print(f"{'✗' if run.returncode else '✓'} {check.name} ({took:.1f} s)", flush=True)
    return run.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
