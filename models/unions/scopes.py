"""Scopes (数据范围): the part of the tree that a permission reaches.

Every record that belongs to a unit keeps the unit's path from the day it was made,
so what lies in somebody's subtree is found by prefix. There is no scope that means
"everything": who holds nothing reaches nothing, and a record without a path is
reached by nobody.

Source: rules 7.1 (org_path), 7.3 (fail closed).
"""

from collections.abc import Iterable
from typing import Any, Self

import msgspec

AFTER_SLASH = chr(ord("/") + 1)


class Scope(msgspec.Struct, frozen=True):
    """Subtrees, each named by its root's path; none lies within another."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, paths: Iterable[str]) -> Self:
        """Make a scope of subtrees; what lies within another is left out."""
        kept: list[str] = []
        for path in sorted(set(paths)):
            if path and not (kept and path.startswith(kept[-1])):
                kept.append(path)
        return cls(tuple(kept))

    def covers(self, path: str) -> bool:
        """Say whether a unit or record of this path lies within."""
        return any(path.startswith(root) for root in self.paths)

    def where(self, field: str = "org_path") -> dict[str, Any]:
        """Return what a row must fulfil to lie within, for MongoDB.

        Rules: an empty scope matches nothing.
        """
        ranges = [{field: within(root)} for root in self.paths]
        if len(ranges) == 1:
            return ranges[0]
        return {"$or": ranges} if ranges else {field: {"$in": []}}

    def narrowed(self, other: "Scope") -> "Scope":
        """Return what lies within both."""
        mine = [path for path in self.paths if other.covers(path)]
        theirs = [path for path in other.paths if self.covers(path)]
        return Scope.of([*mine, *theirs])


NOTHING = Scope(())


def within(root: str) -> dict[str, str]:
    """Return the range of paths that begin with a root's, for MongoDB."""
    return {"$gte": root, "$lt": root[:-1] + AFTER_SLASH}
