"""Which shelf is cut by what, past one replica set: python -m scripts.shards

Three ways, each for a reason that its queries give; every other shelf is small or
read from the process, and stays whole on the first shard.
"""

from typing import NamedTuple

import app.schedule  # noqa: F401 - imports every room, and so every document
import handlers.routes  # noqa: F401
from models.base.documents import Document, all_documents


class Cut(NamedTuple):
    """How one shelf is spread."""

    key: str
    why: str


PERSON = "worker_id"
BY_PERSON = Cut(PERSON, "a member's own pages and deeds meet one shard")
BY_STATION = Cut("station_id", "a desk's day and a station's ports meet one")
BY_ID = Cut("_id", "found by id alone, or looked through in parts")

CUTS: dict[str, Cut] = {
    "advice": BY_PERSON,
    "agendas": Cut("_id", "the id is the member's: found by it and nothing else"),
    "aliases": Cut("_id", "the same"),
    "assistances": BY_PERSON,
    "bookings": BY_PERSON,
    "check_ins": BY_STATION,
    "consent_ledger": BY_PERSON,
    "consents": BY_ID,
    "drinks": BY_STATION,
    "enrolments": BY_PERSON,
    "events": BY_ID,
    "exports": BY_PERSON,
    "facts": BY_ID,
    "kit_movements": BY_STATION,
    "messages": BY_PERSON,
    "repeats": BY_ID,
    "saved_policies": BY_PERSON,
    "sessions": BY_ID,
    "slots": BY_ID,
    "station_comments": BY_PERSON,
    "strikes": BY_PERSON,
    "subscription_credits": BY_ID,
    "training_attendance": Cut("enrolment_id", "a register is a few enrolments"),
    "verifications": BY_PERSON,
    "workers": BY_ID,
}
"""What grows with members. Not the audit: its chain has one writer and one order."""

A_CLAIM = "a shelf of claims, the value its id, written in the same transaction"

CLAIMED: dict[str, str] = {
    "check_ins.proof": A_CLAIM,
    "check_ins.once": A_CLAIM,
    "workers.openid_blind": A_CLAIM,
    "workers.unionid_blind": A_CLAIM,
    "workers.phone_blind": A_CLAIM,
}
"""Unique indexes without the shard key, which MongoDB cannot keep over shards; each
with what must be built before its shelf is cut."""


def unique_without_key(document: type[Document], cut: Cut) -> list[str]:
    """Name the unique indexes of a shelf that would not hold over shards.

    Rules: a hashed key keeps no unique index but its own field's, so a unique index
    must begin with the key, and the shelf is then cut by ranges of it.
    """
    return [
        f"{document.SHELF}.{','.join(index.document['key'])}"
        for index in document.INDEXES
        if index.document.get("unique") and next(iter(index.document["key"])) != cut.key
    ]


def table() -> str:
    """Return the plan as a page reads it."""
    lines = ["| shelf | cut by | why | before that |", "|---|---|---|---|"]
    for document in all_documents():
        cut = CUTS.get(document.SHELF)
        if cut is None:
            continue
        first = "; ".join(
            f"{name.partition('.')[2]}: {CLAIMED[name]}"
            for name in unique_without_key(document, cut)
        )
        keeps = any(index.document.get("unique") for index in document.INDEXES)
        way = "range" if keeps and not first else "hashed"
        lines.append(
            f"| {document.SHELF} | `{cut.key}` {way} | {cut.why} | {first or '–'} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
