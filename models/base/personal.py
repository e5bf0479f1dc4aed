"""What a shelf holds about a person (个人信息): said once, by the shelf itself.

Every document class says in ``PERSONAL`` where its rows name a worker and what
becomes of them when that worker leaves. Export and erasure walk these words and
nothing else, so a shelf that says nothing fails the house's test::

    nobody    is about no worker
    deleted   goes when the worker goes
    renamed   stays for the totals, under the worker's alias
    aliased   never knew the worker but by the alias
    passing   names a worker for some days and is then swept by its own clockwork

Source: PIPL (个人信息保护法) art. 15, 45, 47; features X-09, X-10.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

WORKER = "worker_"
"""How a worker's id begins."""

HELD = "[]"
"""Marks the list in a place such as ``holders[].worker_id``."""


class Fate(StrEnum):
    """What becomes of a shelf's rows about somebody who leaves."""

    NOBODY = "nobody"
    DELETED = "deleted"
    RENAMED = "renamed"
    ALIASED = "aliased"
    PASSING = "passing"


class Personal(msgspec.Struct, kw_only=True, frozen=True):
    """One shelf's word."""

    fate: Fate
    why: str = ""
    """For those that need a reason: why it is about nobody, or soon gone."""
    title: str = ""
    """What an export calls it; empty when the export leaves it out."""
    places: tuple[str, ...] = ()
    """Fields that are the worker's id (or alias), dotted; ``[]`` after a list."""
    beside: tuple[str, ...] = ()
    """Fields that may be the worker's id too, but only where one of the places is."""
    among: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What every row that names a worker fulfils besides, so that an index leads
    there; to MongoDB."""
    begins: str | None = None
    """A field that is the worker's id, a colon, and more."""
    within: tuple[str, str] | None = None
    """A map any value of which may be the worker's id, and the list of the workers
    that were found in it when the row was written."""
    emptied: tuple[str, ...] = ()
    """Fields that become null in a row that stays."""
    opened: tuple[str, ...] = ()
    """Sealed fields that an export opens."""
    hidden: tuple[str, ...] = ()
    """Fields that an export leaves out: marks, hashes, other people."""

    def where(self, who: str) -> dict[str, Any]:
        """Return what a row about somebody fulfils, for MongoDB."""
        found: list[dict[str, Any]] = [
            {place.replace(HELD, ""): who} for place in self.places
        ]
        if self.begins is not None:
            found.append({self.begins: {"$gte": f"{who}:", "$lt": f"{who};"}})
        if self.within is not None:
            field, names = self.within
            unread = {names: {"$exists": False}, "$expr": _any_value(field, who)}
            found += [{names: who}, unread]
        return {**(found[0] if len(found) == 1 else {"$or": found}), **self.among}


def nobody(why: str = "") -> Personal:
    """Say that no row is about a worker."""
    return Personal(fate=Fate.NOBODY, why=why)


def deleted(title: str, *places: str, **also: Any) -> Personal:
    """Say that the rows go with the worker."""
    return Personal(fate=Fate.DELETED, title=title, places=places, **also)


def renamed(title: str, *places: str, **also: Any) -> Personal:
    """Say that the rows stay for the totals, under the worker's alias."""
    return Personal(fate=Fate.RENAMED, title=title, places=places, **also)


def aliased(title: str, *places: str, **also: Any) -> Personal:
    """Say that the rows have named the worker by the alias from the first."""
    return Personal(fate=Fate.ALIASED, title=title, places=places, **also)


def passing(why: str) -> Personal:
    """Say that the rows are gone in days, by the shelf's own clockwork."""
    return Personal(fate=Fate.PASSING, why=why)


def names_in(told: Mapping[str, Any]) -> list[str]:
    """List the workers among the values of a map, and of the lists in it."""
    found: set[str] = set()
    for value in told.values():
        if isinstance(value, str):
            if value.startswith(WORKER):
                found.add(value)
        elif isinstance(value, list):
            found.update(
                x for x in value if isinstance(x, str) and x.startswith(WORKER)
            )
    return sorted(found)


def _any_value(field: str, who: str) -> dict[str, Any]:
    """Say that a map has somebody for a value, or in a list that is one."""
    value = {"$cond": [{"$isArray": ["$$this.v"]}, "$$this.v", ["$$this.v"]]}
    told = {
        "input": {"$objectToArray": f"${field}"},
        "initialValue": [],
        "in": {"$concatArrays": ["$$value", value]},
    }
    return {"$in": [who, {"$reduce": told}]}
