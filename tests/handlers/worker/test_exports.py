"""A person takes home all that is kept of them, and nobody else does."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from models.base import files
from models.base.audit import Entry
from models.base.files import KeptFile
from models.privacy import exports, shelves
from models.workers.consent_texts import Purpose
from tests.client import together
from tests.models.stations import places
from tests.models.workers.people import publish


@pytest.fixture
def me(run, ctx, http):
    """Somebody with a name, a number, facts and a booking."""

    async def make():
        await places.put(ctx)
        client = await http.sign_in("w-17")
        for purpose in (Purpose.IDENTITY, Purpose.PHONE, Purpose.FACTS):
            await publish(ctx, purpose)
            await client.post(
                "/worker/v1/me/consents", {"purpose": purpose, "version": 1}
            )
        await client.post("/worker/v1/me/phone", {"code": "p-17"})
        await client.patch("/worker/v1/me", {"name": "李示例"})
        await client.put("/worker/v1/me/facts", {"facts": {"birth_date": "1991-02-03"}})
        await client.post("/worker/v1/bookings", {"slot_id": places.slot()})
        return client

    return run(make())


async def fetch(client, export_id):
    return await client.get(f"/worker/v1/me/exports/{export_id}/file")


async def test_all_there_is_in_one_zip(ctx, me):
    made = await me.post("/worker/v1/me/exports")
    assert made.status == 201
    assert made.body["expires_at"] == "2026-11-24T02:00:00Z"
    assert made.body["counts"]["bookings"] == 1
    listed = await me.get("/worker/v1/me/exports")
    assert listed.body["items"] == [made.body]
    got = await fetch(me, made.body["id"])
    assert got.status == 200
    assert got.headers["Content-Type"] == "application/zip"
    assert got.headers["Cache-Control"] == "private, no-store"
    assert len(got.body) == made.body["size"]
    archive = zipfile.ZipFile(io.BytesIO(got.body))
    told = {name: archive.read(name).decode() for name in archive.namelist()}
    wanted = {f"data/{kind.SHELF}.json" for kind in shelves.exported()}
    assert set(told) == wanted | {"说明.txt"}
    (mine,) = json.loads(told["data/workers.json"])
    assert mine["name"] == "李示例"
    assert mine["phone"] == "+8613800000017"
    assert not {"openid_blind", "session_key"} & set(mine)
    assert "1991-02-03" in told["data/facts.json"]
    assert len(json.loads(told["data/consent_ledger.json"])) == 3
    assert "data/bookings.json　驿站预约（1 条）" in told["说明.txt"]
    assert "gAAAA" not in "".join(told.values())


async def test_it_is_kept_sealed_and_noted(ctx, me):
    made = await me.post("/worker/v1/me/exports")
    (file,) = await files.held_by(ctx, made.body["id"])
    assert file.sealed
    async for row in ctx.db["blobs.chunks"].find({}):
        assert not bytes(row["data"]).startswith(b"PK")
    (noted,) = await Entry.many(ctx, {"what": "exports.ask"})
    assert noted.about == made.body["id"]
    (look,) = (await me.get("/worker/v1/me/access-log")).body["items"]
    assert (look["who"], look["deed"]) == ("本人", "导出了您的个人资料")


async def test_somebody_elses_is_not_there(http, me):
    made = await me.post("/worker/v1/me/exports")
    other = await http.sign_in("w-18")
    gone = await fetch(other, made.body["id"])
    assert (gone.status, gone.code) == (404, "no_such_export")
    assert (await other.get("/worker/v1/me/exports")).body["items"] == []
    assert (await http.get("/worker/v1/me/exports")).status == 401


async def test_two_a_day_however_many_tap_at_once(me):
    made = await together(*[me.post("/worker/v1/me/exports") for _ in range(5)])
    assert sorted(answer.status for answer in made) == [201, 201, 429, 429, 429]
    refused = next(answer for answer in made if answer.status == 429)
    assert refused.code == "exports_used_up"
    assert refused.headers["Retry-After"] == str(14 * 3600)


async def test_after_a_day_it_is_over_and_swept(ctx, clock, me):
    made = await me.post("/worker/v1/me/exports")
    export_id = made.body["id"]
    clock.forward(exports.THERE_FOR)
    home = await me.post("/worker/v1/auth/sign-in", {"code": "w-17-day-two"})
    me = me.as_(home.body["access_token"])
    over = await fetch(me, export_id)
    assert (over.status, over.code) == (410, "export_over")
    assert await exports.forget_old(ctx) == 1
    assert await exports.forget_old(ctx) == 0
    clock.forward(files.LOOSE_FOR + timedelta(seconds=1))
    await files.sweep(ctx)
    assert await KeptFile.shelf(ctx).count_documents({}) == 0
    assert await ctx.db["blobs.chunks"].count_documents({}) == 0
