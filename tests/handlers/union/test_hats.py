"""Hats: one person, several ports, one token a port."""

from models.unions import staff
from models.unions.permissions import Permission
from models.unions.staff import Role
from tests.models.stations import people as crew
from tests.models.unions import people


async def three_hats(ctx):
    """A worker who is a clerk and looks after a firm's union, by one openid."""
    await people.plant(ctx)
    clerk = await crew.clerk(ctx, "lu", roles=(Role.STATION_CLERK,))
    await people.grant(
        ctx, clerk.id, unit="unit_east_firm", permissions=[Permission.AUDIT]
    )
    await staff.bind(ctx, "w-17-binding", staff_id=clerk.id)


async def test_a_worker_goes_on_as_clerk_and_as_official(ctx, http):
    await three_hats(ctx)
    worker = await http.sign_in("w-17")
    mine = (await worker.get("/worker/v1/me/hats")).body["items"]
    assert [(each["port"], each["is_this"]) for each in mine] == [
        ("worker", True),
        ("station", False),
        ("union", False),
    ]
    refused = await worker.get("/union/v1/me")
    assert (refused.status, refused.code) == (403, "port_mismatch")
    answer = await worker.post("/worker/v1/auth/switch", {"port": "union"})
    union = http.as_(answer.body["access_token"])
    assert (await union.get("/union/v1/me")).status == 200
    refused = await union.get("/station/v1/duty")
    assert (refused.status, refused.code) == (403, "port_mismatch")
    answer = await union.post("/union/v1/auth/switch", {"port": "station"})
    station = http.as_(answer.body["access_token"])
    assert (await station.get("/station/v1/duty")).status == 200
    answer = await station.post("/station/v1/auth/switch", {"port": "worker"})
    again = http.as_(answer.body["access_token"])
    me = (await again.get("/worker/v1/me")).body["id"]
    assert me == (await worker.get("/worker/v1/me")).body["id"]


async def test_who_is_nobody_there_is_refused(http):
    worker = await http.sign_in("w-17")
    for port in ("station", "union"):
        answer = await worker.post("/worker/v1/auth/switch", {"port": port})
        assert (answer.status, answer.code) == (403, "no_such_hat")
