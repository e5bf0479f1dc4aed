"""Calling for help through the door: nothing may keep a call from getting through."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from app.wiring import open_house
from models.stations import first_aid_response as response
from models.stations import scenes
from models.stations.first_aid_alerts import Alert
from models.stations.scenes import Kind, Target
from tests.client import serve, together
from tests.models.stations import people, places

PATH = "/worker/v1/stations/station_park/first-aid"

TAP = "a-random-tap-id-of-a-phone"


@pytest.fixture
def crew(ctx, run):
    """Who may come; see `people.crew`."""
    return run(people.crew(ctx))


async def test_a_stranger_calls_and_sees_120_the_aed_and_who_is_called(
    http,
    crew,
):
    answer = await http.post(PATH, {"kind": "chest_pain", "for_self": True})
    assert answer.status == 201
    assert next(iter(answer.body)) == "call_120"
    assert "120" in answer.body["call_120"]
    assert answer.body == {
        "call_120": answer.body["call_120"],
        "aed": {
            "text": "大厅右侧",
            "is_here": True,
            "station_id": "station_park",
            "distance_m": 0,
        },
        "alert": {
            "id": answer.body["alert"]["id"],
            "state": "called",
            "level": 1,
            "called_at": "2026-11-23T02:00:00Z",
            "station": {
                "id": "station_park",
                "name": "示例·park驿站",
                "address": "示例地址",
                "phone": "0371-00000001",
                "gcj02": {"lng": 113.5505, "lat": 34.8172},
            },
            "spot": None,
            "responders": [
                {"name": "陆*例", "answer": "called"},
                {"name": "陆*例", "answer": "called"},
            ],
            "outcome": None,
        },
        "follow_up_token": answer.body["follow_up_token"],
        "note_kept": False,
        "is_repeat": False,
    }


async def test_the_next_aed_is_named_when_there_is_none_here(http, ctx, crew):
    answer = await http.post("/worker/v1/stations/station_lake/first-aid", {})
    aed = answer.body["aed"]
    assert (aed["is_here"], aed["station_id"]) == (False, "station_park")
    assert 1_000 < aed["distance_m"] < 1_500
    await places.put(ctx, places.station("lake", nearest_aed="出门向西"))
    answer = await http.post("/worker/v1/stations/station_lake/first-aid", {})
    assert answer.body["aed"]["text"] == "出门向西"


async def test_ten_taps_are_one_201_and_nine_200_with_the_same_token(http, crew):
    answers = await together(*(http.post(PATH, {"tap_id": TAP}) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [200] * 9 + [201]
    assert len({answer.body["alert"]["id"] for answer in answers}) == 1
    assert len({answer.body["follow_up_token"] for answer in answers}) == 1


async def test_300_calls_a_minute_all_get_through(http, crew):
    for wave in range(3):
        taps = [{"tap_id": f"a-random-tap-id-{wave}-{n}"} for n in range(100)]
        answers = await asyncio.gather(*(http.post(PATH, tap) for tap in taps))
        assert {answer.status for answer in answers} == {201}


RUBBISH = [
    {"kind": "心脏病"},
    {"kind": None},
    {"phone": 13800000000},
    {"for_self": "yes"},
    {"kind": "other", "foo": 1},
    ["help"],
    b"",
    b"{",
    b"kind=injury",
    b"[" * 100_000,
    b'{"phone": ' + b"9" * 400 + b"}",
    b'{"note": "\xb3',
]


@pytest.mark.parametrize("said", RUBBISH, ids=[str(said)[:24] for said in RUBBISH])
async def test_whatever_is_typed_calls_help(http, crew, said):
    answer = await http.post(PATH, said, headers={"Content-Type": "text/plain"})
    assert answer.status == 201
    assert "120" in answer.body["call_120"]


CALL = '{"for_self": false, "note": "許功蓋流血", "phone": "13800000001"}'


@pytest.mark.parametrize(
    "said",
    [
        *(CALL.encode(coding) for coding in ("gbk", "utf-8-sig", "big5")),
        b'{"note": "\xb5\\" 120", "for_self": false}',
    ],
)
async def test_words_in_another_encoding_do_not_hide_the_rest(ctx, http, crew, said):
    answer = await http.post(PATH, said)
    assert answer.status == 201
    (kept,) = await Alert.many(ctx, {})
    assert not kept.for_self


async def test_a_stranger_saying_the_very_same_again_is_one_call(http, crew):
    answers = await together(*(http.post(PATH, {}) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len({answer.body["alert"]["id"] for answer in answers}) == 1


async def test_a_stranger_with_another_number_is_another_call(http, crew):
    first, second = await together(
        http.post(PATH, {"phone": "13800000001"}),
        http.post(PATH, {"phone": "13800000002"}),
    )
    assert first.status == second.status == 201
    assert first.body["alert"]["id"] != second.body["alert"]["id"]


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
async def test_a_token_that_is_not_good_counts_as_none(http, crew, token):
    answer = await http.as_(token).post(PATH, {"kind": "injury"})
    assert answer.status == 201


async def test_an_expired_and_a_staff_token_call_too(ctx, http, clock, crew):
    li = await people.token(ctx, await people.worker(ctx))
    desk = await people.token(ctx, crew[0])
    clock.forward(timedelta(hours=1))
    for token, number in ((li, "13800000001"), (desk, "13800000002")):
        answer = await http.as_(token).post(PATH, {"phone": number})
        assert answer.status == 201


async def test_a_closed_station_answers_201(ctx, http, crew):
    await places.close(ctx, places.station())
    assert (await http.post(PATH, {})).status == 201


async def test_with_redis_gone_a_call_gets_through(settings, clock, crew):
    lonely = msgspec.structs.replace(settings, redis_url="redis://127.0.0.1:1/0")
    house = await open_house(lonely, clock=clock)
    client = await serve(house)
    assert (await client.post(PATH, {})).status == 201
    await client.close()
    await house.close()


async def test_a_code_in_place_of_the_id_works(ctx, http, crew):
    code = await scenes.ensure(
        ctx, Target(kind=Kind.STATION, station_id="station_park")
    )
    answer = await http.post(f"/worker/v1/stations/{code}/first-aid", {})
    assert answer.body["alert"]["station"]["id"] == "station_park"


async def test_an_unknown_place_is_404_and_says_120(http, crew):
    answer = await http.post("/worker/v1/stations/station_none/first-aid", {})
    assert (answer.status, answer.code) == (404, "no_such_station")
    assert "120" in answer.body["message"]


async def test_a_call_is_followed_by_its_caller_only(ctx, http, clock, crew):
    _, song = crew
    li = http.as_(await people.token(ctx, await people.worker(ctx)))
    qian = http.as_(await people.token(ctx, await people.worker(ctx, "qian")))
    called = (await li.post(PATH, {"kind": "heat_stroke"})).body
    path = f"/worker/v1/first-aid/{called['alert']['id']}"
    header = {"Follow-Up-Token": called["follow_up_token"]}
    assert (await li.get(path)).body["state"] == "called"
    await response.acknowledge(ctx, called["alert"]["id"], by=song)
    answer = await http.get(path, headers=header)
    assert answer.body["state"] == "acknowledged"
    assert [each["answer"] for each in answer.body["responders"]] == [
        "called",
        "coming",
    ]
    for stranger in (await http.get(path), await qian.get(path)):
        assert (stranger.status, stranger.code) == (404, "no_such_alert")


async def test_a_level_is_shown_at_its_second_though_the_clockwork_is_late(
    ctx,
    http,
    clock,
    crew,
):
    called = (await http.post(PATH, {})).body
    header = {"Follow-Up-Token": called["follow_up_token"]}
    path = f"/worker/v1/first-aid/{called['alert']['id']}"
    for seconds, level in ((59, 1), (1, 2), (59, 2), (1, 3)):
        clock.forward(timedelta(seconds=seconds))
        assert (await http.get(path, headers=header)).body["level"] == level


async def test_a_note_is_kept_only_when_ticked(http, crew):
    said = {"note": "青霉素过敏"}
    assert not (await http.post(PATH, said)).body["note_kept"]
    answer = await http.post(PATH, {**said, "agrees_to_note": True})
    assert answer.body["note_kept"]
