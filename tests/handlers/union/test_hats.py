"""Hats: one person, several ports, one token a port."""

from datetime import timedelta

import pyotp

from models.unions import logins, passwords, staff
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
    return clerk


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
    for client, port in ((union, "union"), (station, "station")):
        answer = await client.post(f"/{port}/v1/auth/switch", {"port": "worker"})
        assert (answer.status, answer.code) == (403, "no_such_hat")


async def test_who_is_nobody_there_is_refused(http):
    worker = await http.sign_in("w-17")
    for port in ("station", "union"):
        answer = await worker.post("/worker/v1/auth/switch", {"port": port})
        assert (answer.status, answer.code) == (403, "no_such_hat")


async def test_the_way_into_the_back_office_asks_for_a_bound_authenticator(ctx, http):
    clerk = await three_hats(ctx)
    first = await passwords.first()
    await logins.open_for(ctx, clerk.id, name="lu.shi", first=first)
    me = {"name": "lu.shi", "password": first.password, "new_password": "own-horse-77"}
    made = (await http.post("/union/v1/auth/activate", me)).body
    totp = pyotp.TOTP(made["secret"])
    code = totp.at(ctx.clock.now())
    me = {"name": "lu.shi", "password": "own-horse-77", "totp": code}
    assert (await http.post("/union/v1/auth/sign-in", me)).status == 200
    worker = await http.sign_in("w-17")
    path, wanted = "/worker/v1/auth/switch", {"port": "union"}
    asked = await worker.post(path, wanted)
    assert (asked.status, asked.code) == (401, "totp_required")
    used = await worker.post(path, wanted | {"totp": code})
    assert (used.status, used.code) == (401, "sign_in_failed")
    ctx.clock.put(ctx.clock.now() + timedelta(seconds=30))
    fresh = {"totp": totp.at(ctx.clock.now())}
    assert (await worker.post(path, wanted | fresh)).status == 200
    for _ in range(5):
        await worker.post(path, wanted | {"totp": "000000"})
    locked = await worker.post(path, wanted | {"totp": "000000"})
    assert (locked.status, locked.code) == (429, "sign_in_locked")
    ctx.clock.put(ctx.clock.now() + timedelta(days=90))
    worker = await http.sign_in("w-17-later")
    dormant = await worker.post(path, wanted)
    assert (dormant.status, dormant.code) == (403, "account_dormant")
