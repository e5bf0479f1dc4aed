"""Pieces: a shelf's rows as files, packed (gzip), sealed (age) and summed (SHA-256).

A piece is small enough to be packed and sealed in memory, so a backup of any size
streams, and a broken file costs one piece to name. age seals for a public key: the
machine that makes backups cannot open them.
"""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyrage
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pyrage.x25519 import Identity, Recipient

from scripts.backups.manifest import Piece
from scripts.stack.trouble import Trouble

PIECE_BYTES = 32 * 1024 * 1024
"""Bytes of rows in a piece, a little more when the last row passes it."""

FASTEST = 1
"""gzip's level: five times smaller than nothing, and no slower than the reading."""

LENGTH_BYTES = 4
"""Every BSON document begins with its own length."""


def recipient(text: str) -> Recipient:
    """Read a public key, ``age1…``. Refuses: Trouble."""
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError as problem:
        raise Trouble("The recipient must be an age public key, age1…") from problem


def identity(place: Path) -> Identity:
    """Read the file of an age identity, as age-keygen writes it. Refuses: Trouble."""
    lines = [line.strip() for line in place.read_text().splitlines()]
    keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if len(keys) != 1:
        raise Trouble(f"{place} must hold one line AGE-SECRET-KEY-….")
    return Identity.from_str(keys[0])


def read_in_order(
    shelf: Collection[Any], session: ClientSession | None = None
) -> Iterator[bytes]:
    """Read a shelf's rows as they lie, by their ids, many at a time."""
    found = shelf.find_raw_batches({}, sort=[("_id", 1)], session=session)
    return cast("Iterator[bytes]", found)


def rows_of(batch: bytes) -> Iterator[bytes]:
    """Cut a run of BSON documents into its documents."""
    start = 0
    while start < len(batch):
        end = start + int.from_bytes(batch[start : start + LENGTH_BYTES], "little")
        yield batch[start:end]
        start = end


def pack(file: Path, rows: list[bytes], sealed_for: Recipient | None) -> Piece:
    """Write one piece."""
    content = gzip.compress(b"".join(rows), FASTEST, mtime=0)
    if sealed_for is not None:
        content = pyrage.encrypt(content, [sealed_for])
    file.write_bytes(content)
    return Piece(
        file=file.name, rows=len(rows), sha256=hashlib.sha256(content).hexdigest()
    )


def unpack(folder: Path, piece: Piece, opened_by: Identity | None) -> bytes:
    """Read one piece back.

    Refuses: Trouble, when it is gone, changed, or sealed for somebody else.
    """
    file = folder / piece.file
    if not file.exists():
        raise Trouble(f"{file} is missing: take another backup.")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != piece.sha256:
        raise Trouble(f"{file} is not as it was written: take another backup.")
    if opened_by is None:
        return gzip.decompress(content)
    try:
        return gzip.decompress(pyrage.decrypt(content, [opened_by]))
    except pyrage.DecryptError as problem:
        raise Trouble(f"{file} is sealed for another identity.") from problem
