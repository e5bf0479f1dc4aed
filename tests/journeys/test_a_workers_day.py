"""From sign-in to check-in: a courier finds money, a seat, a port, and comes."""

from datetime import datetime, timedelta

STATION = "station_science_park"


async def find_money(story, me):
    """The home page, a search in everyday words, the text, the match."""
    home = await story.http.get("/worker/v1/home")
    assert home.status == 200
    found = await story.http.get("/worker/v1/policies?q=跑外卖能交社保吗")
    assert found.body["items"]
    policy = await story.http.get(f"/worker/v1/policies/{found.body['items'][0]['id']}")
    assert "示例" in policy.body["html"]
    again = await story.http.get(
        f"/worker/v1/policies/{policy.body['id']}",
        headers={"If-None-Match": policy.headers["Etag"]},
    )
    assert again.status == 304
    declared = await me.put(
        "/worker/v1/me/identities", {"classes": ["platform_worker", "migrant_worker"]}
    )
    assert declared.status == 200
    matches = await me.post("/worker/v1/policy-matches", {"facts": {}})
    assert matches.body["questions"]
    guides = await story.http.get("/worker/v1/guides?q=欠薪")
    assert guides.body["items"]


async def take_a_seat(story, me):
    """A training that anybody may join, and its reminder."""
    trainings = await me.get("/worker/v1/trainings?limit=50")
    detail = await me.get("/worker/v1/trainings/programme_first_aid")
    assert trainings.status == detail.status == 200
    session = detail.body["sessions"][0]
    made = await me.post("/worker/v1/enrolments", {"session_id": session["id"]})
    assert (made.status, made.body["state"]) == (201, "enrolled"), made.body
    agenda = await me.get("/worker/v1/me/agenda")
    assert made.body["id"] in {hours["ref"] for hours in agenda.body["items"]}
    return made.body


async def book_a_port(story, me):
    """A station near by, tomorrow's slots, the booking, its twin."""
    near = await story.http.get(
        "/worker/v1/nearby?lng=113.5548&lat=34.8126&radius_m=3000"
    )
    assert STATION in {item["id"] for item in near.body["items"]}
    slots = await story.http.get(
        f"/worker/v1/stations/{STATION}/slots?service=phone_charging&day=2026-11-24"
    )
    slot = next(
        s for s in slots.body["items"] if s["start"].startswith("2026-11-24T02:")
    )
    body = {"slot_id": slot["id"]}
    booked = await me.post("/worker/v1/bookings", body, key="tap-1")
    again = await me.post("/worker/v1/bookings", body, key="tap-1")
    assert booked.status == again.status == 201
    assert booked.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    return booked.body


async def come_and_be_scanned(story, me, clerk, booking):
    """Too early is told; then the station scans; a second scan is told, too."""
    early = await me.get(f"/worker/v1/bookings/{booking['id']}/code")
    await story.until(booking["check_in_from"])
    code = await me.get(f"/worker/v1/bookings/{booking['id']}/code")
    assert early.status == code.status == 200
    scan = {"code": code.body["code"], "station_id": STATION}
    came = await clerk.post("/station/v1/check-ins", scan)
    assert came.status == 200, came.body
    twice = await clerk.post("/station/v1/check-ins", scan)
    assert (twice.status, twice.code) == (409, "already_used")
    now = await me.get(f"/worker/v1/bookings/{booking['id']}")
    assert now.body["state"] == "in_use"


async def test_a_couriers_day(story):
    me = await story.http.sign_in("w-1")
    clerk = await story.http.sign_in("w-staff3", port="station")
    accepted = await me.post(
        "/worker/v1/me/subscriptions",
        {"results": {"booking_reminder": "accept"}, "tap_id": "tap-0"},
    )
    assert accepted.status == 200
    story.wechat.world.messages.unlimited = True

    await find_money(story, me)
    await take_a_seat(story, me)
    booking = await book_a_port(story, me)
    await story.tick()
    told = (await me.get("/worker/v1/me/messages")).body["items"]
    assert {message["kind"] for message in told} == {"booking_made", "enrolment_made"}

    start = datetime.fromisoformat(booking["start"])
    await story.until(start - timedelta(minutes=20))
    me = await story.http.sign_in("w-1-again")
    clerk = await story.http.sign_in("w-staff3-again", port="station")
    await story.tick()
    told = (await me.get("/worker/v1/me/messages")).body["items"]
    assert told[0]["kind"] == "booking_reminder"
    assert [m.template_id for m in story.wechat.world.messages.sent] == [
        "template-booking_reminder"
    ]

    await come_and_be_scanned(story, me, clerk, booking)
    left = await me.post(f"/worker/v1/bookings/{booking['id']}/finish")
    assert (left.status, left.body["state"]) == (200, "finished")
