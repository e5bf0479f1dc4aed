"""The doors of the catalogue: open to all, live, and saying where I stand."""

from datetime import timedelta

import pytest

from models.base.places import to_gcj02
from models.trainings.seats import resize
from tests.models.trainings.courses import (
    HERE,
    MIGRANT,
    NOW,
    PLATFORM,
    RIDERS_ONLY,
    START,
    course,
    group,
    programme,
    session,
    sign,
)

LIST = "/worker/v1/trainings"
ONE = f"{LIST}/programme_one"
MAY_I = f"{ONE}/eligibility"


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


def zulu(moment):
    return moment.isoformat().replace("+00:00", "Z")


async def test_the_list_is_read_without_signing_in(ctx, http):
    await course(ctx)
    await sign(ctx, "li")
    answer = await http.get(LIST)
    assert answer.status == 200
    lng, lat = to_gcj02(HERE)
    place = {"name": "示例·驿站", "lng": lng, "lat": lat}
    end = START + timedelta(hours=3)
    assert answer.body == {
        "items": [
            {
                "id": "programme_one",
                "title": "示例：one",
                "summary": "学一门手艺。",
                "topic": "safety",
                "skills": [],
                "organiser": "示例·工会",
                "station_id": None,
                "audience": [],
                "fee_fen": 0,
                "subsidy": "",
                "place": place,
                "sessions": [
                    {
                        "id": "session_one",
                        "starts_at": zulu(START),
                        "ends_at": zulu(end),
                        "place": place,
                        "sign_up": "open",
                        "sign_up_opens": zulu(NOW - timedelta(days=7)),
                        "sign_up_closes": zulu(START - timedelta(days=3)),
                        "cancel_until": zulu(START - timedelta(days=1)),
                        "seats": 2,
                        "left": 1,
                        "groups": [],
                        "reason": None,
                        "moved_from": None,
                    }
                ],
            }
        ],
        "next": None,
    }


async def test_the_list_goes_on_and_narrows(ctx, http):
    for number in range(3):
        await programme(ctx, f"p{number}")
        await session(ctx, f"p{number}", of=f"p{number}")
    first = await http.get(f"{LIST}?limit=2&topic=safety&audience=migrant_worker")
    assert [each["id"] for each in first.body["items"]] == [
        "programme_p0",
        "programme_p1",
    ]
    rest = await http.get(f"{LIST}?limit=2&cursor={first.body['next']}")
    assert [each["id"] for each in rest.body["items"]] == ["programme_p2"]
    assert rest.body["next"] is None
    none = await http.get(f"{LIST}?topic=digital")
    assert none.body == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("cursor=nonsense", "bad_cursor"),
        ("limit=51", "invalid"),
        ("topic=knitting", "invalid"),
        ("page=2", "invalid"),
    ],
)
async def test_a_list_that_makes_no_sense_is_refused(http, query, code):
    answer = await http.get(f"{LIST}?{query}")
    assert (answer.status, answer.code) == (422, code)


async def test_one_training_shows_where_i_stand(ctx, http, me):
    await course(ctx, groups=(group(PLATFORM, 1), group(MIGRANT, 2)))
    made = await me.post("/worker/v1/enrolments", {"session_id": "session_one"})
    answer = await me.get(ONE)
    assert answer.status == 200
    assert (answer.body["body"], answer.body["has_rule"]) == ("", False)
    (run,) = answer.body["sessions"]
    end = zulu(START + timedelta(hours=3))
    assert run["meetings"] == [{"starts_at": zulu(START), "ends_at": end}]
    assert run["mine"] == {"id": made.body["id"], "state": "enrolled"}
    assert [(each["name"], each["left"]) for each in run["groups"]] == [
        (PLATFORM, 1),
        (MIGRANT, 1),
    ]
    stranger = await http.get(ONE)
    assert stranger.body["sessions"][0]["mine"] is None


async def test_full_and_overbooked_both_show_no_seat_left(ctx, http):
    await course(ctx)
    for name in ("a", "b"):
        await sign(ctx, name)
    await resize(ctx, "session_one", seats=1)
    (run,) = (await http.get(ONE)).body["sessions"]
    assert (run["sign_up"], run["seats"], run["left"]) == ("full", 1, 0)


async def test_a_training_that_is_not_there(http):
    answer = await http.get(ONE)
    assert (answer.status, answer.code) == (404, "no_such_programme")


async def test_a_bad_token_is_told_so(ctx, http):
    answer = await http.as_("nonsense").get(LIST)
    assert answer.status == 401


async def test_eligibility_is_told_with_reasons_and_questions(ctx, http):
    await course(ctx, rule=RIDERS_ONLY)
    asked = await http.post(MAY_I, {})
    assert asked.status == 200
    assert asked.body["status"] == "unknown"
    assert [each["name"] for each in asked.body["missing"]] == [
        "client_classes",
        "documents",
    ]
    told = {"facts": {"client_classes": [PLATFORM]}}
    assert (await http.post(MAY_I, told)).body["status"] == "needs_document"
    told["facts"]["documents"] = ["diploma"]
    assert (await http.post(MAY_I, told)).body["status"] == "eligible"
    told["facts"]["client_classes"] = [MIGRANT]
    no = await http.post(MAY_I, told)
    assert no.body["status"] == "not_eligible"
    assert no.body["conditions"][0] == {
        "id": "riders",
        "says": "属于新就业形态劳动者",
        "cites": "第一条",
        "verdict": "false",
        "must_be": True,
        "decides": True,
        "because": "您填写的“人群类别”是“农民工”。",
    }


async def test_eligibility_knows_who_is_signed_in(ctx, me):
    await course(ctx, rule=RIDERS_ONLY)
    await me.put("/worker/v1/me/identities", {"classes": [PLATFORM]})
    answer = await me.post(MAY_I, {"session_id": "session_one"})
    assert answer.body["status"] == "needs_document"


async def test_without_a_rule_everybody_may(ctx, http):
    await course(ctx)
    answer = await http.post(MAY_I, {"session_id": "session_one"})
    assert answer.body == {"status": "eligible", "conditions": [], "missing": []}


async def test_eligibility_refuses_what_is_not_there_or_cannot_be_read(ctx, http):
    answer = await http.post(MAY_I, {})
    assert (answer.status, answer.code) == (404, "no_such_programme")
    await course(ctx, rule=RIDERS_ONLY)
    await programme(ctx, "two")
    await session(ctx, "two", of="two")
    for session_id in ("session_none", "session_two"):
        answer = await http.post(MAY_I, {"session_id": session_id})
        assert (answer.status, answer.code) == (404, "no_such_training_session")
    answer = await http.post(MAY_I, {"facts": {"documents": "all"}})
    assert (answer.status, answer.code) == (422, "bad_fact")
    assert answer.body["details"]["problems"][0]["path"] == "$.facts.documents"
