"""A replica set of ours takes writes again in bounded time."""

from pymongo import MongoClient

from scripts.stack import replica
from scripts.stack.servers import start_mongod


def test_a_new_primary_does_not_wait_for_ever():
    assert 0 < replica.BOUNDED["catchUpTimeoutMillis"] <= 5_000
    with start_mongod() as mongo, MongoClient(mongo.uri) as client:
        told = client.admin.command("replSetGetConfig")["config"]["settings"]
    for name, wanted in replica.SWIFT.items():
        assert told[name] == wanted
