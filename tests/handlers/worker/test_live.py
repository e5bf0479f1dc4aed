"""A worker hears of their own things only: bookings, calls for help, messages."""

from datetime import timedelta

from models.messages import inbox
from models.messages.kinds import Kind
from models.stations import bookings, first_aid
from models.stations import first_aid_response as response
from models.stations.first_aid import Call
from tests.listening import listen
from tests.models.stations import people, places

PATH = "/worker/v1/live"

SAID = {"until": places.at("12:00")}


async def phone(ctx, http, name="li"):
    """Sign a worker in; returns who they are and their client."""
    who = await people.worker(ctx, name)
    return who, http.as_(await people.token(ctx, who))


async def tell(ctx, who, cause, at=None):
    kind = Kind.BOOKING_SUSPENDED
    await inbox.tell(ctx, who.id, kind, SAID, ref="booking_1", cause=cause, at=at)


async def test_a_worker_hears_of_their_own_things(ctx, http):
    await places.put(ctx)
    li, client = await phone(ctx, http)
    qian, _ = await phone(ctx, http, "qian")
    line = await listen(client, PATH)
    await bookings.book(ctx, places.slot(), by=qian)
    await tell(ctx, qian, "event_1")
    made = await bookings.book(ctx, places.slot(), by=li)
    (heard,) = await line.hear("booking_made")
    assert (heard["ref"], heard["station_id"]) == (made.id, "station_park")


async def test_who_called_for_help_hears_that_somebody_comes(ctx, http):
    lu, _ = await people.crew(ctx)
    li, client = await phone(ctx, http)
    line = await listen(client, PATH)
    called = await first_aid.call(ctx, "station_park", Call(), by=li)
    await response.acknowledge(ctx, called.alert.id, by=lu)
    _, answered = await line.hear("first_aid_called", "first_aid_acknowledged")
    assert answered["state"] == "acknowledged"
    assert "staff" not in str(answered)


async def test_a_new_message_is_heard_and_a_planned_one_with_its_time(ctx, http):
    li, client = await phone(ctx, http)
    line = await listen(client, PATH)
    await tell(ctx, li, "event_1")
    await tell(ctx, li, "event_2", at=ctx.clock.now() + timedelta(hours=1))
    now, later = await line.hear("message", "message")
    assert (now["at"], later["at"]) == ("2026-11-23T02:00:00Z", "2026-11-23T03:00:00Z")
    listed = (await client.get("/worker/v1/me/messages")).body["items"]
    assert [each["id"] for each in listed] == [now["id"]]
    assert now["ref"] == "booking_1"


async def test_who_was_away_fetches_events_and_messages_in_one_order(ctx, http, clock):
    await places.put(ctx)
    li, client = await phone(ctx, http)
    start = (await client.get(f"{PATH}/changes")).body["after"]
    await tell(ctx, li, "event_1")
    await tell(ctx, li, "event_2", at=ctx.clock.now() + timedelta(minutes=2))
    clock.forward(timedelta(minutes=1))
    await bookings.book(ctx, places.slot(), by=li)
    clock.forward(timedelta(minutes=1))
    found = []
    after, more = start, True
    while more:
        page = (await client.get(f"{PATH}/changes?after={after}&limit=1")).body
        found += page["items"]
        after, more = page["after"], page["more"]
    assert [each["kind"] for each in found] == ["message", "booking_made", "message"]


async def test_a_planned_message_is_not_fetched_before_its_time(ctx, http, clock):
    li, client = await phone(ctx, http)
    start = (await client.get(f"{PATH}/changes")).body["after"]
    await tell(ctx, li, "event_2", at=ctx.clock.now() + timedelta(minutes=10))
    page = (await client.get(f"{PATH}/changes?after={start}")).body
    assert page["items"] == []
    clock.forward(timedelta(minutes=10))
    page = (await client.get(f"{PATH}/changes?after={page['after']}")).body
    assert [each["kind"] for each in page["items"]] == ["message"]
