"""Accounts and grants through the door: from an opened account to a first deed."""

import pyotp

from models.unions.permissions import Permission
from tests.client import together
from tests.models.unions import people

OWN = "correct-horse-7"


async def administrator(ctx, http, name="gao", unit="unit_east"):
    """Return the client of a unit's administrator."""
    who = await people.administrator(ctx, name, unit=unit)
    return http.as_(await people.token(ctx, who))


async def open_account(gao, *, unit="unit_east_firm", login="wang.wu"):
    body = {"unit_id": unit, "name": "王五示例", "login": login}
    return await gao.post("/union/v1/accounts", body)


async def test_an_editor_is_opened_activated_granted_and_works(ctx, http):
    gao = await administrator(ctx, http)
    opened = await open_account(gao)
    assert opened.status == 201
    account, password = opened.body["account"], opened.body["password"]
    assert account["name"] == "王**例"
    me = {"name": "wang.wu", "password": password}
    refused = await http.post("/union/v1/auth/sign-in", me)
    assert (refused.status, refused.code) == (403, "activation_required")
    made = await http.post("/union/v1/auth/activate", me | {"new_password": OWN})
    assert made.status == 200
    me["password"] = OWN
    refused = await http.post("/union/v1/auth/sign-in", me)
    assert (refused.status, refused.code) == (401, "totp_required")
    me["totp"] = pyotp.TOTP(made.body["secret"]).at(ctx.clock.now())
    entered = await http.post("/union/v1/auth/sign-in", me)
    assert entered.status == 200
    wang = http.as_(entered.body["access_token"])
    grant = {
        "account_id": account["id"],
        "unit_id": "unit_east_firm",
        "role": "editor",
    }
    given = await gao.post("/union/v1/grants", grant)
    assert given.status == 201
    (power,) = (await wang.get("/union/v1/me")).body["powers"]
    assert power == {
        "permission": "policies.write",
        "units": [{"id": "unit_east_firm", "name": "示例·东区企业工会"}],
    }
    seen = await gao.get(f"/union/v1/accounts/{account['id']}/reach")
    assert seen.body["powers"] == [power]
    assert (await gao.delete(f"/union/v1/grants/{given.body['id']}")).status == 204
    assert (await wang.get("/union/v1/me")).body["powers"] == []


async def test_a_password_is_never_kept_readable_not_even_for_a_repeat(ctx, http):
    gao = await administrator(ctx, http)
    body = {"unit_id": "unit_east", "name": "王五", "login": "wang.wu"}
    first = await gao.post("/union/v1/accounts", body, key="k1")
    again = await gao.post("/union/v1/accounts", body, key="k1")
    assert again.body == first.body
    for name in await ctx.db.list_collection_names():
        rows = await ctx.db[name].find().to_list()
        assert first.body["password"] not in str(rows), name


async def test_another_branch_is_not_there_and_nothing_is_written(ctx, http):
    gao = await administrator(ctx, http)
    before = await ctx.db["staff"].count_documents({})
    for unit in ("unit_west", "unit_west_firm", "unit_nowhere"):
        answer = await open_account(gao, unit=unit)
        assert (answer.status, answer.code) == (404, "no_such_unit")
    assert await ctx.db["staff"].count_documents({}) == before


async def test_each_level_opens_only_the_next_one_down(ctx, http):
    city = await administrator(ctx, http, "city", "unit_city")
    answer = await open_account(city)
    assert (answer.status, answer.code) == (409, "level_skipped")
    assert answer.body["details"] == {"unit_id": "unit_east"}
    assert (await open_account(city, unit="unit_west")).status == 201


async def test_lists_hold_ones_own_subtree_only(ctx, http):
    gao = await administrator(ctx, http)
    fan = await administrator(ctx, http, "fan", "unit_west")
    for path in ("accounts", "grants", "units", "audit"):
        east = (await gao.get(f"/union/v1/{path}")).body["items"]
        west = (await fan.get(f"/union/v1/{path}")).body["items"]
        mine = {each["id"] for each in east}
        assert mine.isdisjoint({each["id"] for each in west})
    west = (await fan.get("/union/v1/accounts")).body["items"]
    refused = await gao.get(f"/union/v1/accounts/{west[0]['id']}")
    assert (refused.status, refused.code) == (404, "no_such_account")


async def test_a_taken_role_is_gone_with_the_next_call(ctx, http):
    gao = await administrator(ctx, http)
    who = await people.official(ctx, "song", permissions=[Permission.AUDIT])
    song = http.as_(await people.token(ctx, who))
    assert (await song.get("/union/v1/audit")).status == 200
    left = await gao.post(
        f"/union/v1/accounts/{who.id}/departure", {"reason": "合同到期"}
    )
    assert left.body["is_active"] is False
    refused = await song.get("/union/v1/audit")
    assert (refused.status, refused.code) == (401, "session_revoked")


async def test_two_hundred_mixed_users_never_see_each_others_rows(ctx, http):
    east = await administrator(ctx, http)
    west = await administrator(ctx, http, "fan", "unit_west")
    for client, unit in ((east, "unit_east"), (west, "unit_west")):
        for place in range(3):
            login = f"{unit.removeprefix('unit_')}.{place}"
            assert (await open_account(client, unit=unit, login=login)).status == 201
    asked = [east if place % 2 else west for place in range(200)]
    answers = await together(*(who.get("/union/v1/accounts") for who in asked))
    for place, answer in enumerate(answers):
        units = {each["unit_id"] for each in answer.body["items"]}
        assert units == ({"unit_east"} if place % 2 else {"unit_west"})


async def test_moving_a_firm_through_the_door(ctx, http):
    city = await administrator(ctx, http, "city", "unit_city")
    body = {"to_id": "unit_west", "on": "2026-11-23", "reason": "区划调整"}
    moved = await city.post("/union/v1/units/unit_east_firm/moves", body)
    assert (moved.status, moved.body["state"]) == (201, "carried_out")
    unit = await city.get("/union/v1/units/unit_east_firm")
    assert unit.body["parent_id"] == "unit_west"
    assert len((await city.get("/union/v1/moves")).body["items"]) == 1
    refused = await city.delete(f"/union/v1/moves/{moved.body['id']}")
    assert (refused.status, refused.code) == (404, "no_such_move")


async def test_the_audit_is_walked_and_a_changed_row_is_found(ctx, http, clock):
    gao = await administrator(ctx, http)
    await open_account(gao)
    clock.put(clock.now().replace(minute=1))
    whole = await gao.get("/union/v1/audit/verify")
    assert (whole.body["ok"], whole.body["links"]) == (True, 1)
    anchor = f"?links=1&head={whole.body['head']}"
    assert (await gao.get(f"/union/v1/audit/verify{anchor}")).body["ok"] is True
    await ctx.db["audit"].update_one({"seq": 1}, {"$set": {"reason": "改"}})
    broken = await gao.get("/union/v1/audit/verify")
    assert (broken.body["ok"], broken.body["broken_at"]) == (False, 1)
    await ctx.db["audit"].delete_many({})
    assert (await gao.get("/union/v1/audit/verify")).body["ok"] is True
    cut = await gao.get(f"/union/v1/audit/verify{anchor}")
    assert (cut.body["ok"], cut.body["broken_at"]) == (False, 1)


async def test_somebody_is_found_by_whole_name_login_or_id(ctx, http):
    gao = await administrator(ctx, http)
    account = (await open_account(gao)).body["account"]
    again = (await open_account(gao, login=None)).body["account"]
    for text, ids in (
        ("王五示例", {account["id"], again["id"]}),
        (" 王五示例 ", {account["id"], again["id"]}),
        ("Wang.Wu", {account["id"]}),
        (again["id"], {again["id"]}),
        ("王五", set()),
        ("wang", set()),
    ):
        found = await gao.post("/union/v1/account-searches", {"text": text})
        assert found.status == 200
        assert {each["id"] for each in found.body["items"]} == ids, text
        assert {each["name"] for each in found.body["items"]} <= {"王**例"}
    renamed = {"name": "王六示例"}
    await gao.patch(f"/union/v1/accounts/{again['id']}", renamed)
    for text, ids in (
        ("王六示例", [again["id"]]),
        ("王五示例", [account["id"]]),
    ):
        found = await gao.post("/union/v1/account-searches", {"text": text})
        assert [each["id"] for each in found.body["items"]] == ids


async def test_nobody_is_found_by_another_branch_or_without_the_right(ctx, http):
    account = (await open_account(await administrator(ctx, http))).body["account"]
    fan = await administrator(ctx, http, "fan", unit="unit_west")
    for text in ("王五示例", "wang.wu", account["id"]):
        found = await fan.post("/union/v1/account-searches", {"text": text})
        assert found.body == {"items": [], "next": None}, text
    found = await fan.post("/union/v1/account-searches", {"text": "王示例"})
    assert [each["id"] for each in found.body["items"]] == ["staff_fan"]
    editor = await people.official(
        ctx, "han", unit="unit_east", permissions=[Permission.POLICIES_WRITE]
    )
    han = http.as_(await people.token(ctx, editor))
    refused = await han.post("/union/v1/account-searches", {"text": "王五示例"})
    assert (refused.status, refused.code) == (403, "permission_missing")
    for name in (" 王五", "王五 ", " "):
        body = {"unit_id": "unit_west_firm", "name": name}
        refused = await fan.post("/union/v1/accounts", body)
        assert (refused.status, refused.code) == (422, "invalid"), name
    empty = await fan.post("/union/v1/account-searches", {"text": ""})
    assert (empty.status, empty.code) == (422, "invalid")
