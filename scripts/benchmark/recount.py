"""After the load: bookings are recounted from the raw collections of each server.

Nothing sold twice, nothing acknowledged and lost, every booking with its event.
"""

from collections import Counter
from typing import Any, NamedTuple

from pymongo import MongoClient
from pymongo.database import Database

Base = Database[dict[str, Any]]


class Recount(NamedTuple):
    """What the raw collections say of one server's bookings."""

    bookings: int
    wrong: tuple[str, ...]
    """Each broken promise in one sentence; empty is as it should be."""


def of_inn(client: MongoClient[dict[str, Any]], database: str, acked: int) -> Recount:
    """Recount the inn's bookings; ``acked`` were acknowledged at least."""
    base = client[database]
    bookings = {row["_id"]: row for row in base.bookings.find()}
    wrong: list[str] = []
    held: Counter[str] = Counter()
    for slot in base.slots.find():
        wrong += _of_slot(slot)
        held.update(holder["booking_id"] for holder in slot["holders"])
    if held.keys() - bookings.keys():
        wrong.append(f"{len(held.keys() - bookings.keys())} ports held for no booking")
    if bookings.keys() - held.keys():
        wrong.append(f"{len(bookings.keys() - held.keys())} bookings without a port")
    wanted = Counter((b["worker_id"], b["slot_ids"][0]) for b in bookings.values())
    if wanted and max(wanted.values()) > 1:
        wrong.append("a worker has one slot twice")
    return _closed(base, bookings, wrong, acked)


def of_peer(client: MongoClient[dict[str, Any]], database: str, acked: int) -> Recount:
    """Recount a peer's bookings."""
    base = client[database]
    bookings = {row["_id"]: row for row in base.bookings.find()}
    sold = Counter(booking["slot_id"] for booking in bookings.values())
    wrong = [
        f"{slot['_id']} does not add up"
        for slot in base.slots.find({}, {"ports": 1, "left": 1})
        if slot["left"] < 0 or slot["left"] + sold[slot["_id"]] != slot["ports"]
    ]
    return _closed(base, bookings, wrong, acked)


def _of_slot(slot: dict[str, Any]) -> list[str]:
    ports = [holder["port"] for holder in slot["holders"]]
    wrong = []
    if len(set(ports)) != len(ports):
        wrong.append(f"{slot['_id']} has a port sold twice")
    if len(ports) + len(slot["free"]) != slot["ports"]:
        wrong.append(f"{slot['_id']} does not add up")
    return wrong


def _closed(
    base: Base, bookings: dict[str, dict[str, Any]], wrong: list[str], acked: int
) -> Recount:
    told = {
        row["_id"].removeprefix("event_")
        for row in base.events.find({"kind": "BookingMade"}, {"_id": 1})
    }
    untold = {each.removeprefix("booking_") for each in bookings} - told
    if untold:
        wrong.append(f"{len(untold)} bookings without their event")
    if len(told) > len(bookings):
        wrong.append(f"{len(told) - len(bookings)} events without their booking")
    if len(bookings) < acked:
        wrong.append(f"{acked - len(bookings)} acknowledged bookings are lost")
    return Recount(len(bookings), tuple(wrong[:5]))
