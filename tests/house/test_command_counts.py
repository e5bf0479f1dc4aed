"""A list costs as many commands for many rows as for few, at MongoDB and at Redis.

Made from the route table: a new list is measured by itself, and one that shows no more
when there is more of everything fails until `everyone.furnish` has what it lists, or
somebody says here why it does not grow.
"""

from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.house import crowd, everyone
from tests.house.minimal import MOMENT

TRIES = 2
"""Calls of which the cheaper counts."""

COPIES = 8
"""Of every row, a field that names things; together dozens to every list."""

ASIDE = 4
"""Commands that do not come of rows: a process that for a second has not heard of
changes asks what it knows otherwise. One a row would be at least ``COPIES``."""

AFTERWARDS = MOMENT + timedelta(hours=1)
"""What begins or is told at the sample moment is there; till then it is ahead."""

STEADY = {
    "GET /station/v1/live/changes": "begins where one asks first",
    "GET /station/v1/me/hats": "a row a port",
    "GET /station/v1/stations/{station_id}/kit": "of the least batch nothing is left",
    "GET /union/v1/audit": "only the union's own deeds; asked by one page of a subtree",
    "GET /union/v1/delegations": "what one person lent",
    "GET /union/v1/live/changes": "begins where one asks first",
    "GET /union/v1/manuscripts/{manuscript_id}/attachments": "within one document",
    "GET /union/v1/me/hats": "a row a port",
    "GET /union/v1/me/messages": "the page is the worker's, which grows",
    "GET /union/v1/moderation/pieces": "only what waits; the least of a piece does not",
    "GET /union/v1/pins": "one board of a few places for the whole inn",
    "GET /union/v1/publishing/calendar": "only what is due; the least has no day",
    "GET /union/v1/stations/{station_id}/kit": "of the least batch nothing is left",
    "GET /union/v1/units": "the tree is the same however many live in it",
    "GET /worker/v1/consents": "a row a purpose",
    "GET /worker/v1/guides": "from the process",
    "GET /worker/v1/live/changes": "begins where one asks first",
    "GET /worker/v1/me/access-log": "by an alias, which the least of an entry has not",
    "GET /worker/v1/me/agenda": "within one document",
    "GET /worker/v1/me/comments": "a comment a station; its text is a piece",
    "GET /worker/v1/me/consents": "a row a purpose",
    "GET /worker/v1/me/hats": "a row a port",
    "GET /worker/v1/me/identities": "within one document",
    "GET /worker/v1/me/subscriptions": "a row a kind",
    "GET /worker/v1/me/verifications": "one open request a class",
    "GET /worker/v1/policies": "from the process",
    "GET /worker/v1/policies/{policy_id}/editions": "from the process",
    "GET /worker/v1/policy-suggestions": "from the process",
    "GET /worker/v1/search": "from the process",
    "GET /worker/v1/stations/{station_id}/comments": "only pieces that were let pass",
    "GET /worker/v1/stations/{station_id}/slots": "the timetable of one day",
    "GET /worker/v1/units": "the tree is the same however many live in it",
}
"""Lists that need not grow with a crowd, and why."""


class Cost(NamedTuple):
    """What one call took, and gave."""

    mongodb: int
    redis: int
    items: int
    asked: tuple[str, ...] = ()
    """By whom, for whoever reads of a failure."""

    def is_dearer(self, other: "Cost") -> bool:
        """Say whether this took more commands of either, as many rows would."""
        more = self.mongodb - other.mongodb, self.redis - other.redis
        return max(more) > ASIDE


@pytest.mark.gen_test(timeout=everyone.LONG_SECONDS)
async def test_a_list_costs_the_same_for_many_rows_as_for_few(ctx, http, ear, clock):
    lists = [door for door in everyone.doors() if door.is_list()]
    await everyone.furnish(ctx)
    moments = clock.now(), AFTERWARDS

    async def measured():
        return [
            [await least(ctx, http, ear, door) for _ in set_to(clock, moments)]
            for door in lists
        ]

    few = await measured()
    await crowd.multiply(ctx, COPIES)
    many = await measured()
    dearer, steady = [], set()
    for door, before, after in zip(lists, few, many, strict=True):
        pairs = list(zip(before, after, strict=True))
        dearer += [
            f"{door}: {now} was {then}" for then, now in pairs if now.is_dearer(then)
        ]
        if not any(now.items > then.items for then, now in pairs):
            steady.add(str(door))
    assert dearer == []
    assert steady <= set(STEADY)
    assert set(STEADY) <= set(map(str, lists))


def set_to(clock, moments):
    """Put the clock to one moment after the other."""
    for moment in moments:
        clock.put(moment)
        yield moment


async def least(ctx, http, ear, door):
    """Measure a call several times, for what a process does beside its calls."""
    found = [await cost(ctx, http, ear, door) for _ in range(TRIES)]
    return min(found, key=lambda each: (each.mongodb, each.redis, -each.items))


async def cost(ctx, http, ear, door):
    """Measure one call of a list, as long a page as it gives."""
    client = await everyone.enter(ctx, http, door)
    shape = door.promise.query
    has_limit = shape is not None and "limit" in shape.__struct_fields__
    before = await redis_calls(ctx)
    ear.commands = 0
    ear.asked.clear()
    answer = await everyone.knock(client, door, **({"limit": 50} if has_limit else {}))
    mongodb, redis = ear.commands, await redis_calls(ctx) - before - 1
    assert answer.status < 500, f"{door}: {answer.body}"
    asked = tuple(each.place for each in ear.asked)
    return Cost(mongodb, redis, len(answer.body.get("items", ())), asked)


async def redis_calls(ctx):
    """Count the commands that Redis has had, its own count among them."""
    told = await ctx.redis.info("commandstats")
    return sum(each["calls"] for each in told.values())
