"""The doors of trainings at the back office: from first draft to a cancelled run."""

from datetime import timedelta

import pytest

from tests.models.trainings.courses import START, manager
from tests.models.unions import people

ALL = "/union/v1/trainings"
ONE = "/union/v1/training-sessions"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

PROGRAMME = {
    "title": "示例：急救",
    "summary": "学会心肺复苏。",
    "topic": "safety",
    "organiser": "示例·工会",
    "place": {"name": "示例·驿站", "lng": 113.55, "lat": 34.81},
    "fee_fen": 1_000,
}


def lesson(start):
    return {
        "starts_at": start.isoformat(),
        "ends_at": (start + 2 * HOUR).isoformat(),
    }


def run(start=START):
    return {
        "meetings": [lesson(start)],
        "place": PROGRAMME["place"],
        "sign_up_opens": (start - 20 * DAY).isoformat(),
        "sign_up_closes": (start - DAY).isoformat(),
        "cancel_until": (start - DAY).isoformat(),
        "seats": 2,
        "groups": [{"name": "骑手", "classes": ["platform_worker"], "seats": 1}],
    }


async def as_(ctx, http, name, unit="unit_east"):
    who = await manager(ctx, name, unit=unit)
    return http.as_(await people.token(ctx, who))


async def opened(ctx, http):
    """A programme and a session, both open; the client of who wrote them."""
    wang, li = await as_(ctx, http, "wang"), await as_(ctx, http, "li")
    body = {"unit_id": "unit_east", "programme": PROGRAMME}
    made = await wang.post(ALL, body)
    assert made.status == 201, made.body
    one = f"{ALL}/{made.body['id']}"
    own = await wang.post(f"{one}/opening", {"version": 1})
    assert (own.status, own.code) == (409, "four_eyes")
    public = await li.post(f"{one}/opening", {"version": 1})
    assert (public.status, public.body["standing"]) == (200, "open")
    planned = await wang.post(f"{one}/sessions", run())
    assert planned.status == 201, planned.body
    assert planned.body["stage"] == "planned"
    return wang, one, planned.body


async def test_a_training_from_first_draft_to_its_cancellation(ctx, http):
    wang, one, session = await opened(ctx, http)
    me = await http.sign_in("w-1")
    public = f"/worker/v1/trainings/{one.rsplit('/', 1)[1]}"
    assert (await me.get(public)).body["sessions"] == []
    there = f"{ONE}/{session['id']}"
    answer = await wang.post(f"{there}/opening", {"version": 1})
    assert (answer.status, answer.body["stage"]) == (200, "open")
    (shown,) = (await me.get(public)).body["sessions"]
    assert (shown["sign_up"], shown["place"]["lng"]) == ("open", pytest.approx(113.55))
    mine = await me.post("/worker/v1/enrolments", {"session_id": session["id"]})
    assert (mine.status, mine.body["state"]) == (201, "enrolled")
    seats = {"version": 2, "seats": 3, "groups": {"骑手": 2}}
    answer = await wang.put(f"{there}/seats", seats)
    assert (answer.body["left"], answer.body["groups"][0]["left"]) == (2, 2)
    reason = {"version": 3, "reason": "人数已够"}
    answer = await wang.post(f"{there}/closing", reason)
    assert (answer.body["stage"], answer.body["sign_up"]) == ("closed", "closed")
    answer = await wang.post(f"{there}/reopening", {"version": 4})
    assert answer.body["stage"] == "open"
    moving = {
        "version": 5,
        "reason": "场地维修",
        "meetings": [lesson(START + DAY)],
        "place": PROGRAMME["place"] | {"name": "示例·文化宫"},
    }
    answer = await wang.post(f"{there}/move", moving)
    assert (answer.status, answer.body["moves"]) == (200, 1)
    assert answer.body["before"]["place"] == "示例·驿站"
    seen = (await me.get(f"/worker/v1/enrolments/{mine.body['id']}")).body
    assert (seen["place"], seen["moved_from"]["place"]) == ("示例·文化宫", "示例·驿站")
    answer = await wang.post(
        f"{there}/cancellation", {"version": 6, "reason": "老师生病"}
    )
    assert (answer.status, answer.body["stage"]) == (200, "cancelled")
    again = await wang.post(
        f"{there}/cancellation", {"version": 7, "reason": "老师生病"}
    )
    assert (again.status, again.code) == (409, "session_moved_on")
    seen = (await me.get(f"/worker/v1/enrolments/{mine.body['id']}")).body
    assert (seen["state"], seen["reason"]) == ("cancelled_by_organiser", "老师生病")
    (shown,) = (await me.get(public)).body["sessions"]
    assert (shown["sign_up"], shown["reason"]) == ("cancelled", "老师生病")
    late = await (await http.sign_in("w-2")).post(
        "/worker/v1/enrolments", {"session_id": session["id"]}
    )
    assert (late.status, late.code) == (409, "session_cancelled")


async def test_planned_things_are_changed_copied_and_listed(ctx, http):
    wang, one, session = await opened(ctx, http)
    closing = {"version": 2, "reason": "要改内容"}
    assert (await wang.post(f"{one}/closing", closing)).body["standing"] == "closed"
    change = {"version": 3, "programme": PROGRAMME | {"title": "示例：新急救"}}
    changed = await wang.put(one, change)
    assert (changed.status, changed.body["title"]) == (200, "示例：新急救")
    assert (await wang.get(one)).body == changed.body
    (listed,) = (await wang.get(f"{ALL}?standing=closed")).body["items"]
    assert listed["id"] == changed.body["id"]
    there = f"{ONE}/{session['id']}"
    answer = await wang.put(there, {"version": 1, "session": run() | {"seats": 9}})
    assert (answer.status, answer.body["left"]) == (200, 9)
    assert (await wang.get(there)).body == answer.body
    later = (START + 7 * DAY).isoformat()
    copy = await wang.post(f"{there}/copies", {"starts_at": later})
    assert (copy.status, copy.body["stage"]) == (201, "planned")
    found = (await wang.get(f"{one}/sessions")).body["items"]
    assert [each["id"] for each in found] == [session["id"], copy.body["id"]]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"fee_fen": -1}, "$.programme.fee_fen"),
        ({"title": ""}, "$.programme.title"),
        ({"extra": 1}, "$.programme"),
        ({"place": {"name": "x", "lng": 34.0, "lat": 113.0}}, "$.lng"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_its_path(ctx, http, change, path):
    wang = await as_(ctx, http, "wang")
    body = {"unit_id": "unit_east", "programme": PROGRAMME | change}
    answer = await wang.post(ALL, body)
    assert answer.status == 422
    assert answer.body["details"]["path"] == path


async def test_another_branch_finds_nothing_and_a_worker_no_door(ctx, http):
    _, one, session = await opened(ctx, http)
    west = await as_(ctx, http, "west", unit="unit_west")
    there = f"{ONE}/{session['id']}"
    assert (await west.get(ALL)).body["items"] == []
    for call in (
        west.get(one),
        west.get(f"{one}/sessions"),
        west.post(f"{one}/opening", {"version": 2}),
        west.get(there),
        west.post(f"{there}/cancellation", {"version": 1, "reason": "不该成功"}),
    ):
        assert (await call).status == 404
    body = {"unit_id": "unit_east", "programme": PROGRAMME}
    assert (await west.post(ALL, body)).code == "no_such_unit"
    worker = await http.sign_in("w-1")
    assert (await worker.get(ALL)).code == "port_mismatch"
    nobody = await people.official(ctx, "nobody")
    bare = http.as_(await people.token(ctx, nobody))
    assert (await bare.get(ALL)).code == "permission_missing"
