"""Trouble a person can mend: said in one clear line, never as a traceback."""

import sys
from typing import NoReturn


class Trouble(Exception):
    """Something outside is not as we need it; the text says the way out."""


def give_up(trouble: Trouble) -> NoReturn:
    """Say the one line and leave with a failure."""
    print(f"✗ {trouble}", file=sys.stderr, flush=True)
    raise SystemExit(1)
