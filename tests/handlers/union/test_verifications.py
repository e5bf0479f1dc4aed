"""From a worker's papers to a verified class over HTTP."""

import pytest

from models.unions.permissions import Permission
from models.workers.consent_texts import Purpose
from tests.models.base.samples import pdf
from tests.models.unions.people import official, plant, token
from tests.models.workers.people import publish

PDF = {"Content-Type": "application/pdf"}


@pytest.fixture
def me(run, ctx, http):
    """A worker of the east's firm who agreed and declared."""

    async def make():
        await plant(ctx)
        await publish(ctx, Purpose.IDENTITY)
        client = await http.sign_in("w-17")
        units = await client.get("/worker/v1/units?parent_id=unit_east")
        assert [unit["id"] for unit in units.body["items"]] == ["unit_east_firm"]
        await client.post(
            "/worker/v1/me/consents", {"purpose": "identity", "version": 1}
        )
        joined = await client.put("/worker/v1/me/unit", {"unit_id": "unit_east_firm"})
        assert joined.body["unit_id"] == "unit_east_firm"
        await client.put(
            "/worker/v1/me/identities",
            {"classes": ["migrant_worker", "platform_worker"]},
        )
        return client

    return run(make())


@pytest.fixture
def wang(run, ctx, http):
    found = run(official(ctx, "wang", permissions=(Permission.IDENTITIES,)))
    return http.as_(run(token(ctx, found)))


async def ask(me):
    asked = await me.post(
        "/worker/v1/me/verifications", {"class": "platform_worker"}, key="tap-1"
    )
    assert asked.status == 201, asked.body
    path = f"/worker/v1/me/verifications/{asked.body['id']}"
    added = await me.post(f"{path}/evidence", pdf(), headers=PDF)
    assert (added.status, added.body["pages"]) == (201, 1), added.body
    return asked.body["id"]


async def test_from_papers_to_a_verified_class(me, wang):
    asked = await ask(me)
    queue = await wang.get("/union/v1/verifications")
    (waiting,) = queue.body["items"]
    page = waiting["evidence"][0]
    assert waiting == {
        "id": asked,
        "worker_id": waiting["worker_id"],
        "name": None,
        "phone": None,
        "class": "platform_worker",
        "state": "waiting",
        "unit_id": "unit_east_firm",
        "asked_at": "2026-11-23T02:00:00Z",
        "evidence": [page],
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "valid_until": None,
    }
    path = f"/union/v1/verifications/{asked}"
    assert (await wang.get(path)).body == waiting
    opened = await wang.post(
        f"{path}/evidence/{page}/reading", {"reason": "核对在职证明"}
    )
    assert opened.status == 200
    assert opened.body.startswith(b"%PDF")
    assert opened.headers["Cache-Control"] == "private, no-store"
    verified = await wang.post(f"{path}/approval", {"valid_until": "2027-11-22"})
    assert verified.body["state"] == "verified"
    assert verified.body["valid_until"] == "2027-11-22T16:00:00Z"
    mine = await me.get("/worker/v1/me/identities")
    assert [(each["class"], each["state"]) for each in mine.body["items"]] == [
        ("migrant_worker", "declared"),
        ("platform_worker", "verified"),
    ]
    listed = (await me.get("/worker/v1/me/verifications")).body["items"]
    assert [each["state"] for each in listed] == ["verified"]
    looks = (await me.get("/worker/v1/me/access-log")).body["items"]
    assert {look["deed"] for look in looks} == {
        "核实通过了您的身份",
        "查看了您的身份证明材料",
    }


async def test_refused_and_revoked_with_words_for_the_worker(me, wang):
    asked = await ask(me)
    path = f"/union/v1/verifications/{asked}"
    early = await wang.post(f"{path}/revocation", {"reason": "证明系伪造"})
    assert (early.status, early.code) == (409, "verification_moved")
    assert (await wang.post(f"{path}/refusal", {})).status == 422
    refused = await wang.post(f"{path}/refusal", {"reason": "照片不清楚"})
    assert refused.body["state"] == "refused"
    (shown,) = (await me.get("/worker/v1/me/verifications")).body["items"]
    assert (shown["state"], shown["reason"]) == ("refused", "照片不清楚")


async def test_proof_is_not_read_without_a_reason(me, wang):
    asked = await ask(me)
    page = (await wang.get(f"/union/v1/verifications/{asked}")).body["evidence"][0]
    path = f"/union/v1/verifications/{asked}/evidence/{page}/reading"
    assert (await wang.post(path, {})).status == 422
    assert (await wang.post(path, {"reason": ""})).status == 422


async def test_another_branch_finds_nothing(ctx, http, me):
    asked = await ask(me)
    xie = await official(
        ctx, "xie", unit="unit_west", permissions=(Permission.IDENTITIES,)
    )
    west = http.as_(await token(ctx, xie))
    path = f"/union/v1/verifications/{asked}"
    assert (await west.get("/union/v1/verifications")).body["items"] == []
    for call in (
        west.get(path),
        west.post(f"{path}/approval", {"valid_until": "2027-11-22"}),
        west.post(f"{path}/refusal", {"reason": "不清楚"}),
        west.post(f"{path}/revocation", {"reason": "不清楚"}),
    ):
        answer = await call
        assert (answer.status, answer.code) == (404, "no_such_verification")


async def test_a_worker_may_not_verify(http, me):
    asked = await ask(me)
    answer = await me.post(
        f"/union/v1/verifications/{asked}/approval", {"valid_until": "2027-11-22"}
    )
    assert (answer.status, answer.code) == (403, "port_mismatch")


async def test_what_is_no_class_is_refused(me):
    odd = await me.put("/worker/v1/me/identities", {"classes": ["courier_xx"]})
    assert (odd.status, odd.code) == (422, "invalid")
    refused = await me.post("/worker/v1/me/verifications", {"class": "employer"})
    assert (refused.status, refused.code) == (409, "identity_not_declared")


async def test_a_file_of_another_sort_is_refused(me):
    asked = await ask(me)
    path = f"/worker/v1/me/verifications/{asked}/evidence"
    refused = await me.post(path, b"MZ hello", headers=PDF)
    assert refused.status in {415, 422}


async def test_taken_back_it_is_gone_from_the_queue(me, wang):
    asked = await ask(me)
    path = f"/worker/v1/me/verifications/{asked}"
    assert (await me.delete(path)).status == 204
    assert (await me.delete(path)).code == "verification_moved"
    assert (await wang.get("/union/v1/verifications")).body["items"] == []


async def test_somebody_elses_request_is_not_there(http, me):
    asked = await ask(me)
    other = await http.sign_in("w-18")
    gone = await other.delete(f"/worker/v1/me/verifications/{asked}")
    assert (gone.status, gone.code) == (404, "no_such_verification")
