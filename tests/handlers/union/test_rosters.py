"""The doors of a roster: from a learner's scan to the sheet that is handed out."""

from datetime import timedelta

import pytest

from models.workers import sessions
from models.workers.tokens import Port
from models.workers.workers import Worker
from tests.models.trainings.courses import START, course, manager
from tests.models.unions import people

ONE = "/union/v1/training-sessions/session_one"
SCAN = "/worker/v1/training-check-ins"


@pytest.fixture
def wang(ctx, run, http):
    async def enter():
        return http.as_(await people.token(ctx, await manager(ctx, "wang")))

    return run(enter())


@pytest.fixture
def me(ctx, run, http):
    """A worker with a name and a number, who belongs to a firm of the east."""

    async def enter():
        me = await http.sign_in("w-1")
        about = {
            "name": ctx.secrets.seal("王小强"),
            "phone": ctx.secrets.seal("+8613812345678"),
            "unit_id": "unit_east_firm",
        }
        await Worker.change(ctx, {"_id": await my_id(me)}, {"$set": about})
        return me

    return run(enter())


async def my_id(me):
    return (await me.get("/worker/v1/me")).body["id"]


async def test_from_being_added_over_the_lesson_to_completion(ctx, clock, wang, me):
    run = await course(ctx)
    body = {"worker_id": await my_id(me), "reason": "现场报名"}
    added = await wang.post(f"{ONE}/roster", body)
    assert added.status == 201, added.body
    assert added.body | {"received_at": ""} == {
        "id": added.body["id"],
        "worker_id": body["worker_id"],
        "name": "王*强",
        "phone": "138****5678",
        "state": "enrolled",
        "received_at": "",
        "groups": [],
        "position": None,
        "clash": None,
        "reason": None,
        "marks": [],
    }
    clock.put(START)
    wang = wang.as_(await people.token(ctx, await manager(ctx, "wang2")))
    again = await sessions.start(ctx, owner_id=body["worker_id"], port=Port.WORKER)
    me = me.as_(again.access_token)
    shown = (await wang.get(f"{ONE}/code")).body
    here = await me.post(SCAN, {"code": shown["code"]})
    assert (here.status, here.body["mark"]) == (201, "present")
    marked = await wang.put(
        f"/union/v1/enrolments/{added.body['id']}/attendance",
        {"lesson": here.body["lesson"], "mark": "late", "reason": "中途离开"},
    )
    assert (marked.status, marked.body["mark"]) == (200, "late")
    (line,) = (await wang.get(f"{ONE}/roster")).body["items"]
    assert [each["mark"] for each in line["marks"]] == ["late"]
    early = await wang.post(f"{ONE}/completion", {})
    assert (early.status, early.code) == (409, "session_moved_on")
    clock.put(run.ends_at)
    wang = wang.as_(await people.token(ctx, await manager(ctx, "wang3")))
    done = await wang.post(f"{ONE}/completion", {})
    assert (done.status, done.body["stage"]) == (200, "done")
    (line,) = (await wang.get(f"{ONE}/roster?state=completed")).body["items"]
    assert line["state"] == "completed"


async def test_a_sheet_is_sent_as_a_file_and_kept_by_nobody(ctx, wang, me):
    await course(ctx)
    await me.post("/worker/v1/enrolments", {"session_id": "session_one"})
    sheet = await wang.post(f"{ONE}/roster/exports", {})
    assert sheet.status == 200
    assert sheet.body.startswith(b"PK")
    assert sheet.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert "20261123100000.xlsx" in sheet.headers["Content-Disposition"]
    assert sheet.headers["Cache-Control"] == "private, no-store"
    whole = await wang.post(
        f"{ONE}/roster/exports", {"unmasked": True, "reason": "发证书"}
    )
    assert (whole.status, whole.code) == (403, "permission_missing")


async def test_who_is_taken_off_sees_why(ctx, wang, me):
    await course(ctx)
    mine = await me.post("/worker/v1/enrolments", {"session_id": "session_one"})
    path = f"/union/v1/enrolments/{mine.body['id']}/removal"
    assert (await wang.post(path, {"reason": "资料不符"})).status == 200
    again = await wang.post(path, {"reason": "资料不符"})
    assert (again.status, again.code) == (409, "enrolment_over")
    seen = (await me.get(f"/worker/v1/enrolments/{mine.body['id']}")).body
    assert (seen["state"], seen["reason"]) == ("cancelled_by_organiser", "资料不符")


async def test_another_branch_finds_nothing(ctx, http, me):
    await course(ctx)
    mine = await me.post("/worker/v1/enrolments", {"session_id": "session_one"})
    west = await manager(ctx, "west", unit="unit_west")
    west = http.as_(await people.token(ctx, west))
    one = f"/union/v1/enrolments/{mine.body['id']}"
    lesson = (START + timedelta()).isoformat()
    for call in (
        west.get(f"{ONE}/roster"),
        west.post(f"{ONE}/roster", {"worker_id": "worker_x", "reason": "试试"}),
        west.post(f"{ONE}/roster/exports", {}),
        west.get(f"{ONE}/code"),
        west.post(f"{ONE}/completion", {}),
        west.post(f"{one}/removal", {"reason": "试试"}),
        west.put(
            f"{one}/attendance", {"lesson": lesson, "mark": "absent", "reason": "试试"}
        ),
    ):
        assert (await call).status == 404
