"""scripts/restore FOLDER --erased FILE: a backup into an empty database, and its proof.

First every piece is compared with its sum, then the rows are put back, the indexes
built, all of it counted and summed again from the new database, the audit chain
walked, and everybody who left since the backup is let go once more. A backup of which
any of this does not hold is refused, and nothing is served from it.
"""

import argparse
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient, WriteConcern
from pymongo.database import Database

from scripts.backups import manifest
from scripts.backups.after import finish
from scripts.backups.command import run, where
from scripts.backups.manifest import Manifest, Shelf
from scripts.backups.pieces import Identity, identity, read_in_order, rows_of, unpack
from scripts.stack.trouble import Trouble

ROWS_AT_ONCE = 1_000

MONGODBS_OWN = {"v", "ns"}
"""What MongoDB adds to an index when it is made."""

THE_ID = "_id_"

ON_MOST = WriteConcern(w="majority", j=True)
"""A restore that a failover could undo is none."""

Rows = dict[str, Any]


def check(folder: Path, opened_by: Identity | None) -> Manifest:
    """Compare every piece with its sum, and every shelf with its own.

    Refuses: Trouble at the first that differs.
    """
    told = manifest.read(folder)
    opener = _opener(told, opened_by)
    for shelf in told.shelves:
        contents = (unpack(folder, piece, opener) for piece in shelf.pieces)
        if _sum(contents) != (shelf.rows, shelf.sha256):
            raise Trouble(f"The pieces of {shelf.name} do not make up the shelf.")
    return told


def put_back(
    uri: str, database: str, folder: Path, *, opened_by: Identity | None = None
) -> Manifest:
    """Put a checked backup into an empty database and prove it.

    Refuses: Trouble, when the database holds something or the proof fails.
    """
    told = check(folder, opened_by)
    client: MongoClient[Rows]
    with MongoClient(uri, appname="yunduan-restore") as client:
        db: Database[Rows] = client.get_database(database, write_concern=ON_MOST)
        if db.list_collection_names():
            raise Trouble(f"The database {database} is not empty: name another.")
        for shelf in told.shelves:
            _fill(db, shelf, folder, _opener(told, opened_by))
        prove(db, told)
    return told


def prove(db: Database[Rows], told: Manifest) -> None:
    """Recount and re-sum every shelf and compare its indexes. Refuses: Trouble."""
    for shelf in told.shelves:
        rows, sha256 = _sum(read_in_order(db[shelf.name]))
        if (rows, sha256) != (shelf.rows, shelf.sha256):
            raise Trouble(f"{shelf.name} did not come back as it was: {rows} rows.")
        there = [_plain(index) for index in db[shelf.name].list_indexes()]
        if _sorted(there) != _sorted([_plain(one) for one in shelf.indexes_told()]):
            raise Trouble(f"The indexes of {shelf.name} did not come back.")


def _opener(told: Manifest, opened_by: Identity | None) -> Identity | None:
    """Return what opens the pieces; None where none is sealed. Refuses: Trouble."""
    if told.sealed and opened_by is None:
        raise Trouble("The backup is sealed: name the identity (--identity FILE).")
    return opened_by if told.sealed else None


def _sum(batches: Iterable[bytes]) -> tuple[int, str]:
    """Count and sum rows, as the manifest says them of a shelf."""
    rows, summed = 0, hashlib.sha256()
    for batch in batches:
        rows += sum(1 for _ in rows_of(batch))
        summed.update(batch)
    return rows, summed.hexdigest()


def _fill(
    db: Database[Rows], shelf: Shelf, folder: Path, opened_by: Identity | None
) -> None:
    db.create_collection(shelf.name, **shelf.options_told())
    kept = db[shelf.name]
    for piece in shelf.pieces:
        rows = [
            RawBSONDocument(row) for row in rows_of(unpack(folder, piece, opened_by))
        ]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            kept.insert_many(rows[start : start + ROWS_AT_ONCE], ordered=False)
    indexes = [_plain(index) for index in shelf.indexes_told()]
    wanted = [index for index in indexes if index["name"] != THE_ID]
    if wanted:
        db.command("createIndexes", shelf.name, indexes=wanted)


def _plain(index: Mapping[str, Any]) -> Rows:
    return {name: index[name] for name in index if name not in MONGODBS_OWN}


def _sorted(indexes: list[Rows]) -> list[Rows]:
    return sorted(indexes, key=lambda index: str(index["name"]))


def main(arguments: Sequence[str]) -> None:
    """Restore into the database of the environment, which must be empty."""
    parser = argparse.ArgumentParser(prog="scripts/restore", description=__doc__)
    parser.add_argument("folder", type=Path, help="what scripts/backup wrote")
    parser.add_argument(
        "--erased",
        required=True,
        help="file of scripts.backups.erased, the newest; or 'none', if nobody left",
    )
    parser.add_argument("--identity", type=Path, help="file of the age identity")
    parser.add_argument("--check", action="store_true", help="only compare the sums")
    told = parser.parse_args(arguments)
    opened_by = identity(told.identity) if told.identity else None
    if told.check:
        print(f"✓ {check(told.folder, opened_by).rows} rows are as they were written")
        return
    back = put_back(*where(), told.folder, opened_by=opened_by)
    print(f"✓ {back.rows} rows of {len(back.shelves)} shelves are back, indexes too")
    log = None if told.erased == "none" else Path(told.erased)
    for line in finish(os.environ, log):
        print(f"✓ {line}")


if __name__ == "__main__":
    run(main)
