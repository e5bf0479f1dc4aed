"""Workers of one's subtree over HTTP: masked, opened on record, frozen, and seen."""

import pytest

from models.base import audit
from models.base.audit import Entry
from models.members import affiliations
from models.unions.permissions import GrantRole, Permission
from models.workers import names
from models.workers.consent_texts import Purpose
from models.workers.phones import _keep as keep_number
from tests.models.unions.people import official, plant, token
from tests.models.workers.people import actor_of, agree, arrive

ALL = (Permission.WORKERS_READ, Permission.WORKERS_UNMASK)
NUMBER = "+8613800001234"


@pytest.fixture
def li(run, ctx):
    """A worker of the east's firm, with name and number."""

    async def make():
        await plant(ctx)
        tokens = (await arrive(ctx)).tokens
        me = actor_of(ctx, tokens)
        await agree(ctx, me, Purpose.IDENTITY, Purpose.PHONE)
        await affiliations.join(ctx, "unit_east_firm", by=me)
        await names.rename(ctx, "李示例", by=me)
        await keep_number(ctx, me.id, NUMBER)
        return me, tokens.access_token

    return run(make())


@pytest.fixture
def east(run, ctx, http):
    wang = run(official(ctx, "wang", permissions=ALL, role=GrantRole.ADMINISTRATOR))
    return http.as_(run(token(ctx, wang)))


@pytest.fixture
def west(run, ctx, http):
    xie = run(official(ctx, "xie", unit="unit_west", permissions=ALL))
    return http.as_(run(token(ctx, xie)))


async def test_a_worker_is_found_by_number_or_id_masked(li, east):
    me, _ = li
    for text in (me.id, "13800001234", NUMBER):
        found = await east.post("/union/v1/worker-searches", {"text": text})
        assert found.body == {
            "items": [
                {
                    "id": me.id,
                    "name": "李*例",
                    "phone": "138****1234",
                    "unit_id": "unit_east_firm",
                    "state": "active",
                    "joined_at": "2026-11-23T02:00:00Z",
                }
            ],
            "next": None,
        }
    listed = await east.get("/union/v1/workers")
    assert listed.body == found.body
    shown = await east.get(f"/union/v1/workers/{me.id}")
    assert [shown.body] == found.body["items"]
    bad = await east.post("/union/v1/worker-searches", {"text": "abc"})
    assert (bad.status, bad.code) == (422, "phone_not_usable")


async def test_another_branch_finds_nobody(ctx, li, west):
    me, _ = li
    for text in (me.id, NUMBER):
        found = await west.post("/union/v1/worker-searches", {"text": text})
        assert found.body["items"] == []
    assert (await west.get("/union/v1/workers")).body["items"] == []
    why = {"reason": "核对"}
    calls = (
        west.get(f"/union/v1/workers/{me.id}"),
        west.post(f"/union/v1/workers/{me.id}/unmask", {"fields": ["name"]} | why),
        west.put(f"/union/v1/workers/{me.id}/freeze", why),
        west.post(f"/union/v1/workers/{me.id}/unfreezing", why),
    )
    for call in calls:
        answer = await call
        assert (answer.status, answer.code) == (404, "no_such_worker")
    assert await Entry.many(ctx, {}) == []


async def test_who_belongs_nowhere_is_the_citys(ctx, http, east):
    lost = (await arrive(ctx, "18")).worker
    boss = await official(ctx, "boss", unit="unit_city", permissions=ALL)
    city = http.as_(await token(ctx, boss))
    assert (await east.get(f"/union/v1/workers/{lost.id}")).status == 404
    assert (await city.get(f"/union/v1/workers/{lost.id}")).status == 200


async def test_opened_with_a_reason_that_the_worker_sees(ctx, http, li, east):
    me, mine = li
    opened = await east.post(
        f"/union/v1/workers/{me.id}/unmask",
        {"fields": ["phone", "name"], "reason": "回访核实"},
    )
    assert opened.body == {"name": "李示例", "phone": NUMBER}
    log = await http.as_(mine).get("/worker/v1/me/access-log")
    (look,) = log.body["items"]
    assert look == {
        "id": look["id"],
        "at": "2026-11-23T02:00:00Z",
        "who": "王*例",
        "unit": "示例·东区总工会",
        "roles": ["管理员"],
        "deed": "查看了您的姓名和手机号",
        "reason": "回访核实",
    }
    rows = await Entry.many(ctx, {})
    assert me.id not in str(rows)
    assert await audit.first_broken(ctx) is None


async def test_without_a_reason_nothing_is_opened(li, east):
    me, _ = li
    for body in (
        {"fields": ["name"]},
        {"fields": ["name"], "reason": " "},
        {"fields": [], "reason": "核对"},
        {"fields": ["openid"], "reason": "核对"},
    ):
        refused = await east.post(f"/union/v1/workers/{me.id}/unmask", body)
        assert refused.status == 422


async def test_thirty_an_hour_are_opened_and_no_more(li, east):
    me, _ = li
    body = {"fields": ["name"], "reason": "核对"}
    answers = [
        await east.post(f"/union/v1/workers/{me.id}/unmask", body) for _ in range(31)
    ]
    assert [answer.status for answer in answers[-2:]] == [200, 429]


async def test_only_reading_opens_nothing(ctx, http, li):
    me, _ = li
    reader = await official(ctx, "du", permissions=(Permission.WORKERS_READ,))
    client = http.as_(await token(ctx, reader))
    refused = await client.post(
        f"/union/v1/workers/{me.id}/unmask", {"fields": ["name"], "reason": "核对"}
    )
    assert (refused.status, refused.code) == (403, "permission_missing")


async def test_frozen_one_is_out_everywhere_and_stays_out(http, li, east):
    me, mine = li
    client = http.as_(mine)
    frozen = await east.put(f"/union/v1/workers/{me.id}/freeze", {"reason": "冒用"})
    assert (frozen.status, frozen.body["state"]) == (200, "frozen")
    assert (await client.get("/worker/v1/me")).code == "session_revoked"
    back = await http.post("/worker/v1/auth/sign-in", {"code": "w-17-back"})
    assert (back.status, back.code) == (403, "account_not_active")
    again = await east.put(f"/union/v1/workers/{me.id}/freeze", {"reason": "冒用"})
    assert again.status == 200
    opened = await east.post(
        f"/union/v1/workers/{me.id}/unfreezing", {"reason": "已核实本人"}
    )
    assert opened.body["state"] == "active"
    home = await http.sign_in("w-17-home")
    log = (await home.get("/worker/v1/me/access-log")).body["items"]
    assert {look["deed"] for look in log} == {"解冻了您的账号", "冻结了您的账号"}


async def test_pages_of_the_access_log_go_on(ctx, http, li, east):
    me, mine = li
    for number in range(3):
        await east.post(
            f"/union/v1/workers/{me.id}/unmask",
            {"fields": ["name"], "reason": f"第{number}次"},
        )
    client = http.as_(mine)
    first = await client.get("/worker/v1/me/access-log?limit=2")
    rest = await client.get(
        f"/worker/v1/me/access-log?limit=2&cursor={first.body['next']}"
    )
    assert len(first.body["items"]) == 2
    assert len(rest.body["items"]) == 1
    assert rest.body["next"] is None
    bad = await client.get("/worker/v1/me/access-log?cursor=x")
    assert bad.code == "bad_cursor"


async def test_somebody_else_sees_nothing_of_it(http, li, east):
    me, _ = li
    await east.post(
        f"/union/v1/workers/{me.id}/unmask", {"fields": ["name"], "reason": "核对"}
    )
    other = await http.sign_in("w-18")
    assert (await other.get("/worker/v1/me/access-log")).body["items"] == []
