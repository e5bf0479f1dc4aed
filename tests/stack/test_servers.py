"""The servers a test can start are real, do what ours do, and leave nothing."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from redis import Redis

from scripts.stack.servers import ReplicaSet, free_port, start_mongod, start_redis


def connect(mongo: ReplicaSet) -> MongoClient[dict[str, Any]]:
    return MongoClient(mongo.uri)


def test_a_transaction_holds_on_a_set_of_one() -> None:
    with start_mongod() as mongo, connect(mongo) as client:
        purse = client.inn.purse
        with client.start_session() as session, session.start_transaction():
            purse.insert_one({"_id": "mine"}, session=session)
            purse.insert_one({"_id": "yours"}, session=session)
        with client.start_session() as session:
            session.start_transaction()
            purse.insert_one({"_id": "nobody's"}, session=session)
            session.abort_transaction()
        assert sorted(purse.distinct("_id")) == ["mine", "yours"]


def test_a_change_stream_tells_of_an_insert() -> None:
    with (
        start_mongod() as mongo,
        connect(mongo) as client,
        client.inn.news.watch() as stream,
    ):
        client.inn.news.insert_one({"_id": 1})
        assert stream.next()["fullDocument"] == {"_id": 1}


def test_a_set_of_three_outlives_its_primary_and_loses_nothing() -> None:
    with start_mongod(members=3) as mongo, connect(mongo) as client:
        client.inn.ledger.insert_one({"_id": "before"})
        first = mongo.primary()
        first.kill()
        assert mongo.primary() is not first
        client.inn.ledger.insert_one({"_id": "after"})
        first.start()
        assert sorted(client.inn.ledger.distinct("_id")) == ["after", "before"]


def test_data_outlive_a_restart_on_another_port(tmp_path: Path) -> None:
    for number in (1, 2):
        with (
            ReplicaSet(tmp_path, [free_port()]) as mongo,
        ):
            mongo.start()
            with connect(mongo) as client:
                client.inn.visits.insert_one({"_id": number})
                assert client.inn.visits.count_documents({}) == number


def test_redis_comes_back_empty_when_its_data_are_thrown_away() -> None:
    with start_redis() as redis, Redis.from_url(redis.uri) as client:
        client.set("place", "taken")
        redis.kill()
        redis.start()
        assert client.get("place") is None


def test_closed_servers_leave_no_process_and_no_folder() -> None:
    with start_mongod() as mongo, start_redis() as redis:
        processes = [mongo.members[0].process, redis.process]
        folders = [mongo.members[0].process.log.parent.parent, redis.process.log.parent]
        assert all(each.running for each in processes)
    assert not any(each.running for each in processes)
    assert not any(each.exists() for each in folders)
