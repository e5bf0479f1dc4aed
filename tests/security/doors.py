"""Every door there is and who may open it, for attacks that try all of them."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec import inspect

from handlers.base.openapi import promises_of
from handlers.routes import ROUTES
from models.workers import sessions
from models.workers.tokens import Port
from tests.client import Client
from tests.house import branches
from tests.house.minimal import minimal

PORTS = {
    "workerToken": Port.WORKER,
    "staffToken": Port.STATION,
    "officialToken": Port.UNION,
}
"""Whose token a door asks for."""

DEEPEST = 2
"""Structs within structs that are looked into; rule trees have no end."""

PATIENT = pytest.mark.gen_test(timeout=900)
"""For walks over all doors: hundreds of calls on a machine that others use too."""

WITHIN = (inspect.ListType, inspect.VarTupleType, inspect.SetType)
WITHIN_FROZEN = (*WITHIN, inspect.FrozenSetType)


@dataclass(frozen=True)
class Door:
    """One verb of one path."""

    pattern: str
    method: str
    promise: Any

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.pattern}"

    @property
    def names(self):
        return re.findall(r"\{(\w+)\}", self.pattern)

    @property
    def has_json(self):
        return self.promise.body not in {None, bytes}

    def path(self, ids):
        """Fill the path; what nobody knows is a thing that is not there."""
        return re.sub(
            r"\{(\w+)\}",
            lambda name: ids.get(name.group(1), f"{name.group(1)}_none"),
            self.pattern,
        )

    def query(self, ids):
        if self.promise.query is None:
            return ""
        told = minimal(self.promise.query, ids, optional=True)
        return "?" + "&".join(f"{name}={value}" for name, value in told.items())

    def body(self, ids):
        """Return the least body the door takes, or None."""
        if not self.has_json:
            return None if self.promise.body is None else b"x"
        return minimal(self.promise.body, ids, optional=True)


DOORS = [
    Door(pattern, method, promise) for pattern, method, promise in promises_of(ROUTES)
]


@dataclass
class People:
    """Somebody at every port who may do everything there."""

    worker: Client
    worker_id: str
    clients: dict[str | None, Client]

    def at(self, door):
        return self.clients[door.promise.access.scheme]


async def everybody(ctx, http):
    """Furnish the house and sign somebody in at every port."""
    await branches.furnish(ctx)
    worker = await http.sign_in("w-1")
    me = (await worker.get("/worker/v1/me")).body["id"]
    clients = {None: http, "workerToken": worker}
    for scheme, owner in (
        ("staffToken", "staff_clerk_city"),
        ("officialToken", "staff_city"),
    ):
        begun = await sessions.start(ctx, owner_id=owner, port=PORTS[scheme])
        clients[scheme] = http.as_(begun.access_token)
    return People(worker=worker, worker_id=me, clients=clients)


async def knock(ctx, client, door, *, path=None, body=None, headers=None):
    """Call a door; the limits, which are another test's, are forgotten."""
    await ctx.redis.flushall()
    return await client.call(
        door.method.upper(), path or door.path({}), body, headers=headers
    )


def poisoned(shape, poison, ids, *, depth=0):
    """Give every body a door takes with one field of it poisoned, and the field."""
    for info in _structs(inspect.type_info(shape)):
        base = minimal(info.cls, ids, optional=True)
        for field in info.fields:
            name = field.encode_name
            yield name, _is_open(field.type), {**base, name: poison}
            for inner in _structs(field.type) if depth < DEEPEST else ():
                wrapped = _wrapper(field.type)
                for path, is_open, sub in poisoned(
                    inner.cls, poison, ids, depth=depth + 1
                ):
                    yield f"{name}.{path}", is_open, {**base, name: wrapped(sub)}


def _structs(info):
    match info:
        case inspect.StructType():
            return [info]
        case inspect.UnionType():
            return [each for part in info.types for each in _structs(part)]
        case inspect.Metadata():
            return _structs(info.type)
    if isinstance(info, WITHIN_FROZEN):
        return _structs(info.item_type)
    return []


def _wrapper(info):
    """Return how a struct stands in a field: bare, or in a list."""
    if isinstance(info, inspect.UnionType):
        some = [part for part in info.types if _structs(part)]
        return _wrapper(some[0]) if some else lambda sub: sub
    return (lambda sub: [sub]) if isinstance(info, WITHIN_FROZEN) else lambda sub: sub


def _is_open(info):
    """Say whether a field takes any object, or a list."""
    match info:
        case inspect.UnionType():
            return any(_is_open(part) for part in info.types)
        case inspect.Metadata():
            return _is_open(info.type)
    kinds = (inspect.AnyType, inspect.DictType, inspect.RawType)
    return isinstance(info, kinds) or bool(_structs(info))


def keys_in(value):
    """Give every key of an object, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner)


async def everything_kept(ctx):
    """Give every row of every shelf with its shelf."""
    for name in await ctx.db.list_collection_names():
        async for row in ctx.db[name].find():
            yield name, row
