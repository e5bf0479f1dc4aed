"""What a backup says of itself: the moment it shows, each shelf, its pieces, its sums.

The manifest is written last and in one move, so a folder without one is a backup that
was cut off, and is never restored.
"""

import os
from pathlib import Path
from typing import Any

import msgspec
from bson import json_util

from scripts.stack.trouble import Trouble

NAME = "manifest.json"

FORMAT = 1
"""Goes up when an older restore could not read a newer backup."""


class Piece(msgspec.Struct, kw_only=True, frozen=True):
    """One file of a shelf's rows."""

    file: str
    rows: int
    sha256: str
    """Of the file as it lies there, packed and sealed."""


class Shelf(msgspec.Struct, kw_only=True, frozen=True):
    """One collection."""

    name: str
    options: str
    """As MongoDB lists them, in extended JSON."""
    indexes: str
    """The same."""
    rows: int
    sha256: str
    """Of all rows' BSON in the order of their ids."""
    pieces: tuple[Piece, ...]

    def options_told(self) -> dict[str, Any]:
        """Return the options for creating it."""
        told: dict[str, Any] = json_util.loads(self.options)
        return told

    def indexes_told(self) -> list[dict[str, Any]]:
        """Return the indexes for creating them, without what MongoDB adds."""
        told: list[dict[str, Any]] = json_util.loads(self.indexes)
        return told


class Manifest(msgspec.Struct, kw_only=True, frozen=True):
    """One backup."""

    format: int = FORMAT
    database: str
    seconds: int
    """The cluster time it shows: seconds since 1970 …"""
    order: int
    """… and which write of that second."""
    mongodb: str
    """The server's version."""
    sealed: bool
    """Whether the pieces need an identity to be opened."""
    shelves: tuple[Shelf, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(shelf.rows for shelf in self.shelves)


def write(folder: Path, manifest: Manifest) -> None:
    """Say that the backup is whole."""
    draft = folder / f".{NAME}"
    told = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with draft.open("wb") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / NAME)


def read(folder: Path) -> Manifest:
    """Read what a backup says of itself.

    Refuses: Trouble, when it was cut off or is of another format.
    """
    place = folder / NAME
    if not place.exists():
        raise Trouble(f"{folder} holds no whole backup: {NAME} is missing.")
    try:
        manifest = msgspec.json.decode(place.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as problem:
        raise Trouble(f"{place} cannot be read: {problem}") from problem
    if manifest.format != FORMAT:
        raise Trouble(f"{place} is of format {manifest.format}; this reads {FORMAT}.")
    return manifest
