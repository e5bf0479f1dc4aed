"""An official hears the stations of their subtree, as long as they may."""

from datetime import timedelta

import pytest
from tornado.httpclient import HTTPClientError

from models.messages import inbox
from models.messages.kinds import Kind
from models.stations import bookings, closures, first_aid
from models.stations.closures import Shutting
from models.stations.disruptions import Remedy
from models.stations.first_aid import Call
from models.unions.grants import Grant
from models.unions.permissions import Permission
from models.unions.staff import Staff
from tests.listening import Closed, connect, listen
from tests.models.stations import people as crowd
from tests.models.stations import places
from tests.models.unions import people

PATH = "/union/v1/live"
EAST = "/unit_city/unit_east/unit_east_firm/"
WEST = "/unit_city/unit_west/"


@pytest.fixture
def stations(ctx, run):
    """One station in the east, one in the west, and one that is nobody's."""
    return run(
        places.put(
            ctx,
            places.station("east", org_path=EAST),
            places.station("west", org_path=WEST),
            places.station("lost"),
        )
    )


async def office(ctx, http, name="wang", **given):
    """Sign an official in; returns their client."""
    who = await people.official(
        ctx, name, **{"permissions": (Permission.STATIONS,)} | given
    )
    return http.as_(await people.token(ctx, who))


async def call(ctx, slug):
    return (await first_aid.call(ctx, f"station_{slug}", Call(), by=None)).alert


async def test_an_official_hears_their_own_subtree_only(ctx, http, stations):
    line = await listen(await office(ctx, http), PATH)
    for slug in ("west", "lost"):
        await call(ctx, slug)
    li = await crowd.worker(ctx)
    await bookings.book(ctx, places.slot(slug="west"), by=li)
    made = await bookings.book(ctx, places.slot("1240", slug="east"), by=li)
    alert = await call(ctx, "east")
    heard = await line.hear("booking_made", "first_aid_called")
    assert [each["ref"] for each in heard] == [made.id, alert.id]


async def test_the_city_hears_both_branches_and_nothing_of_nowhere(ctx, http, stations):
    line = await listen(await office(ctx, http, unit="unit_city"), PATH)
    await call(ctx, "lost")
    alerts = [await call(ctx, slug) for slug in ("west", "east")]
    heard = await line.hear("first_aid_called", "first_aid_called")
    assert [each["ref"] for each in heard] == [alert.id for alert in alerts]


async def test_who_missed_it_fetches_the_same_subtree(ctx, http, stations):
    client = await office(ctx, http)
    start = (await client.get(f"{PATH}/changes")).body["after"]
    await call(ctx, "west")
    alert = await call(ctx, "east")
    page = (await client.get(f"{PATH}/changes?after={start}")).body
    assert [each["ref"] for each in page["items"]] == [alert.id]


async def test_both_desks_hear_of_a_booking_that_moves_between_them(ctx, http):
    east = places.station("east", org_path=EAST)
    await places.put(ctx, east, places.station("near", org_path=EAST))
    by = await people.official(ctx, "wang", permissions=(Permission.STATIONS,))
    made = await bookings.book(
        ctx,
        places.slot("1055", slug="east", day="20261124"),
        by=await crowd.worker(ctx),
    )
    lines = []
    for slug in ("east", "near"):
        clerk = await crowd.clerk(ctx, slug, (slug,))
        desk = http.as_(await crowd.token(ctx, clerk))
        lines.append(await listen(desk, "/station/v1/live"))
    wish = Shutting(
        since=places.at("00:00", 24),
        until=places.at("00:00", 25),
        reason="停电检修",
        remedy=Remedy.MOVE,
        move_to="station_near",
    )
    await closures.close(ctx, "station_east", wish, by=by)
    for line in lines:
        (heard,) = await line.hear("booking_relocated")
        assert (heard["ref"], heard["station_id"]) == (made.id, "station_near")


async def test_an_official_hears_of_their_own_inbox(ctx, http, stations):
    client = await office(ctx, http)
    await office(ctx, http, "zhao")
    start = (await client.get(f"{PATH}/changes")).body["after"]
    line = await listen(client, PATH)
    said = {"until": places.at("12:00")}
    for name in ("zhao", "wang"):
        await inbox.tell(
            ctx,
            f"staff_{name}",
            Kind.BOOKING_SUSPENDED,
            said,
            ref=f"booking_{name}",
            cause="event_1",
        )
    (heard,) = await line.hear("message")
    assert heard["ref"] == "booking_wang"
    (fetched,) = (await client.get(f"{PATH}/changes?after={start}")).body["items"]
    assert fetched == heard


async def test_another_permission_opens_nothing(ctx, http, stations):
    client = await office(ctx, http, permissions=(Permission.STATISTICS,))
    with pytest.raises(HTTPClientError) as refused:
        await connect(client, PATH)
    assert refused.value.code == 403
    assert (await client.get(f"{PATH}/changes")).status == 403


async def test_a_grant_that_is_taken_back_ends_the_line(ctx, http, stations):
    line = await listen(await office(ctx, http), PATH)
    await Grant.change(ctx, {}, {"$set": {"ended_at": ctx.clock.now()}})
    await call(ctx, "east")
    assert await line.next() == Closed(4403, "permission_missing")


async def test_a_grant_that_runs_out_ends_the_line(ctx, http, clock, stations):
    ends_at = clock.now() + timedelta(minutes=5)
    line = await listen(await office(ctx, http, ends_at=ends_at), PATH)
    clock.put(ends_at)
    await call(ctx, "east")
    assert await line.next() == Closed(4403, "permission_missing")


async def test_what_was_lent_ends_when_its_lender_leaves(ctx, http, stations):
    await people.official(ctx, "zhao", permissions=(Permission.STATIONS,))
    client = await office(ctx, http, lent_by="staff_zhao")
    line = await listen(client, PATH)
    await Staff.change(ctx, {"_id": "staff_zhao"}, {"$set": {"active": False}})
    await call(ctx, "east")
    assert await line.next() == Closed(4403, "permission_missing")


async def test_one_of_two_grants_taken_back_narrows_what_is_heard(ctx, http, stations):
    client = await office(ctx, http)
    given = await people.grant(
        ctx, "staff_wang", unit="unit_west", permissions=(Permission.STATIONS,)
    )
    line = await listen(client, PATH)
    await Grant.change(ctx, {"_id": given.id}, {"$set": {"ended_at": ctx.clock.now()}})
    await call(ctx, "west")
    fence = await call(ctx, "east")
    heard = [await line.next() for _ in range(2)]
    heard.remove({"type": "gap"})
    assert heard[0]["change"]["ref"] == fence.id
