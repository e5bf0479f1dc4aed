"""The data set is the product's own, the same for the peers, and enough for a run."""

from datetime import UTC, datetime

import msgspec
import pytest
from pymongo import MongoClient
from redis import Redis

from scripts.benchmark import ceiling, content, filling, peer_filling, recount, town
from scripts.benchmark.demand import CROWD, Demand, days_wanted
from scripts.benchmark.filling import Size
from tests.conftest import NOW

SMALL = Size(policies=70, workers=30, stations=40, programmes=5)
"""One list has two policies, every other one."""

DATABASE = "test_bench"
PEER = "test_bench_peer"


@pytest.fixture
def days():
    """The days of a run that begins where the clock stands."""
    return days_wanted(NOW)


@pytest.fixture
def client(mongodb_uri):
    """A client of the test's MongoDB, which forgets what it was given."""
    with MongoClient(mongodb_uri, tz_aware=True) as client:
        yield client
        for name in (DATABASE, PEER, peer_filling.MASTER):
            client.drop_database(name)


@pytest.fixture
def filled(client, mongodb_uri, redis_url, days):
    """Both sides filled, as before a run."""
    filling.fill(filling.environment(mongodb_uri, DATABASE, redis_url), SMALL)
    with Redis.from_url(redis_url, db=1) as redis:
        peer_filling.fill(client, redis, DATABASE, days)
    peer_filling.copy(client, PEER)
    return client


def test_both_sides_hold_the_same(filled):
    inn, peer = filled[DATABASE], filled[PEER]
    assert peer.policies.count_documents({}) == inn.editions.count_documents({}) == 70
    assert peer.workers.count_documents({}) == inn.workers.count_documents({}) == 30
    assert inn.policies.count_documents({"editions": 1}) == 70
    edition = inn.editions.find_one({"policy_id": "policy_bench_3"})
    policy = peer.policies.find_one({"_id": "policy_bench_3"})
    assert policy["html"] == edition["html"]
    assert policy["title"] == edition["identity"]["title"]
    assert set(peer.bookings.index_information()) >= {"worker_id_1_day_1"}


def test_a_page_of_the_ceiling_reads_no_policy_that_it_does_not_show(filled):
    topic, region = next(content.lists())
    asked = ceiling.page_of(
        filled[peer_filling.MASTER].policies, topic, region, datetime.now(UTC)
    )
    told = asked.explain()["executionStats"]
    assert told["totalDocsExamined"] == told["nReturned"] == 2


def test_a_policy_is_of_the_size_that_is_claimed():
    sizes = [len(msgspec.json.encode(each)) for each in content.editions(60, NOW)]
    texts = [len(each.html.encode()) for each in content.editions(60, NOW)]
    assert 1_000 < sum(texts) / 60 < 2_500
    assert min(sizes) > 1_500


def test_the_same_texts_come_every_time():
    assert list(content.editions(20, NOW)) == list(content.editions(20, NOW))


def demand_of(days, workers=20_000):
    """Return the wishes of a town of so many workers."""
    return Demand(list(town.stations(200)), days, workers)


def test_on_ordinary_days_every_slot_has_room_for_all_who_want_it(days):
    demand, wanted = demand_of(days, 50_000), {}
    for number in range(demand.most):
        wish = demand.spread(number)
        wanted[wish.slot_id] = wanted.get(wish.slot_id, 0) + 1
    assert max(wanted.values()) <= town.PORTS


def test_nobody_wants_two_slots_on_one_day(days):
    demand = demand_of(days)
    mine = [demand.spread(17 + turn * 20_000) for turn in range(3)]
    mine.append(demand.sample(1, 5))
    assert {wish.worker for wish in mine} == {17}
    assert len({wish.slot_id.rsplit("_", 2)[1] for wish in mine}) == 4


def test_in_a_rush_more_want_a_slot_than_it_has_ports(days):
    demand = demand_of(days)
    first = {demand.rush(number).slot_id for number in range(CROWD)}
    assert len(first) == 1
    assert CROWD > town.RUSH_PORTS
    assert demand.rush(CROWD).slot_id not in first


def sold(client, slot_id="slot_bench-0000_phone-charging_20261125_0600"):
    """Sell one port at a peer as it does itself."""
    base = client[PEER]
    base.slots.update_one({"_id": slot_id}, {"$inc": {"left": -1}})
    base.bookings.insert_one(
        {"_id": "booking_1", "slot_id": slot_id, "worker_id": "w", "day": "d"}
    )
    base.events.insert_one({"_id": "event_1", "kind": "BookingMade"})


def test_a_recount_finds_nothing_where_all_adds_up(filled):
    sold(filled)
    assert recount.of_peer(filled, PEER, 1) == (1, ())


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda base: base.events.delete_many({}), "1 bookings without their event"),
        (lambda base: base.bookings.delete_many({}), "does not add up"),
        (lambda base: base.slots.update_many({}, {"$set": {"left": -1}}), "not add up"),
    ],
)
def test_a_recount_names_what_is_wrong(filled, harm, says):
    sold(filled)
    harm(filled[PEER])
    wrong = recount.of_peer(filled, PEER, 1).wrong
    assert any(says in each for each in wrong), wrong


def test_an_acknowledged_booking_that_is_not_there_is_lost(filled):
    assert recount.of_inn(filled, DATABASE, 2).wrong == (
        "2 acknowledged bookings are lost",
    )
