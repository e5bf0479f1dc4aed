"""Everybody sees and changes their own subtree only, through every door there is.

Made from the route table: a new door is walked without anybody thinking of it, and
one that names a thing nobody put into `branches` fails until it is there.
"""

import re

import pytest

from handlers.base.openapi import promises_of
from handlers.routes import ROUTES
from models.unions.permissions import Permission
from models.workers import sessions
from models.workers.tokens import Port
from tests.house import branches
from tests.house.branches import LEVELS, ids_at, outside
from tests.house.minimal import body_of, minimal, names_things
from tests.models.unions import people

DOORS = [
    (pattern, method, promise)
    for pattern, method, promise in promises_of(ROUTES)
    if promise.access.scheme in {"officialToken", "staffToken"}
]

OWN = re.compile(r"/(me|auth)(/|$)")
"""Doors to one's own account reach nobody else's."""

EVERYBODYS = {
    "/union/v1/synonyms/{line_id}": "one table for the whole search",
}
"""Things that belong to no unit, and why."""

NEEDS_MORE = {
    "/union/v1/manuscripts/{manuscript_id}/attachments/{attachment_id}",
    "/union/v1/policies/{policy_id}/editions/diff",
    "/union/v1/verifications/{verification_id}/evidence/{file_id}",
}
"""Doors to a part of a thing that the least of the thing does not have."""

NOT_KEPT = {"sessions", "audit", "repeats", "clockwork", "live_feed"}
"""Shelves that change because somebody asked, whatever the answer is."""


def of_port(port):
    return [door for door in DOORS if door[0].startswith(f"/{port}/")]


def path_of(pattern, ids):
    missing = {name for name in re.findall(r"\{(\w+)\}", pattern) if name not in ids}
    assert not missing, f"{pattern}: put {missing} into tests/house/branches.py"
    return re.sub(r"\{(\w+)\}", lambda name: ids[name.group(1)], pattern)


def query_of(promise, ids):
    if promise.query is None:
        return ""
    told = minimal(promise.query, ids, optional=True)
    return "?" + "&".join(f"{name}={value}" for name, value in told.items())


async def signed_in(ctx, http, staff_id, port):
    started = await sessions.start(ctx, owner_id=staff_id, port=port)
    return http.as_(started.access_token)


async def everything(ctx):
    """Return all that is kept, to see that nothing changed."""
    return {
        name: sorted(map(repr, await ctx.db[name].find().to_list()))
        for name in await ctx.db.list_collection_names()
        if name not in NOT_KEPT
    }


def names_foreign(pattern, promise):
    """Say whether a call can name somebody else's thing at all."""
    if OWN.search(pattern) or pattern in EVERYBODYS:
        return False
    asked = [shape for shape in (promise.body, promise.query) if shape is not None]
    return "{" in pattern or any(
        shape is not bytes and names_things(shape) for shape in asked
    )


async def call(ctx, client, door, path_ids, body_ids):
    """Call a door; the limits, which are another test's, are forgotten."""
    pattern, method, promise = door
    await ctx.redis.flushall()
    path = path_of(pattern, path_ids) + query_of(promise, body_ids)
    return await client.call(method.upper(), path, body_of(promise, body_ids))


@pytest.mark.parametrize("name", [name for name in LEVELS if name != "city"])
@pytest.mark.parametrize("port", [Port.UNION, Port.STATION])
async def test_nobody_reaches_a_thing_outside(ctx, http, name, port):
    await branches.furnish(ctx)
    who = f"staff_clerk_{name}" if port is Port.STATION else LEVELS[name].staff_id
    client = await signed_in(ctx, http, who, port)
    before, reached = await everything(ctx), []
    for door in of_port(port):
        pattern, method, promise = door
        if not names_foreign(pattern, promise):
            continue
        for other in outside(name):
            foreign = ids_at(other)
            answer = await call(ctx, client, door, foreign, foreign)
            seen = f"{method.upper()} {pattern} of {other}: {answer.status}"
            if ("{" in pattern and answer.status != 404) or (
                answer.status < 400 and names_any(answer, foreign)
            ):
                reached.append(f"{seen} {answer.body}")
            if "{" in pattern and method != "get":
                mine = ids_at(name)
                mixed = await call(ctx, client, door, mine, foreign)
                if mixed.status < 400 and names_any(mixed, foreign):
                    reached.append(f"{seen} by its body: {mixed.body}")
    if reached:
        pytest.fail("\n".join(reached))
    after = await everything(ctx)
    assert touched(before, after, name) == []


async def test_the_things_are_there_for_whoever_is_in_charge_of_all(ctx, http):
    """Or the walks above would find nothing because there is nothing."""
    await branches.furnish(ctx)
    client = await signed_in(ctx, http, "staff_city", Port.UNION)
    hidden = []
    for door in of_port(Port.UNION):
        pattern, method, promise = door
        if method == "get" and names_foreign(pattern, promise) and "{" in pattern:
            theirs = ids_at("west_firm")
            answer = await call(ctx, client, door, theirs, theirs)
            is_there = answer.status != 404 or pattern in NEEDS_MORE
            if not is_there or answer.status >= 500:
                hidden.append(f"{pattern}: {answer.status} {answer.body}")
    if hidden:
        pytest.fail("\n".join(hidden))


def names_any(answer, ids):
    """Say whether an answer names a thing; a superior's own id is no secret."""
    things = {id_ for id_ in ids.values() if not id_.startswith("unit_")}
    return any(f"'{id_}'" in str(answer.body) for id_ in things)


def touched(before, after, name):
    """Return the rows of places outside that are not as they were."""
    paths = [LEVELS[other].path for other in outside(name)]
    changed = [
        row
        for shelf, rows in after.items()
        for row in set(rows).symmetric_difference(before.get(shelf, []))
        if any(f"'{path}'" in row for path in paths)
    ]
    return sorted(changed)


@pytest.mark.parametrize("name", list(LEVELS))
async def test_lists_hold_ones_own_subtree(ctx, http, name):
    await branches.furnish(ctx)
    leaks = []
    for port in (Port.UNION, Port.STATION):
        who = f"staff_clerk_{name}" if port is Port.STATION else LEVELS[name].staff_id
        client = await signed_in(ctx, http, who, port)
        for pattern, method, promise in of_port(port):
            if method != "get" or "{" in pattern:
                continue
            answer = await client.get(pattern + query_of(promise, {}))
            leaks += [
                f"{pattern} shows {other}: {answer.body}"
                for other in outside(name)
                if names_any(answer, ids_at(other))
            ]
    if leaks:
        pytest.fail("\n".join(leaks))


async def test_who_holds_nothing_opens_no_door_that_asks_for_something(ctx, http):
    await branches.furnish(ctx)
    nobody = await people.official(ctx, "nobody")
    client = http.as_(await people.token(ctx, nobody))
    for door in of_port(Port.UNION):
        pattern, method, promise = door
        if promise.access.permissions:
            mine = ids_at("east")
            answer = await call(ctx, client, door, mine, mine)
            seen = f"{method} {pattern}"
            assert (answer.status, answer.code) == (403, "permission_missing"), seen


async def test_one_permission_opens_its_own_doors_only(ctx, http):
    await branches.furnish(ctx)
    mine = ids_at("east")
    for permission in Permission:
        name = permission.replace(".", "_")
        holder = await people.official(ctx, name, permissions=[permission])
        client = http.as_(await people.token(ctx, holder))
        for door in of_port(Port.UNION):
            wanted = door[2].access.permissions
            if wanted and permission not in wanted:
                answer = await call(ctx, client, door, mine, mine)
                seen = f"{door[1]} {door[0]} with {permission}"
                assert (answer.status, answer.code) == (403, "permission_missing"), seen
