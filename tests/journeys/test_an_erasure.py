"""Somebody leaves: their things are ended, and no shelf says who they were."""

import re
from collections import Counter

from bson import Binary

from models.base import audit
from models.base.documents import all_documents
from models.base.personal import Fate
from models.base.secrets import Unreadable
from models.privacy import shelves
from tests.journeys.test_what_stays_private import PHONE, SECRETS, tell_everything
from tests.models.base.samples import pdf

SEALED = re.compile(r"gAAAA[\w-]+={0,2}")
"""How everything begins that the house has sealed."""


def leaves_of(value):
    """Return every text anywhere in a row, keys too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from leaves_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves_of(inner)
    elif isinstance(value, bytes | Binary):
        yield bytes(value).decode("utf-8", "replace")
    elif value is not None:
        yield str(value)


def opened(secrets, text):
    """Return a text with what is sealed in it laid open."""

    def open_(found):
        try:
            whole = secrets.open_bytes(found[0].encode())
            return whole.decode("utf-8", "replace")
        except Unreadable:
            return found[0]

    return SEALED.sub(open_, text)


async def everything_kept(ctx):
    """Return every text of every collection (GridFS too) and of Redis, laid open."""
    told = []
    for name in await ctx.db.list_collection_names():
        async for row in ctx.db[name].find({}):
            told += [(name, opened(ctx.secrets, text)) for text in leaves_of(row)]
    async for key in ctx.redis.scan_iter():
        told.append(("redis", key))
    return told


def where_it_says(told, *wanted):
    """Count in which collections any of some texts stands."""
    return Counter(name for name, text in told for each in wanted if each in text)


async def totals(ctx):
    """Count the rows that must stay, and how many people they are about."""
    counts = {}
    for kind in all_documents():
        if shelves.word_of(kind).fate in {Fate.RENAMED, Fate.ALIASED}:
            shelf = kind.shelf(ctx)
            counts[kind.SHELF] = await shelf.count_documents({})
            if "worker_id" in kind.__struct_fields__:
                people = await shelf.distinct("worker_id")
                counts[f"{kind.SHELF}.people"] = len(people)
    return counts


async def live_a_little(story, me):
    """A match, a booking used, a missed one, a course left, an accept, a visit home."""
    await me.put("/worker/v1/me/identities", {"classes": ["platform_worker"]})
    await me.post("/worker/v1/policy-matches", {"facts": {}})
    asked = await me.post("/worker/v1/me/verifications", {"class": "platform_worker"})
    assert asked.status == 201, asked.body
    shown = await me.post(
        f"/worker/v1/me/verifications/{asked.body['id']}/evidence",
        pdf(SECRETS["name"].encode()),
        headers={"Content-Type": "application/pdf"},
    )
    assert shown.status == 201, shown.body
    taken_home = await me.post("/worker/v1/me/exports")
    assert taken_home.status == 201, taken_home.body
    session = (await me.get("/worker/v1/trainings/programme_first_aid")).body
    joined = await me.post(
        "/worker/v1/enrolments", {"session_id": session["sessions"][0]["id"]}
    )
    assert joined.status == 201, joined.body
    slots = await me.get(
        "/worker/v1/stations/station_science_park/slots"
        "?service=phone_charging&day=2026-11-24"
    )
    slot = next(
        s for s in slots.body["items"] if s["start"].startswith("2026-11-24T02")
    )
    booked = await me.post(
        "/worker/v1/bookings", {"slot_id": slot["id"]}, key="tap-of-mine"
    )
    assert booked.status == 201, booked.body
    await story.tick()
    return joined.body["id"], booked.body["id"]


async def close_the_alert(story):
    """The responder on duty ends the call for help."""
    ctx = story.house.ctx
    await ctx.db.first_aid_alerts.update_many(
        {}, {"$set": {"state": "closed", "climb_at": None}}
    )


async def test_somebody_leaves_and_nothing_says_who_they_were(story):
    ctx = story.house.ctx
    me = await tell_everything(story)
    my_id = (await me.get("/worker/v1/me")).body["id"]
    enrolment_id, booking_id = await live_a_little(story, me)
    refused = await me.post("/worker/v1/me/erasure")
    assert (refused.status, refused.code) == (409, "obligations_open")
    named = {each["id"] for each in refused.body["details"]["obligations"]}
    assert {enrolment_id, booking_id} < named

    await me.post(f"/worker/v1/bookings/{booking_id}/cancellation")
    await me.post(f"/worker/v1/enrolments/{enrolment_id}/cancellation")
    await close_the_alert(story)
    asked = await me.post("/worker/v1/me/erasure")
    assert asked.status == 201, asked.body
    await story.tick()
    kept = where_it_says(await everything_kept(ctx), my_id)
    assert {"bookings", "enrolments", "first_aid_alerts", "messages"} < set(kept)
    assert {"files", "verifications", "exports"} < set(kept)
    assert await ctx.db["blobs.chunks"].count_documents({}) > 0
    before = await totals(ctx)

    await story.until(asked.body["due_at"])
    await story.tick()
    assert (await me.get("/worker/v1/me")).status == 401
    await story.later(minutes=17)
    await story.tick()

    told = await everything_kept(ctx)
    blind = ctx.secrets.blind
    wanted = [
        my_id,
        SECRETS["name"],
        SECRETS["note"],
        PHONE,
        blind("openid", SECRETS["openid"]),
        blind("phone", f"+86{PHONE}"),
    ]
    assert where_it_says(told, *wanted) == {}
    assert SECRETS["openid"] not in {text for _, text in told}
    assert await ctx.db["blobs.chunks"].count_documents({}) == 0
    after = await totals(ctx)
    assert after == before | {"audit": after["audit"]}
    assert await audit.first_broken(ctx) is None

    again = await story.http.sign_in("w-17-again")
    assert (await again.get("/worker/v1/me")).body["id"] != my_id
    for path in ("me/bookings", "me/messages", "me/matches"):
        found = await again.get(f"/worker/v1/{path}")
        assert found.body.get("items") == [], found.body
