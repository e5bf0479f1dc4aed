"""What opens one door opens no other: tokens, links and codes at the wrong places."""

import pytest

from models.stations import codes
from models.workers import sessions
from models.workers.tokens import Port
from tests.security.doors import DOORS, PATIENT, PORTS, everybody, knock


def doors_of(scheme, *, optional=False):
    return [
        door
        for door in DOORS
        if door.promise.access.scheme == scheme
        and door.promise.access.optional is optional
    ]


@PATIENT
@pytest.mark.parametrize("scheme", PORTS)
async def test_a_token_opens_no_door_of_another_port(ctx, http, scheme):
    people = await everybody(ctx, http)
    opened = []
    for other, client in people.clients.items():
        if other in {None, scheme}:
            continue
        for door in doors_of(scheme):
            answer = await knock(ctx, client, door, body=door.body({}))
            if (answer.status, answer.code) != (403, "port_mismatch"):
                opened.append(f"{door} with {other}: {answer.status}")
    assert opened == []


@PATIENT
@pytest.mark.parametrize("scheme", PORTS)
async def test_a_session_that_is_over_opens_no_door(ctx, http, scheme):
    people = await everybody(ctx, http)
    owner = people.worker_id if scheme == "workerToken" else "staff_city"
    begun = await sessions.start(ctx, owner_id=owner, port=PORTS[scheme])
    await sessions.put_out(ctx, owner)
    client, opened = http.as_(begun.access_token), []
    for door in doors_of(scheme):
        answer = await knock(ctx, client, door, body=door.body({}))
        if (answer.status, answer.code) != (401, "session_revoked"):
            opened.append(f"{door}: {answer.status}")
    assert opened == []


@PATIENT
async def test_nobody_opens_a_door_that_asks_who_it_is(ctx, http):
    await everybody(ctx, http)
    opened = []
    for scheme in PORTS:
        for door in doors_of(scheme):
            answer = await knock(ctx, http, door, body=door.body({}))
            if (answer.status, answer.code) != (401, "not_signed_in"):
                opened.append(f"{door}: {answer.status}")
    assert opened == []


async def test_what_is_no_access_token_is_none(ctx, http, clock):
    """A refresh token, a code of the station, a login code, a session's id."""
    begun = await sessions.start(ctx, owner_id="worker_1", port=Port.WORKER)
    shown = codes.show_station(ctx, "station_1", "phone_charging")
    for told in (
        begun.refresh_token,
        begun.refresh_token.partition(".")[0],
        shown.code,
        "w-1",
        f"{begun.access_token}.{begun.access_token}",
        begun.access_token.replace(".", ". "),
    ):
        answer = await http.as_(told).get("/worker/v1/me")
        assert (answer.status, answer.code) == (401, "token_invalid")


async def test_a_token_is_read_from_its_header_only(ctx, http):
    token = (await http.sign_in("w-1")).token
    for headers, path in (
        ({"Cookie": f"access_token={token}; token={token}"}, "/worker/v1/me"),
        ({"X-Access-Token": token}, "/worker/v1/me"),
        ({"Authorization": f"Basic {token}"}, "/worker/v1/me"),
        ({}, f"/worker/v1/me?access_token={token}"),
        ({"X-WX-OPENID": "o-1"}, "/worker/v1/me"),
        ({"X-Original-URL": "/worker/v1/me"}, "/worker/v1/me"),
    ):
        answer = await http.get(path, headers=headers)
        assert answer.status == 401, headers


def test_each_port_has_a_door_to_try():
    assert all(len(doors_of(scheme)) > 15 for scheme in PORTS)
