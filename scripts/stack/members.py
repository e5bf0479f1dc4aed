"""Says how each member of the replica set is: python -m scripts.stack.members

Asks the set of MONGODB_URI: who takes writes, how far each is behind, who is away, and
how long a backup's moment is kept. For whoever has no mongosh at hand.
"""

import os
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from scripts.stack.trouble import Trouble, give_up

PATIENCE_MS = 3_000
"""As long as an election takes."""


def members(uri: str) -> list[str]:
    """Return a line for each member, and one for the set."""
    client: MongoClient[dict[str, Any]]
    nearest = {"readPreference": "nearest", "serverSelectionTimeoutMS": PATIENCE_MS}
    with MongoClient(uri, **nearest) as client:  # type: ignore[arg-type]
        status = client.admin.command("replSetGetStatus")
        kept = client.admin.command(
            {"getParameter": 1, "minSnapshotHistoryWindowInSeconds": 1}
        )
    newest = max(each["optimeDate"] for each in status["members"])
    lines = [
        f"{each['name']}: {each['stateStr']}, "
        f"{(newest - each['optimeDate']).total_seconds():.0f} s behind"
        for each in status["members"]
    ]
    window = kept["minSnapshotHistoryWindowInSeconds"]
    return [*lines, f"a moment is kept for {window} s (scripts/backup)"]


def main() -> None:
    """Say it of the set of the environment."""
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        raise Trouble("Set MONGODB_URI to the replica set, as the inn has it.")
    for line in members(uri):
        print(line)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        give_up(trouble)
    except PyMongoError as problem:
        give_up(Trouble(f"No member answers: {type(problem).__name__}."))
