"""Calls to every door there is, by somebody of its port who may come in.

Made from the route table, as `test_subtrees` is: a new door is called without anybody
thinking of it. Whoever calls is of the eastern branch, and so is what is named.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_origin

from handlers.base.openapi import promises_of, shape_of
from handlers.base.promises import Promise
from handlers.routes import ROUTES
from models.base.documents import all_documents
from models.stations.booked import Booking
from models.trainings.attendance import Attendance, Marked
from models.workers import sessions
from models.workers.tokens import Port
from tests.house import branches
from tests.house.branches import KEPT_IN, ids_at
from tests.house.minimal import body_of, document, minimal
from tests.models.stations import places

HERE = "east"

LONG_SECONDS = 900
"""Hundreds of calls: half a minute alone, minutes where others work beside."""

CALLERS = {
    "workerToken": ("worker_east", Port.WORKER),
    "staffToken": ("staff_clerk_east", Port.STATION),
    "officialToken": ("staff_city", Port.UNION),
}
"""Who calls at which port, by how the door calls its token."""

MINE = (
    *("worker_id", "author_id", "owner_id", "caller_id", "subject", "about", "by"),
    *("kept_by", "who"),
)
"""What a field is called that says whose a row is."""


FILLED: dict[Any, dict[str, Any]] = {
    Booking: {"slot_ids": [places.slot(slug=HERE)]},
    Attendance: {"trail": [minimal(Marked, {})]},
}
"""What the least of a thing lacks to be shown."""


class Door(NamedTuple):
    """One verb of the route table."""

    pattern: str
    method: str
    promise: Promise

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.pattern}"

    def is_list(self) -> bool:
        """Say whether the answer is items."""
        shape = shape_of(self.promise.answer)
        fields = getattr(get_origin(shape) or shape, "__struct_fields__", ())
        return self.method == "get" and "items" in fields


def doors() -> Iterator[Door]:
    """Walk the route table, those that read first: the others leave less to read."""
    found = [Door(*each) for each in promises_of(ROUTES)]
    return iter(sorted(found, key=lambda door: door.method != "get"))


def ids() -> dict[str, str]:
    """Name the eastern branch's things."""
    return ids_at(HERE) | dict.fromkeys(MINE, "worker_east")


async def furnish(ctx: Any) -> None:
    """Put one of everything on every shelf, the eastern worker's where it has one."""
    await branches.furnish(ctx)
    kept = {kind.SHELF for kind in KEPT_IN.values()}
    for kind in all_documents():
        if kind.SHELF not in kept and kind.__module__.startswith("models."):
            await _put_one(ctx, kind)
    for kind in all_documents():
        for field in () if kind.PERSONAL is None else kind.PERSONAL.opened:
            sealed = {"$set": {field: ctx.secrets.seal("{}")}}
            await kind.shelf(ctx).update_many({field: {"$type": "string"}}, sealed)
    for kind, told in FILLED.items():
        await kind.shelf(ctx).update_many({}, {"$set": told})


async def _put_one(ctx: Any, kind: Any) -> None:
    if await kind.shelf(ctx).find_one() is not None:
        return
    fields = set(kind.__struct_fields__)
    given = {name: told for name, told in ids().items() if name in fields}
    row = document(kind, **given | {"_id": f"{kind.SHELF}_{HERE}"})
    await kind.shelf(ctx).insert_one(row)


async def call(ctx: Any, http: Any, door: Door) -> Any:
    """Call a door as somebody freshly signed in; the limits are another test's."""
    client = await enter(ctx, http, door)
    await ctx.redis.flushall()
    return await knock(client, door)


async def enter(ctx: Any, http: Any, door: Door) -> Any:
    """Return a client of somebody whom a door lets in."""
    if door.promise.access.scheme is None:
        return http
    owner_id, port = CALLERS[door.promise.access.scheme]
    started = await sessions.start(ctx, owner_id=owner_id, port=port)
    return http.as_(started.access_token)


async def knock(client: Any, door: Door, **asked: Any) -> Any:
    """Call a door with all names filled that its path, query and body have."""
    path = re.sub(r"\{(\w+)\}", _named, door.pattern)
    told = {} if door.promise.query is None else minimal(door.promise.query, ids())
    query = "&".join(f"{name}={value}" for name, value in (told | asked).items())
    return await client.call(
        door.method.upper(), f"{path}?{query}", body_of(door.promise, ids())
    )


def _named(found: re.Match[str]) -> str:
    name = found.group(1)
    return ids().get(name, name.replace("_id", f"_{HERE}"))
