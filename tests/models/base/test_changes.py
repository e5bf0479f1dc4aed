"""The follower hears of every change within moments, and knows when it is deaf."""

import asyncio

import pytest
from pymongo.errors import PyMongoError

from models.base import personal
from models.base.changes import Change, Follower
from models.base.documents import Document


class Rumour(Document, kw_only=True, frozen=True):
    SHELF = "test_rumours"
    PERSONAL = personal.nobody()

    word: str


class Ear:
    """Keeps what it heard; lets a test wait for the next thing."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Change] = asyncio.Queue()
        self.loads = 0
        self.loaded_again = asyncio.Event()

    async def load(self) -> None:
        self.loads += 1
        if self.loads > 1:
            self.loaded_again.set()


@pytest.fixture
def rumours(run, ctx):
    rumours = Ear()
    follower = Follower(ctx.db, ctx.clock)
    follower.on(Rumour.SHELF, rumours.heard.put_nowait, load=rumours.load)
    run(follower.start())
    rumours.follower = follower
    yield rumours
    run(follower.stop())


async def test_it_loads_before_it_says_that_it_started(rumours):
    assert rumours.loads == 1


async def test_it_hears_of_new_changed_and_deleted_documents(ctx, rumours):
    await Rumour(id="rumour_1", word="one").insert(ctx)
    await Rumour.change(ctx, {"_id": "rumour_1"}, {"$set": {"word": "two"}})
    await Rumour.shelf(ctx).delete_one({"_id": "rumour_1"})
    new, changed, deleted = [await rumours.heard.get() for _ in range(3)]
    assert (new.id, new.is_new) == ("rumour_1", True)
    assert (changed.id, changed.is_new) == ("rumour_1", False)
    assert (deleted.id, deleted.row) == ("rumour_1", None)


async def test_who_lost_what_it_heard_has_all_loaded_anew(ctx, rumours):
    rumours.follower.doubt()
    assert not rumours.follower.is_fresh()
    await rumours.loaded_again.wait()
    await Rumour(id="rumour_1", word="one").insert(ctx)
    assert (await rumours.heard.get()).id == "rumour_1"
    assert rumours.loads == 2


async def test_a_surprise_that_ends_it_is_told(ctx, capsys):
    def stumble(change):
        raise KeyError("surprise")

    follower = Follower(ctx.db, ctx.clock)
    follower.on(Rumour.SHELF, stumble)
    await follower.start()
    await Rumour(id="rumour_1", word="one").insert(ctx)
    await asyncio.wait({follower._task})
    await asyncio.sleep(0)
    assert "follower_ended" in capsys.readouterr().out


async def test_it_does_not_hear_of_other_shelves(ctx, rumours):
    await ctx.db["test_elsewhere"].insert_one({"_id": "elsewhere_1"})
    await Rumour(id="rumour_1", word="one").insert(ctx)
    heard = await rumours.heard.get()
    assert heard.id == "rumour_1"


async def test_it_is_fresh_while_it_listens_and_not_when_it_stopped(
    ctx, rumours, monkeypatch
):
    assert rumours.follower.is_fresh()
    await rumours.follower.stop()
    later = ctx.clock.monotonic() + 2
    monkeypatch.setattr(ctx.clock, "monotonic", lambda: later)
    assert not rumours.follower.is_fresh()


async def test_a_shelf_that_is_dropped_is_loaded_again(ctx, rumours):
    await Rumour(id="rumour_1", word="one").insert(ctx)
    await rumours.heard.get()
    await ctx.db.drop_collection(Rumour.SHELF)
    await rumours.loaded_again.wait()
    await Rumour(id="rumour_2", word="two").insert(ctx)
    heard = await rumours.heard.get()
    assert heard.id == "rumour_2"
    assert rumours.follower.is_fresh()


async def test_after_a_broken_line_it_is_not_fresh_before_it_has_answered(
    ctx, rumours, monkeypatch
):
    opened, go_on = asyncio.Event(), asyncio.Event()

    async def held(stream):
        opened.set()
        await go_on.wait()
        raise PyMongoError

    await Rumour(id="rumour_1", word="one").insert(ctx)
    await rumours.heard.get()
    await rumours.follower.stop()
    later = ctx.clock.monotonic() + 2
    monkeypatch.setattr(ctx.clock, "monotonic", lambda: later)
    monkeypatch.setattr(rumours.follower, "_next", held)
    await rumours.follower.start()
    await opened.wait()
    assert rumours.loads == 1
    assert not rumours.follower.is_fresh()
    go_on.set()


async def test_a_row_nobody_can_read_is_taken_for_deleted_and_listening_goes_on(
    ctx, run
):
    read = []

    def heard(change):
        if change.row is not None:
            Rumour.of(change.row)
        read.append((change.id, change.row is None))
        done.set()

    done = asyncio.Event()
    follower = Follower(ctx.db, ctx.clock)
    follower.on(Rumour.SHELF, heard)
    await follower.start()
    await ctx.db[Rumour.SHELF].insert_one({"_id": "rumour_1", "word": 7})
    await done.wait()
    done.clear()
    await Rumour(id="rumour_2", word="two").insert(ctx)
    await done.wait()
    await follower.stop()
    assert read == [("rumour_1", True), ("rumour_2", False)]
