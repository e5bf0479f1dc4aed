"""A full disk: files wait, deeds go on; nothing of a broken upload stays.

MongoDB lives on a small file system of its own, in memory; only root may make one.
"""

import asyncio
import os
import random
import subprocess
from pathlib import Path

import msgspec
import pytest

from app.application import Front
from app.wiring import open_house
from handlers.base import limits
from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.uploads import UploadHandler, UploadQuery
from models.base import files, room
from models.base.files import BUCKET, LOOSE_FOR, KeptFile
from models.base.inspection import REFUSED, Purpose, Upload
from models.base.media import Media
from models.base.room import LEAST_FREE
from scripts.stack import scratch
from scripts.stack.mongod import ReplicaSet
from scripts.stack.ports import free_port
from tests.client import Client
from tests.faults.waiting import until
from tests.models.base import samples

PATIENCE = 900
MEGABYTE = 1024 * 1024
PDF = {"Content-Type": Media.PDF}

LARGE = 16 * MEGABYTE

ROOM = 512 * MEGABYTE
"""What an empty MongoDB takes, and some files."""

pytestmark = [
    pytest.mark.skipif(
        os.geteuid() != 0, reason="only root may mount a small file system"
    ),
    pytest.mark.gen_test(timeout=PATIENCE),
]


class FilesHandler(UploadHandler):
    @endpoint(
        access=worker,
        status=201,
        refusals=REFUSED,
        takes=tuple(Media),
        limit=limits.per_minute("test_files", 1_000),
    )
    async def post(self, *, query: UploadQuery, body: bytes) -> dict[str, str]:
        """Keep a file."""
        upload = Upload(query.name, body)
        kept = await files.keep(
            self.ctx, upload, purpose=Purpose.ATTACHMENT, by=self.actor.id
        )
        return {"id": kept.id}


class FileHandler(Handler):
    @endpoint(access=worker)
    async def get(self, file_id: str) -> int:
        """Count a file's bytes."""
        kept = await KeptFile.get(self.ctx, file_id)
        assert kept is not None
        return len(b"".join([piece async for piece in files.read(self.ctx, kept)]))


class Disk:
    """A small file system, with ballast in it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    @property
    def free(self) -> int:
        """Bytes that are left."""
        told = os.statvfs(self.place)
        return told.f_bavail * told.f_frsize

    def leave(self, free: int) -> None:
        """Put so much in that no more than this is left."""
        before = self._ballast.stat().st_size if self._ballast.exists() else 0
        with self._ballast.open("ab") as ballast:
            os.posix_fallocate(ballast.fileno(), before, self.free - free)

    def clear(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@pytest.fixture
def disk():
    home = scratch.folder("disk")
    size = f"size={LEAST_FREE + ROOM}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", home],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        scratch.throw_away(home)
        pytest.skip("this machine lets nobody mount a small file system")
    yield Disk(home)
    subprocess.run(["umount", "--lazy", home], check=True)  # noqa: S607
    scratch.throw_away(home)


@pytest.fixture
def mongo(disk):
    mongo = ReplicaSet(disk.place, [free_port()])
    mongo.start()
    yield mongo
    mongo.close()


@pytest.fixture
def front(run, mongo, settings, clock):
    there = msgspec.structs.replace(settings, mongodb_uri=mongo.uri)
    house = run(open_house(there, clock=clock))
    front = Front(house)
    front.doors._tree._add("/files", FilesHandler)
    front.doors._tree._add("/files/{file_id}", FileHandler)
    yield front
    run(house.close())


@pytest.fixture
def door(run, front):
    client = Client(f"http://127.0.0.1:{run(_listen(front))}", front)
    yield run(client.sign_in("w-1"))
    run(client.close())


async def _listen(front):
    return front.open(port=0)


async def send(door, size):
    """Send what does not pack."""
    noise = random.Random(size).randbytes(size).replace(b"\n", b"x")
    content = samples.pdf(size=size).replace(b"x" * size, noise)
    return await door.post("/files?name=a.pdf", content, headers=PDF)


async def bytes_kept(ctx):
    """Whose bytes are there, whether or not a record names them."""
    return set(await ctx.db[f"{BUCKET}.chunks"].distinct("files_id"))


async def test_files_wait_for_room_and_all_else_goes_on(door, disk):
    ctx = door.front.doors.settings["ctx"]
    first = await send(door, MEGABYTE)
    disk.leave(LEAST_FREE - MEGABYTE)
    refused = await send(door, MEGABYTE)
    assert (refused.status, refused.code) == (503, "storage_full")
    assert refused.body["message"].endswith("。")
    assert refused.headers["Retry-After"] == "300"
    assert await bytes_kept(ctx) == {first.body["id"]}
    assert (await door.get(f"/files/{first.body['id']}")).body >= MEGABYTE
    assert (await door.get("/worker/v1/me")).status == 200
    assert (await door.post("/worker/v1/auth/sign-in", {"code": "w-2"})).status == 200
    disk.clear()
    second = await send(door, MEGABYTE)
    assert second.status == 201
    assert await bytes_kept(ctx) == {first.body["id"], second.body["id"]}


async def test_a_disk_that_is_full_all_the_same_costs_the_file_and_no_more(
    door, mongo, disk, clock, monkeypatch
):
    """What is not ours has filled it: the journal has its own room, and then none."""
    ctx = door.front.doors.settings["ctx"]
    first = await send(door, MEGABYTE)
    kept = {first.body["id"]}
    with monkeypatch.context() as unaware:
        unaware.setattr(room, "LEAST_FREE", 0)
        disk.leave(0)
        while (answer := await send(door, LARGE)).status == 201:
            kept.add(answer.body["id"])
    assert (answer.status, answer.code) == (503, "store_unavailable")
    assert answer.body["message"].endswith("。")
    disk.clear()
    await asyncio.to_thread(_start_again, mongo)

    async def reads():
        return (await door.get(f"/files/{first.body['id']}")).status == 200

    await until(reads, what="the inn reads again")
    kept.add((await send(door, MEGABYTE)).body["id"])
    async for file in KeptFile.shelf(ctx).find({"_id": {"$in": list(kept)}}):
        await files.hold(ctx, file["_id"], owner="record_1")
    clock.forward(LOOSE_FOR * 2)
    await files.sweep(ctx)
    assert await bytes_kept(ctx) == kept


def _start_again(mongo):
    mongo.kill()
    mongo.start()
