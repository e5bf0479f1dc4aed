"""Fills the peers' databases with the same data, read back from the inn's shelves."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from redis import Redis

from models.base.clock import day_of
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.vocabulary import LEVEL_NAMES, TOPIC_NAMES
from models.stations.offers import Offer
from models.stations.stations import Station
from models.workers import masks
from scripts.benchmark.demand import every_offer
from scripts.benchmark.filling import batches
from scripts.benchmark.town import worker_id

Row = dict[str, Any]
Base = Database[Row]

MASTER = "bench_peers"
"""Where the peers' data set is made; each peer then gets a copy of its own."""

INDEXES: dict[str, Sequence[tuple[Any, bool]]] = {
    "policies": (
        ([("topic", 1), ("region", 1), ("published_at", -1)], False),
        ([("published_at", -1)], False),
        ([("grams", 1), ("published_at", -1)], False),
    ),
    "guides": (([("category", 1), ("published_at", -1)], False),),
    "trainings": (([("sign_up_opens", -1)], False),),
    "bookings": (([("worker_id", 1), ("day", 1)], True), (["slot_id"], False)),
    "stations": (),
    "workers": (),
    "slots": (),
    "events": (),
}
"""Of each of a peer's shelves, and whether it lets nothing in twice."""


def fill(
    client: MongoClient[Row], redis: Redis, ours: str, days: Sequence[date]
) -> None:
    """Make the peers' data set out of the inn's, and sign every worker in."""
    base, master = client[ours], client[MASTER]
    _put(master, "policies", (_policy(Edition.of(r)) for r in base.editions.find()))
    _put(master, "guides", (_guide(Guide.of(r)) for r in base.guides.find()))
    _put(master, "trainings", _trainings(base))
    _put(master, "stations", (_station(r) for r in base.stations.find()))
    _put(master, "workers", (_worker(r) for r in base.workers.find()))
    stations = [Station.of(row) for row in base.stations.find(sort=[("_id", 1)])]
    _put(master, "slots", (_slot(each) for each in every_offer(stations, days)))
    _index(master)
    _sign_in(redis, base.workers.estimated_document_count())


def copy(client: MongoClient[Row], peer: str) -> None:
    """Give one peer its own copy, with indexes."""
    for shelf in INDEXES:
        client[MASTER][shelf].aggregate([{"$out": {"db": peer, "coll": shelf}}])
    _index(client[peer])


def token_of(number: int) -> str:
    """Return a worker's session at every peer: 32 letters, as random ones have."""
    return f"{number:032x}"


def _index(base: Base) -> None:
    for shelf, indexes in INDEXES.items():
        for keys, unique in indexes:
            base[shelf].create_index(keys, unique=unique)


def _put(base: Base, shelf: str, rows: Iterator[Row]) -> None:
    for batch in batches(rows):
        base[shelf].insert_many(batch, ordered=False)


def _sign_in(redis: Redis, count: int) -> None:
    for batch in batches(range(count)):
        redis.mset({f"session:{token_of(n)}": worker_id(n) for n in batch})


def grams(text: str) -> list[str]:
    """Cut a text into pairs of letters, by which a peer finds it."""
    return sorted({text[at : at + 2] for at in range(len(text) - 1)})


def _policy(edition: Edition) -> Row:
    identity, benefit = edition.identity, edition.benefit
    found = " ".join((identity.title, edition.summary, *identity.tags))
    return {
        "_id": edition.policy_id,
        "edition_id": edition.id,
        "title": identity.title,
        "number": edition.number,
        "issuer": identity.issuer,
        "topic": identity.topic.value,
        "topic_name": TOPIC_NAMES[identity.topic],
        "level": identity.level.value,
        "level_name": LEVEL_NAMES[identity.level],
        "region": identity.region,
        "tags": list(identity.tags),
        "audience": [each.value for each in identity.audience],
        "summary": edition.summary,
        "html": edition.html,
        "effective_from": edition.effective_from.isoformat(),
        "effective_to": None,
        "published_at": edition.visible_from,
        "visible_to": edition.visible_to,
        "valid_to": None,
        "benefit": benefit
        and {
            "kind": benefit.kind.value,
            "amount_fen": benefit.amount_fen,
            "per": benefit.per and benefit.per.value,
            "exclusive_group": benefit.exclusive_group,
        },
        "has_rule": edition.rule is not None,
        "attachments": [],
        "replaced_by": None,
        "grams": grams(found),
    }


def _guide(guide: Guide) -> Row:
    return {
        "_id": guide.article,
        "title": guide.title,
        "summary": guide.summary,
        "category": guide.category.value,
        "published_at": guide.visible_from,
    }


def _trainings(base: Base) -> Iterator[Row]:
    programmes = {row["_id"]: row for row in base.programmes.find()}
    for session in base.training_sessions.find():
        programme = programmes[session["programme_id"]]
        taken = ("starts_at", "sign_up_opens", "sign_up_closes")
        yield {
            "_id": programme["_id"],
            "title": programme["title"],
            "summary": programme["summary"],
            **{name: session[name] for name in taken},
        }


def _station(row: Row) -> Row:
    return {name: row[name] for name in ("_id", "name", "address")}


def _worker(row: Row) -> Row:
    """Keep the name as it is shown: a peer neither seals nor opens."""
    number = int(row["_id"].rpartition("_")[2])
    return {
        "_id": row["_id"],
        "nickname": row["nickname"],
        "name": masks.name(f"王示例{number % 10}"),
        "phone": None,
        "unit_id": row["unit_id"],
        "joined_at": row["created_at"],
    }


def _slot(offer: Offer) -> Row:
    return {
        "_id": offer.time.id,
        "station_id": offer.station.id,
        "station_name": offer.station.name,
        "service": offer.service.kind.value,
        "day": _day(offer.time.start),
        "start": offer.time.start,
        "end": offer.time.end,
        "ports": offer.service.ports,
        "left": offer.service.ports,
        "holders": [],
    }


def _day(start: datetime) -> str:
    return day_of(start).isoformat()
