"""The inn's most wanted doors on FastAPI and Beanie.

uvicorn scripts.bench_peers.fastapi_beanie.server:app, with MONGODB_URI,
MONGODB_DATABASE and REDIS_URL in the environment.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from beanie import init_beanie
from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pymongo import AsyncMongoClient, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError
from redis.asyncio import BlockingConnectionPool, Redis

from scripts.bench_peers.fastapi_beanie.home import home_view
from scripts.bench_peers.fastapi_beanie.shapes import (
    Booking,
    BookingRequest,
    BookingView,
    Guide,
    Happening,
    HomeView,
    Policy,
    PolicyItem,
    PolicyList,
    PolicyView,
    Slot,
    Station,
    Training,
    Worker,
    WorkerView,
)

DOCUMENTS = [Policy, Guide, Training, Station, Worker, Slot, Booking, Happening]

client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
    os.environ["MONGODB_URI"], tz_aware=True
)
redis = Redis.from_pool(
    BlockingConnectionPool.from_url(os.environ["REDIS_URL"], decode_responses=True)
)
"""Waits for a connection: the ordinary pool refuses those who come when all are out."""


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Open the database."""
    database = client[os.environ["MONGODB_DATABASE"]]
    await init_beanie(database=database, document_models=DOCUMENTS)
    yield
    await client.close()


app = FastAPI(lifespan=lifespan)


async def worker_id(authorization: Annotated[str, Header()] = "") -> str:
    """Return who is signed in."""
    scheme, _, token = authorization.partition(" ")
    found = await redis.get(f"session:{token}") if scheme == "Bearer" else None
    if found is None:
        raise HTTPException(401, "not_signed_in")
    return str(found)


Signed = Annotated[str, Depends(worker_id)]


@app.get("/worker/v1/policies/{policy_id}")
async def read_policy(policy_id: str) -> PolicyView:
    """Show one policy."""
    now = datetime.now(UTC)
    found = await Policy.find_one(
        {"_id": policy_id, "published_at": {"$lte": now}, "visible_to": {"$gt": now}},
        projection_model=PolicyView,
    )
    if found is None:
        raise HTTPException(404, "no_such_policy")
    return found


@app.get("/worker/v1/policies")
async def list_policies(
    topic: str,
    region: Annotated[str, Query(pattern="^[0-9]{6}$")],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> PolicyList:
    """List the policies of a topic and a region, newest first."""
    return await _page({"topic": topic, "region": region}, cursor, limit)


@app.get("/worker/v1/search")
async def search(
    q: Annotated[str, Query(min_length=2, max_length=100)],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> PolicyList:
    """Find the policies that hold the words, newest first."""
    grams = [q[at : at + 2] for at in range(len(q) - 1)]
    return await _page({"grams": {"$all": grams}}, cursor, limit)


async def _page(where: dict[str, Any], cursor: str | None, limit: int) -> PolicyList:
    now = datetime.now(UTC)
    last = now if cursor is None else datetime.fromisoformat(cursor)
    until = {"$lte" if cursor is None else "$lt": last}
    found = await (
        Policy.find({**where, "published_at": until, "visible_to": {"$gt": now}})
        .sort("-published_at")
        .limit(limit + 1)
        .project(PolicyItem)
        .to_list()
    )
    shown = found[:limit]
    more = len(found) > limit
    return PolicyList(
        items=shown, next=shown[-1].published_at.isoformat() if more else None
    )


@app.get("/worker/v1/home")
async def home() -> HomeView:
    """Show the six functions with their newest."""
    return await home_view(datetime.now(UTC))


@app.get("/worker/v1/me")
async def me(signed: Signed) -> WorkerView:
    """Show my profile."""
    found = await Worker.find_one({"_id": signed}, projection_model=WorkerView)
    if found is None:
        raise HTTPException(401, "account_gone")
    return found


@app.post("/worker/v1/bookings", status_code=201)
async def book(body: BookingRequest, signed: Signed) -> BookingView:
    """Book a port of a slot.

    The guarded update of the slot, which everybody wants, writes down who holds the
    port and waits in no transaction; booking and event are this worker's alone.
    """
    booking_id = f"booking_{secrets.token_hex(12)}"
    slot = await _take(body.slot_id, signed, booking_id)
    booking = _booking(booking_id, signed, slot)

    async def write(session: AsyncClientSession) -> None:
        await booking.insert(session=session)
        await _told(booking).insert(session=session)

    try:
        async with client.start_session() as session:
            await session.with_transaction(write)
    except DuplicateKeyError as problem:
        await _give_back(slot.id, booking_id)
        raise HTTPException(409, "already_booked_that_day") from problem
    return BookingView.model_validate(booking.model_dump())


async def _take(slot_id: str, signed: str, booking_id: str) -> Slot:
    holder = {"worker_id": signed, "booking_id": booking_id}
    found = await Slot.get_pymongo_collection().find_one_and_update(
        {"_id": slot_id, "left": {"$gt": 0}, "holders.worker_id": {"$ne": signed}},
        {"$inc": {"left": -1}, "$push": {"holders": holder}},
        projection={"holders": 0},
        return_document=ReturnDocument.AFTER,
    )
    if found is None:
        raise HTTPException(409, "slot_full")
    return Slot.model_validate(found)


async def _give_back(slot_id: str, booking_id: str) -> None:
    await Slot.get_pymongo_collection().update_one(
        {"_id": slot_id, "holders.booking_id": booking_id},
        {"$inc": {"left": 1}, "$pull": {"holders": {"booking_id": booking_id}}},
    )


def _booking(booking_id: str, signed: str, slot: Slot) -> Booking:
    return Booking(
        id=booking_id,
        worker_id=signed,
        day=slot.day,
        state="booked",
        station_id=slot.station_id,
        station_name=slot.station_name,
        service=slot.service,
        slot_id=slot.id,
        start=slot.start,
        end=slot.end,
        made_at=datetime.now(UTC),
    )


def _told(booking: Booking) -> Happening:
    return Happening(
        id=f"event_{booking.id.removeprefix('booking_')}",
        kind="BookingMade",
        at=booking.made_at,
        data=booking.model_dump(),
    )
