"""The other ceiling: MongoDB itself, asked the same by a bare loop over the driver."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection

from models.policies.vocabulary import Topic
from scripts.benchmark import content, spending
from scripts.benchmark.peer_filling import MASTER

TIMES = 2_000
"""Queries of each sort: some seconds in all."""

BATCH = 32
"""Ids in one query, as many as wait at the same moment under load."""

PAGE = 20

FIELDS = (
    *("title", "topic", "topic_name", "level", "level_name", "region", "issuer"),
    *("number", "tags", "audience", "published_at"),
)
"""What a list shows of a policy."""


class Ceiling(msgspec.Struct, kw_only=True, frozen=True):
    """What a query costs MongoDB, and how fast one bare connection asks it."""

    title: str
    mongod_us: float
    """Processor time of MongoDB a query."""
    per_second: float
    """One after the other over one connection."""


def measure(uri: str, mongod: int, policies: int) -> list[Ceiling]:
    """Ask MongoDB directly, documents left as bytes."""
    with MongoClient(uri, document_class=RawBSONDocument) as client:
        shelf = client[MASTER].policies
        now = datetime.now(UTC)
        lists = list(content.lists())

        def one(at: int) -> Any:
            return shelf.find_one({"_id": content.policy_id(at % policies)})

        def many(at: int) -> Any:
            ids = [content.policy_id((at + n) % policies) for n in range(BATCH)]
            return list(shelf.find({"_id": {"$in": ids}}))

        def page(at: int) -> Any:
            return list(page_of(shelf, *lists[at % len(lists)], now))

        return [
            _timed("a policy by id", one, mongod),
            _timed(f"{BATCH} policies by id in one query", many, mongod),
            _timed(f"a page of {PAGE} policies by index", page, mongod),
        ]


def page_of(shelf: Collection[Any], topic: Topic, region: str, now: datetime) -> Any:
    """Ask for the first page of a list, as the peers do, by the index they do."""
    where = {
        "topic": topic.value,
        "region": region,
        "published_at": {"$lte": now},
        "visible_to": {"$gt": now},
    }
    found = shelf.find(where, dict.fromkeys(FIELDS, 1))
    return found.sort("published_at", -1).limit(PAGE + 1)


def _timed(title: str, query: Callable[[int], Any], mongod: int) -> Ceiling:
    query(0)
    began, spent = time.perf_counter(), spending.cpu_seconds(mongod)
    for at in range(TIMES):
        query(at)
    took = time.perf_counter() - began
    used = spending.cpu_seconds(mongod) - spent
    return Ceiling(
        title=title, mongod_us=1_000_000 * used / TIMES, per_second=TIMES / took
    )
