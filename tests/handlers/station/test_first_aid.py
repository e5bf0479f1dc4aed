"""Answering through the door: who sees what, who was first, how it ends."""

from datetime import timedelta

import pytest

from models.stations import first_aid
from models.stations import first_aid_ladder as ladder
from models.stations.first_aid import Call
from models.unions.staff import Staff
from tests.client import together
from tests.models.stations import people

PATH = "/station/v1/first-aid"


@pytest.fixture
def crew(ctx, run):
    """Who may come; see `people.crew`."""
    return run(people.crew(ctx))


async def at_desk(ctx, http, who):
    staff = await Staff.get(ctx, f"staff_{who}")
    return http.as_(await people.token(ctx, staff))


async def raised(ctx, **said):
    return (await first_aid.call(ctx, "station_park", Call(**said), by=None)).alert


async def test_the_whole_way_from_call_to_end(ctx, http, clock, crew):
    lu = await at_desk(ctx, http, "lu")
    alert = await raised(ctx, note="过敏", agrees=True, phone="13800001234")
    (listed,) = (await lu.get(f"{PATH}?state=open")).body["items"]
    assert listed == {
        "id": alert.id,
        "station_id": "station_park",
        "station_name": "示例·park驿站",
        "spot": None,
        "state": "called",
        "level": 1,
        "called_at": "2026-11-23T02:00:00Z",
        "for_self": True,
        "is_mine": True,
        "kind": "other",
        "acknowledged": None,
        "arrived": None,
        "closed": None,
        "outcome": None,
    }
    clock.forward(timedelta(seconds=20))
    answer = await lu.post(f"{PATH}/{alert.id}/acknowledgement")
    assert answer.status == 200
    assert answer.body["alarm"]["acknowledged"] == {
        "name": "陆*例",
        "at": "2026-11-23T02:00:20Z",
    }
    assert (answer.body["note"], answer.body["phone"]) == ("过敏", "13800001234")
    assert answer.body["aed"] == "大厅右侧"
    arrived = await lu.post(f"{PATH}/{alert.id}/arrival")
    assert arrived.body["alarm"]["state"] == "arrived"
    closed = await lu.post(f"{PATH}/{alert.id}/closing", {"outcome": "handed_to_120"})
    assert (closed.body["state"], closed.body["outcome"]) == ("closed", "handed_to_120")
    assert (await lu.get(PATH)).body["items"] == []
    (ended,) = (await lu.get(f"{PATH}?state=closed")).body["items"]
    assert ended["id"] == alert.id


async def test_of_two_answers_one_is_409_with_the_state_and_who(ctx, http, crew):
    desks = [await at_desk(ctx, http, who) for who in ("lu", "song")]
    alert = await raised(ctx)
    answers = await together(
        *(desk.post(f"{PATH}/{alert.id}/acknowledgement") for desk in desks)
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    (late,) = (answer for answer in answers if answer.status == 409)
    assert late.code == "alert_moved"
    assert late.body["details"] == {
        "state": "acknowledged",
        "by": "陆*例",
        "at": "2026-11-23T02:00:00+00:00",
    }


async def test_a_clerk_who_was_not_called_sees_the_alarm_without_details(
    ctx,
    http,
    crew,
):
    shi = http.as_(await people.token(ctx, await people.clerk(ctx, "shi")))
    alert = await raised(ctx, note="过敏", agrees=True, phone="138")
    answer = await shi.get(f"{PATH}/{alert.id}")
    assert answer.status == 200
    assert (answer.body["note"], answer.body["phone"]) == (None, None)
    assert (answer.body["alarm"]["kind"], answer.body["alarm"]["is_mine"]) == (
        None,
        False,
    )


async def test_staff_of_another_station_get_404_until_the_ladder_calls_them(
    ctx,
    http,
    clock,
    crew,
):
    fan = await at_desk(ctx, http, "fan")
    alert = await raised(ctx)
    for answer in (
        await fan.get(f"{PATH}/{alert.id}"),
        await fan.post(f"{PATH}/{alert.id}/acknowledgement"),
        await fan.post(f"{PATH}/{alert.id}/arrival"),
        await fan.post(f"{PATH}/{alert.id}/closing", {"outcome": "helped"}),
        await fan.get(f"{PATH}/alert_none"),
    ):
        assert (answer.status, answer.code) == (404, "no_such_alert")
    assert (await fan.get(PATH)).body["items"] == []
    clock.forward(timedelta(seconds=60))
    await ladder.climb(ctx)
    assert (await fan.get(PATH)).body["items"][0]["id"] == alert.id
    assert (await fan.get(f"{PATH}/{alert.id}")).status == 200


async def test_what_is_refused_has_its_word(ctx, http, crew):
    lu = await at_desk(ctx, http, "lu")
    alert = await raised(ctx)
    path = f"{PATH}/{alert.id}/closing"
    answer = await lu.post(path, {"outcome": "false_alarm"})
    assert (answer.status, answer.code) == (422, "reason_needed")
    answer = await lu.post(path, {"outcome": "helped"})
    assert (answer.status, answer.code) == (409, "alert_moved")
    await lu.post(path, {"outcome": "false_alarm", "reason": "误触"})
    answer = await lu.post(f"{PATH}/{alert.id}/arrival")
    assert (answer.status, answer.code) == (409, "alert_moved")
    answer = await lu.get(f"{PATH}?cursor=!")
    assert (answer.status, answer.code) == (422, "bad_cursor")
    answer = await http.get(PATH)
    assert (answer.status, answer.code) == (401, "not_signed_in")
