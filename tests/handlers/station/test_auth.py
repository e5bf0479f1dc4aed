"""Signing in and out at the station's port, and who is let in there."""

import pytest

from app.application import Front
from handlers.base.access import staff, worker_if_any, worker_if_known
from handlers.base.endpoint import Handler, endpoint
from handlers.routes import ROUTES as ROUTES_OF_THE_HOUSE
from models.unions.staff import Role, put_staff
from models.workers.exchanges import Exchange
from tests.client import Client
from tests.models.workers.people import arrive

SIGN_IN = "/station/v1/auth/sign-in"


class WhoHandler(Handler):
    """Tells whom each policy found."""

    @endpoint(access=staff)
    async def get(self) -> dict[str, str | None]:
        """Tell who is asking at the station's port."""
        return {"id": self.actor.id}

    @endpoint(access=worker_if_any)
    async def post(self) -> dict[str, str | None]:
        """Tell who is asking, if anybody."""
        return {"id": self.actor and self.actor.id}

    @endpoint(access=worker_if_known)
    async def put(self) -> dict[str, str | None]:
        """Tell who is asking, if we know."""
        return {"id": self.actor and self.actor.id}


WHO = "/_who"


@pytest.fixture
def http(run, house, monkeypatch):
    """The house with one more door, through which the policies can be seen."""
    monkeypatch.setattr(
        "app.application.ROUTES", [*ROUTES_OF_THE_HOUSE, (WHO, WhoHandler)]
    )
    front = Front(house)
    client = Client(f"http://127.0.0.1:{front.open(port=0)}", front)
    yield client
    run(client.close())


async def put(ctx, **given):
    about = {
        "id_": "staff_lu",
        "name": "陆示例",
        "openid": "o-17",
        "unit_id": "unit_zone",
        "station_ids": ["station_park", "station_bank"],
        "roles": [Role.STATION_CLERK, Role.FIRST_AID_RESPONDER],
    }
    return await put_staff(ctx, **about | given)


async def signed_in(http):
    return http.as_((await http.post(SIGN_IN, {"code": "w-17"})).body["access_token"])


async def test_the_whole_answer(http, ctx):
    await put(ctx)
    answer = await http.post(SIGN_IN, {"code": "w-17"})
    assert answer.status == 200
    assert answer.body == {
        "access_token": answer.body["access_token"],
        "expires_in": 900,
        "refresh_token": answer.body["refresh_token"],
        "staff": {
            "id": "staff_lu",
            "name": "陆*例",
            "unit_id": "unit_zone",
            "station_ids": ["station_bank", "station_park"],
            "roles": ["first_aid_responder", "station_clerk"],
        },
    }


async def test_who_is_not_staff(http, ctx):
    answer = await http.post(SIGN_IN, {"code": "w-17"})
    assert (answer.status, answer.code) == (403, "not_staff")
    assert await Exchange.shelf(ctx).count_documents({}) == 1


async def test_a_code_that_is_none(http):
    answer = await http.post(SIGN_IN, {"code": "nonsense"})
    assert (answer.status, answer.code) == (401, "code_invalid")


async def test_refreshing_and_signing_out(http, ctx):
    await put(ctx)
    first = (await http.post(SIGN_IN, {"code": "w-17"})).body
    second = await http.post(
        "/station/v1/auth/refresh", {"refresh_token": first["refresh_token"]}
    )
    assert second.status == 200
    me = http.as_(second.body["access_token"])
    assert (await me.get(WHO)).body == {"id": "staff_lu"}
    assert (await me.post("/station/v1/auth/sign-out")).status == 204
    answer = await me.get(WHO)
    assert (answer.status, answer.code) == (401, "session_revoked")


async def test_who_was_taken_off_may_not_go_on_but_may_sign_out(http, ctx):
    await put(ctx)
    me = await signed_in(http)
    assert (await me.get(WHO)).status == 200
    await put(ctx, active=False)
    answer = await me.get(WHO)
    assert (answer.status, answer.code) == (403, "not_staff")
    assert (await me.post("/station/v1/auth/sign-out")).status == 204


async def test_a_workers_token_does_not_open_the_stations_port(http, ctx):
    worker = http.as_((await arrive(ctx)).tokens.access_token)
    answer = await worker.get(WHO)
    assert (answer.status, answer.code) == (403, "port_mismatch")
    answer = await worker.post("/station/v1/auth/sign-out")
    assert (answer.status, answer.code) == (403, "port_mismatch")


async def test_nobody_and_an_injected_openid_are_not_let_in(http, ctx):
    await put(ctx)
    answer = await http.get(WHO, headers={"X-WX-OPENID": "o-17"})
    assert (answer.status, answer.code) == (401, "not_signed_in")


async def test_a_door_for_anybody_knows_a_worker_and_refuses_a_dead_token(http, ctx):
    entered = await arrive(ctx)
    worker = http.as_(entered.tokens.access_token)
    assert (await http.post(WHO)).body == {"id": None}
    assert (await worker.post(WHO)).body == {"id": entered.worker.id}
    answer = await http.as_("nonsense").post(WHO)
    assert (answer.status, answer.code) == (401, "token_invalid")


async def test_a_door_that_never_refuses_takes_a_dead_token_for_none(http, ctx):
    await put(ctx)
    entered = await arrive(ctx)
    worker = http.as_(entered.tokens.access_token)
    assert (await worker.put(WHO)).body == {"id": entered.worker.id}
    for client in (http, http.as_("nonsense"), await signed_in(http)):
        assert (await client.put(WHO)).body == {"id": None}
    await worker.post("/worker/v1/auth/sign-out")
    assert (await worker.put(WHO)).body == {"id": None}
