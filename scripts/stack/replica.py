"""Makes mongods one replica set: the laptop's of one, a test's or compose's of three.

By hand: python -m scripts.stack.replica mongo-1:27017 mongo-2:27017 mongo-3:27017
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from scripts.stack.trouble import Trouble, give_up

NAME = "inn"
"""Name of the replica set, in every URI of ours."""

ALREADY_INITIALIZED = 23
"""MongoDB's code: this member has a configuration (it may still be reading it)."""

BOUNDED = {"catchUpTimeoutMillis": 5_000}
"""A new primary waits no longer for writes that another member may have; MongoDB's own
bound is none, and one that was cut off just then held all writes up. Nothing
acknowledged is among them: that is on a majority, and who lacks it is not elected."""

SWIFT = {
    "electionTimeoutMillis": 1500,
    "heartbeatIntervalMillis": 300,
    "catchUpTimeoutMillis": 1_000,
}
"""A set on one machine notices a dead member sooner than one over a network."""

PAUSE = 0.02
"""Seconds between two looks."""

Client = MongoClient[dict[str, Any]]


def uri(hosts: Sequence[str]) -> str:
    """How a client reaches the set."""
    return f"mongodb://{','.join(hosts)}/?replicaSet={NAME}"


def primary(hosts: Sequence[str]) -> str | None:
    """Which member says that it takes writes now."""
    for host in hosts:
        with _direct(host) as client:
            try:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return host
            except ConnectionFailure:
                continue
    return None


def gather(
    hosts: Sequence[str],
    *,
    settings: Mapping[str, int] | None = None,
    patience: float = 60.0,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Make the members one set, unless they are, and wait till one takes writes.

    Rules: a member that moved to another port since the last start is told so.
    Refuses: Trouble, when no primary is there after ``patience`` seconds.
    Units: patience in seconds; ``check`` is called at every look and may raise.
    """
    wanted = {
        "_id": NAME,
        "members": [{"_id": n, "host": host} for n, host in enumerate(hosts)],
        "settings": {**BOUNDED, **(settings or {})},
    }
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        check()
        if primary(hosts):
            return
        # not up yet, or still reading its configuration: look again
        with suppress(ConnectionFailure, OperationFailure), _direct(hosts[0]) as client:
            _configure(client, wanted)
        time.sleep(PAUSE)
    raise Trouble(
        f"MongoDB at {', '.join(hosts)} has no primary after {patience:.0f} s. "
        "See its log, then start it again."
    )


def _configure(client: Client, wanted: dict[str, Any]) -> None:
    try:
        client.admin.command("replSetInitiate", wanted)
    except OperationFailure as refusal:
        if refusal.code != ALREADY_INITIALIZED:
            raise
        _move(client, wanted)


def _move(client: Client, wanted: dict[str, Any]) -> None:
    known = client.admin.command("replSetGetConfig")["config"]
    hosts = [member["host"] for member in wanted["members"]]
    if [member["host"] for member in known["members"]] == hosts:
        return
    moved = [
        member | {"host": host}
        for member, host in zip(known["members"], hosts, strict=True)
    ]
    again = known | {"members": moved, "version": known["version"] + 1}
    client.admin.command("replSetReconfig", again, force=True)


def _direct(host: str) -> Client:
    return MongoClient(
        host, directConnection=True, serverSelectionTimeoutMS=400, connectTimeoutMS=400
    )


def main() -> None:
    """Gather the members named on the command line."""
    hosts = sys.argv[1:]
    if not hosts:
        raise Trouble("Name the members: python -m scripts.stack.replica HOST:PORT …")
    gather(hosts)
    print(f"replica set {NAME!r} has a primary: {primary(hosts)}")


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        give_up(trouble)
