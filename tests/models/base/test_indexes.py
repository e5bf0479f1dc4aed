"""Indexes are built while people write, compared with what is declared, and told of."""

import asyncio

import pytest
from pymongo import IndexModel
from structlog.testing import capture_logs

from models.base import indexes, personal
from models.base.documents import Document
from models.base.indexes import Finding, IndexTrouble, compare, make_indexes

ROWS = 100_000
WRITERS = 4
PROCESSES = 4


class Ticket(Document, kw_only=True, frozen=True):
    SHELF = "test_tickets"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel(["phone"], unique=True),
        IndexModel(["day", ("_id", -1)]),
        IndexModel(["state"], partialFilterExpression={"state": "open"}),
    )

    phone: str
    day: str = "2026-11-23"
    state: str = "open"


@pytest.fixture
def shelf(ctx, run):
    """Give the shelf of tickets; leave no index of this test behind."""
    shelf = Ticket.shelf(ctx)
    yield shelf
    run(shelf.drop())


async def of_tickets(ctx):
    return [
        (one.finding, one.index)
        for one in await compare(ctx)
        if one.shelf == Ticket.SHELF
    ]


async def fill(shelf, rows=ROWS):
    for start in range(0, rows, 10_000):
        await shelf.insert_many(
            [{"_id": f"t{n}", "phone": f"{n}"} for n in range(start, start + 10_000)]
        )


async def test_as_declared_there_is_nothing_to_tell(ctx, shelf):
    await make_indexes(ctx)
    assert await of_tickets(ctx) == []
    before = await shelf.index_information()
    await make_indexes(ctx)
    assert await shelf.index_information() == before


async def test_every_index_of_the_house_is_as_declared(ctx):
    assert await compare(ctx) == []


async def test_a_missing_index_is_told_and_built(ctx, shelf):
    await shelf.drop_index("day_1__id_-1")
    assert await of_tickets(ctx) == [(Finding.MISSING, "day_1__id_-1")]
    await make_indexes(ctx)
    assert await of_tickets(ctx) == []


async def test_a_changed_index_is_left_at_a_start_and_told(ctx, shelf):
    await shelf.drop_index("day_1__id_-1")
    await shelf.create_index("day", name="day_1__id_-1")
    with capture_logs() as told:
        await make_indexes(ctx)
    assert [one["index"] for one in told if one["event"] == "index_changed"] == [
        "day_1__id_-1"
    ]
    assert await of_tickets(ctx) == [(Finding.CHANGED, "day_1__id_-1")]
    assert await indexes.renew_changed(ctx) == 1
    assert await of_tickets(ctx) == []


async def test_the_same_index_under_an_older_name_is_told_and_renewed(ctx, shelf):
    await shelf.drop_index("day_1__id_-1")
    await shelf.create_index([("day", 1), ("_id", -1)], name="by_day")
    await make_indexes(ctx)
    assert await of_tickets(ctx) == [(Finding.CHANGED, "day_1__id_-1")]
    await indexes.renew_changed(ctx)
    assert await of_tickets(ctx) == []


async def test_nothing_starts_on_an_index_that_must_be_unique_and_is_not(ctx, shelf):
    await shelf.drop_index("phone_1")
    await shelf.create_index("phone", name="phone_1")
    with pytest.raises(IndexTrouble, match=r"phone_1 of test_tickets.*--renew"):
        await make_indexes(ctx)
    await indexes.renew_changed(ctx)
    assert (await shelf.index_information())["phone_1"]["unique"]


async def test_rows_against_a_unique_index_are_counted_and_never_shown(ctx, shelf):
    await shelf.drop_index("phone_1")
    for n, phone in enumerate(["13800000000", "13800000000", "13911111111"] * 2):
        await shelf.insert_one({"_id": f"t{n}", "phone": phone})
    with pytest.raises(IndexTrouble) as trouble:
        await make_indexes(ctx)
    assert "phone_1 of test_tickets" in str(trouble.value)
    assert "2 values stand in several rows" in str(trouble.value)
    assert "138" not in str(trouble.value)


async def test_what_nobody_declares_stays_until_it_is_dropped_by_name(ctx, shelf):
    await make_indexes(ctx)
    await shelf.create_index("day", name="old_day")
    await make_indexes(ctx)
    assert await of_tickets(ctx) == [(Finding.UNUSED, "old_day")]
    dropped = await indexes.drop_unused(ctx)
    assert [(one.shelf, one.index, one.uses) for one in dropped] == [
        (Ticket.SHELF, "old_day", 0)
    ]
    assert await of_tickets(ctx) == []


async def test_writes_are_acknowledged_while_processes_build_on_many_rows(ctx, shelf):
    await shelf.drop_indexes()
    await fill(shelf)
    built, written = asyncio.Event(), [0] * WRITERS

    async def write(writer):
        while not built.is_set():
            n = written[writer]
            await shelf.insert_one({"_id": f"w{writer}.{n}", "phone": f"w{writer}.{n}"})
            written[writer] += 1

    async def build():
        await asyncio.gather(*(make_indexes(ctx) for _ in range(PROCESSES)))
        built.set()

    await asyncio.gather(build(), *(write(writer) for writer in range(WRITERS)))
    assert min(written) > 0
    assert await shelf.count_documents({}) == ROWS + sum(written)
    assert await of_tickets(ctx) == []
