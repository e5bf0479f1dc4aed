"""scripts/backup FOLDER: one moment of the running inn, whole, with its sums.

Every shelf is read in one snapshot session, so all show the same cluster time while
people go on writing; what was acknowledged before the backup began is in it. MongoDB
keeps that moment for minSnapshotHistoryWindowInSeconds (300 unless changed); a larger
inn needs a longer one, see docs/operations.md#backup. Add ``readPreference=secondary``
to MONGODB_URI to spare the primary.
"""

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bson import json_util
from bson.timestamp import Timestamp
from pymongo import MongoClient, ReadPreference
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import OperationFailure

from scripts.backups import manifest
from scripts.backups.command import run, where
from scripts.backups.manifest import Manifest, Piece, Shelf
from scripts.backups.pieces import (
    PIECE_BYTES,
    Recipient,
    pack,
    read_in_order,
    recipient,
    rows_of,
)
from scripts.stack.trouble import Trouble

MOMENT_GONE = {239, 246}
"""MongoDB's words for a snapshot that is too old, or was passed by a change of
collections or indexes."""

Rows = dict[str, Any]


def take(
    uri: str,
    database: str,
    folder: Path,
    *,
    sealed_for: Recipient | None = None,
    piece_bytes: int = PIECE_BYTES,
) -> Manifest:
    """Take a backup into a new folder; returns what it says of itself.

    Refuses: Trouble, when the moment could not be kept till the end.
    """
    folder.mkdir(parents=True)
    client: MongoClient[Rows]
    with MongoClient(uri, appname="yunduan-backup") as client:
        try:
            taken = _Taking(client, database, folder, sealed_for, piece_bytes).take()
        except OperationFailure as problem:
            if problem.code not in MOMENT_GONE:
                raise
            raise Trouble(
                "MongoDB no longer keeps the moment of this backup: an index was "
                "built meanwhile, or it took too long. Take it again; the second "
                "time see docs/operations.md#backup."
            ) from problem
    manifest.write(folder, taken)
    return taken


class _Taking:
    """One backup under way."""

    def __init__(
        self,
        client: MongoClient[Rows],
        database: str,
        folder: Path,
        sealed_for: Recipient | None,
        piece_bytes: int,
    ) -> None:
        self._client = client
        self._db: Database[Rows] = client[database]
        self._folder = folder
        self._sealed_for = sealed_for
        self._piece_bytes = piece_bytes

    def take(self) -> Manifest:
        """Pin the moment, then read shelf after shelf."""
        listed = sorted(self._shelves(), key=lambda one: str(one["name"]))
        if not listed:
            raise Trouble(f"The database {self._db.name} holds nothing.")
        indexes = {
            one["name"]: list(self._db[one["name"]].list_indexes()) for one in listed
        }
        with self._client.start_session(snapshot=True) as session:
            moment = self._pin(session, listed[0]["name"])
            shelves = [self._read(one, indexes[one["name"]], session) for one in listed]
        return Manifest(
            database=self._db.name,
            seconds=moment.time,
            order=moment.inc,
            mongodb=self._client.server_info()["version"],
            sealed=self._sealed_for is not None,
            shelves=tuple(shelves),
        )

    def _shelves(self) -> Iterator[Any]:
        for one in self._db.list_collections():
            if one["type"] == "collection" and not one["name"].startswith("system."):
                yield one

    def _pin(self, session: ClientSession, shelf: str) -> Timestamp:
        """Fix the moment for all that follows in the session; returns it.

        Refuses: Trouble, when a member that lags would show one before we began.
        """
        hello = self._client.admin.command(
            "hello", read_preference=ReadPreference.PRIMARY
        )
        began: Timestamp = hello["lastWrite"]["majorityOpTime"]["ts"]
        answer = self._db.command(
            {"distinct": shelf, "key": "_id", "query": {"_id": None}}, session=session
        )
        moment: Timestamp = answer["atClusterTime"]
        if moment < began:
            raise Trouble("The member that was asked lags behind: ask the primary.")
        return moment

    def _read(self, one: Rows, indexes: list[Any], session: ClientSession) -> Shelf:
        name, summed, rows = one["name"], hashlib.sha256(), 0
        pieces: list[Piece] = []
        for number, batch in enumerate(self._batches(name, session)):
            for row in batch:
                summed.update(row)
            rows += len(batch)
            file = self._folder / f"{name}.{number:06}.bson.gz"
            pieces.append(pack(file, batch, self._sealed_for))
        return Shelf(
            name=name,
            options=json_util.dumps(one.get("options", {})),
            indexes=json_util.dumps(indexes),
            rows=rows,
            sha256=summed.hexdigest(),
            pieces=tuple(pieces),
        )

    def _batches(self, name: str, session: ClientSession) -> Iterator[list[bytes]]:
        """Read a shelf in the order of its ids, a piece's worth at a time."""
        held: list[bytes] = []
        size = 0
        for batch in read_in_order(self._db[name], session):
            for row in rows_of(batch):
                held.append(row)
                size += len(row)
                if size >= self._piece_bytes:
                    yield held
                    held, size = [], 0
        if held:
            yield held


def main(arguments: Sequence[str]) -> None:
    """Take a backup of the inn of the environment."""
    parser = argparse.ArgumentParser(prog="scripts/backup", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--to", help="age public key that it is sealed for")
    told = parser.parse_args(arguments)
    if told.folder.exists():
        raise Trouble(f"{told.folder} is there already: name a new folder.")
    uri, database = where()
    sealed_for = recipient(told.to) if told.to else None
    taken = take(uri, database, told.folder, sealed_for=sealed_for)
    if sealed_for is None:
        print("! not sealed: whoever has the folder can read it (--to age1…)")
    print(
        f"✓ {taken.rows} rows of {len(taken.shelves)} shelves as of cluster time "
        f"{taken.seconds}.{taken.order} in {told.folder}"
    )


if __name__ == "__main__":
    run(main)
