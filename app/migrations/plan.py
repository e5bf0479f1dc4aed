"""What a migration is, and all there are in the order they are carried out.

A migration changes rows while the release before and the new one serve side by side,
so a change of shape takes three releases:

    expand      the new code reads both shapes and writes the new one
    migrate     ``python -m app migrate`` brings the old rows up, batch by batch
    contract    a later release no longer reads the old shape and sets
                ``needed=True``: it does not start before the migration is over

Every batch may be run again, and changes only rows that still have the old shape: a
runner may die after the write and before it noted how far it was.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

import msgspec

from models.base.context import Context

NUMBERED = "m[0-9][0-9][0-9][0-9]_*.py"
"""How a migration's file is called."""


class Batch(msgspec.Struct, frozen=True):
    """What one batch did."""

    changed: int
    after: str | None
    """Where the next one goes on; None when there is none."""


class Migration(msgspec.Struct, kw_only=True, frozen=True):
    """One change of older rows."""

    name: str
    """Its file's name: the number, then what it does."""
    why: str
    """One line for the person who watches it."""
    batch: Callable[[Context, str | None], Awaitable[Batch]]
    """Change some hundred rows behind a place; None is the beginning."""
    needed: bool = False
    """True: this release does not start before it is over."""


def all_migrations() -> list[Migration]:
    """Return the migrations there are, by their numbers."""
    files = sorted(path.stem for path in Path(__file__).parent.glob(NUMBERED))
    return [import_module(f"app.migrations.{name}").MIGRATION for name in files]
