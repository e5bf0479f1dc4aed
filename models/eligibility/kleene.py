"""Three values: true, false, and None for what is not known yet.

Source: S. C. Kleene, Introduction to Metamathematics (1952), §64, strong tables.
"""

from collections.abc import Collection
from enum import StrEnum

Three = bool | None
"""True, False, or None: not known."""


class Joint(StrEnum):
    """How the parts of a node make its value."""

    ALL = "all"
    ANY = "any"
    NOT = "not"


def all_of(parts: Collection[Three]) -> Three:
    """Return false if one is false, else unknown if one is unknown, else true."""
    if False in parts:
        return False
    return None if None in parts else True


def any_of(parts: Collection[Three]) -> Three:
    """Return true if one is true, else unknown if one is unknown, else false."""
    if True in parts:
        return True
    return None if None in parts else False


def opposite(parts: Collection[Three]) -> Three:
    """Return the contrary of the only part; unknown stays unknown."""
    (part,) = parts
    return None if part is None else not part


JOIN = {Joint.ALL: all_of, Joint.ANY: any_of, Joint.NOT: opposite}
