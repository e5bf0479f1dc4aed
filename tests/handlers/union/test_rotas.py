"""The first-aid rota over HTTP: who serves, where nobody does, and whose staff."""

import pytest

from models.stations import duty
from models.stations.rotas import Rota
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff, put_staff
from tests.models.stations import places
from tests.models.stations.places import at
from tests.models.unions.people import official, token

EAST = "/unit_city/unit_east/"
URL = "/union/v1/stations/station_park/rota"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


async def manager(ctx, http, unit="unit_east"):
    who = await official(ctx, unit, unit=unit, permissions=[Permission.STATIONS])
    return http.as_(await token(ctx, who))


async def member(
    ctx,
    name,
    unit="unit_east",
    stations=("station_park",),
    role=Role.FIRST_AID_RESPONDER,
):
    await put_staff(
        ctx,
        id_=f"staff_{name}",
        name="陆示例",
        openid=f"o-staff-{name}",
        unit_id=unit,
        station_ids=stations,
        roles=[role],
    )


async def team(ctx, http):
    await places.put(ctx, places.station(org_path=EAST))
    east = await manager(ctx, http)
    await member(ctx, "lu")
    await member(ctx, "song")
    return east


def shift(name, *hours):
    return {"staff_id": f"staff_{name}", "weekly": dict.fromkeys(DAYS, hours)}


async def test_it_is_written_and_says_when_nobody_is_on_duty(ctx, http, clock):
    east = await team(ctx, http)
    empty = await east.get(URL)
    assert (empty.status, empty.body["rev"]) == (200, 0)
    assert len(empty.body["gaps"]) == 6
    body = {
        "rev": 0,
        "responders": [shift("lu", "08:00-12:00"), shift("song", "14:00-20:00")],
        "on_call": ["staff_song"],
    }
    kept = await east.put(URL, body)
    assert (kept.status, kept.body["rev"]) == (200, 1), kept.body
    assert kept.body["gaps"][5] == {
        "start": "2026-11-28T04:00:00Z",
        "end": "2026-11-28T06:00:00Z",
        "attended": False,
    }
    assert kept.body["members"][0]["name"] == "陆*例"
    clock.put(at("11:00"))
    assert [o.staff.id for o in await duty.on_duty(ctx, "station_park")] == ["staff_lu"]
    clock.put(at("13:00"))
    assert await duty.on_duty(ctx, "station_park") == []


async def test_it_says_whom_it_may_name(ctx, http):
    east = await team(ctx, http)
    await member(ctx, "fan", stations=("station_lake",))
    await member(ctx, "west", unit="unit_west")
    await member(ctx, "gao", stations=(), role=Role.ON_CALL)
    await east.put(URL, {"rev": 0, "on_call": ["staff_song"]})
    members = (await east.get(URL)).body["members"]
    assert members[0] == {
        "staff_id": "staff_song",
        "name": "陆*例",
        "serves_here": True,
        "roles": ["first_aid_responder"],
    }
    assert [(each["staff_id"], each["serves_here"]) for each in members[1:]] == [
        ("staff_lu", True),
        ("staff_gao", False),
    ]


async def test_of_whoever_moved_out_of_reach_the_posts_are_not_shown(ctx, http):
    east = await team(ctx, http)
    await east.put(URL, {"rev": 0, "responders": [shift("lu", "08:00-12:00")]})
    gone = {"org_path": "/unit_city/unit_west/", "unit_id": "unit_west"}
    await Staff.change(ctx, {"_id": "staff_lu"}, {"$set": gone})
    lu, song = (await east.get(URL)).body["members"]
    assert (lu["name"], lu["roles"]) == ("陆*例", [])
    assert song["roles"] == ["first_aid_responder"]


async def test_a_special_day_replaces_all_shifts_of_that_day(ctx, http, clock):
    east = await team(ctx, http)
    tuesday = {"staff_id": "staff_song", "intervals": ["08:00-20:00"]}
    special = {"day": "2026-11-24", "reason": "义诊", "shifts": [tuesday]}
    body = {
        "rev": 0,
        "responders": [shift("lu", "00:00-24:00")],
        "special": [special],
    }
    kept = await east.put(URL, body)
    assert kept.body["gaps"] == []
    for day, who in ((23, "lu"), (24, "song"), (25, "lu")):
        clock.put(at("10:00", day))
        [on] = await duty.on_duty(ctx, "station_park")
        assert on.staff.id == f"staff_{who}"


async def test_who_does_not_serve_here_covers_nothing(ctx, http):
    east = await team(ctx, http)
    await member(ctx, "fan", stations=("station_lake",))
    body = {"rev": 0, "responders": [shift("fan", "00:00-24:00")]}
    kept = await east.put(URL, body)
    assert kept.body["members"][0]["serves_here"] is False
    assert len(kept.body["gaps"]) == 6


@pytest.mark.parametrize(
    "where",
    [
        {"responders": [shift("lu", "08:00-12:00"), shift("west", "12:00-20:00")]},
        {"on_call": ["staff_lu", "staff_west"]},
        {
            "special": [
                {
                    "day": "2026-11-24",
                    "reason": "义诊",
                    "shifts": [{"staff_id": "staff_west", "intervals": []}],
                }
            ]
        },
        {"on_call": ["staff_nobody"]},
    ],
)
async def test_nobody_elsewhere_is_named_and_nothing_is_written(ctx, http, where):
    east = await team(ctx, http)
    await member(ctx, "west", unit="unit_west")
    answer = await east.put(URL, {"rev": 0} | where)
    assert (answer.status, answer.code) == (404, "no_such_account")
    assert not await Rota.many(ctx, {})


async def test_another_branch_finds_no_station(ctx, http):
    await team(ctx, http)
    west = await manager(ctx, http, "unit_west")
    for answer in (await west.get(URL), await west.put(URL, {"rev": 0})):
        assert (answer.status, answer.code) == (404, "no_such_station")
    assert not await Rota.many(ctx, {})


async def test_of_two_who_write_it_the_later_is_told(ctx, http):
    east = await team(ctx, http)
    await east.put(URL, {"rev": 0})
    late = await east.put(URL, {"rev": 0})
    assert (late.status, late.code, late.body["details"]) == (
        409,
        "rota_changed",
        {"rev": 1},
    )
    assert (await east.put(URL, {"rev": 1})).body["rev"] == 2


async def test_hours_that_overlap_are_refused(ctx, http):
    east = await team(ctx, http)
    body = {"rev": 0, "responders": [shift("lu", "08:00-12:00", "11:00-13:00")]}
    answer = await east.put(URL, body)
    assert (answer.status, answer.code) == (422, "bad_hours")
    assert answer.body["details"]["path"] == "$.responders[0].weekly.mon"
