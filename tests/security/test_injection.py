"""No field of any door lets somebody speak to the database.

MongoDB's operators are objects, so wherever a door asks for a text, a number or a
list, an object is refused by shape before any verb runs.
"""

from itertools import cycle, product
from urllib.parse import quote

from msgspec import structs

from tests.security.doors import (
    DOORS,
    PATIENT,
    everybody,
    everything_kept,
    keys_in,
    knock,
    poisoned,
)

OPERATORS = [{"$gt": ""}, {"$where": "sleep(1)"}, [{"$ne": None}]]
"""In place of a value: what an unguarded filter would obey."""

NO_IDS = ['{"$gt":""}', "[$ne]", "$where", "a%00b", "..%2f..", "a" * 81, "%"]

TOLD = ["$where", "a.b", "$ne", "{$gt: ''}", "'; return true; //"]
"""As texts they are texts."""


@PATIENT
async def test_no_field_takes_an_operator(ctx, http):
    people = await everybody(ctx, http)
    taken, asked = [], 0
    asking = [door for door in DOORS if door.has_json]
    for door, operator in product(asking, OPERATORS):
        for field, is_open, body in poisoned(door.promise.body, operator, {}):
            answer = await knock(ctx, people.at(door), door, body=body)
            asked += 1
            refused = 400 <= answer.status < 500
            is_fine = is_open or door.promise.forgiving or refused
            if answer.status >= 500 or not is_fine:
                taken.append(f"{door} {field}: {answer.status} {answer.body}")
    assert asked > 400
    assert taken == []
    for shelf, row in [each async for each in everything_kept(ctx)]:
        assert not [key for key in keys_in(row) if key.startswith("$")], shelf


@PATIENT
async def test_no_query_takes_an_operator(ctx, http):
    people = await everybody(ctx, http)
    taken = []
    for door in DOORS:
        if door.promise.query is None:
            continue
        for field in structs.fields(door.promise.query):
            name = field.encode_name
            for asked in (f"{name}[$ne]=", f"{name}.$ne=1", f"{quote('$where')}=1"):
                answer = await knock(
                    ctx, people.at(door), door, path=f"{door.path({})}?{asked}"
                )
                if not 400 <= answer.status < 500:
                    taken.append(f"{door} ?{asked}: {answer.status}")
    assert taken == []


@PATIENT
async def test_no_path_takes_what_is_no_id(ctx, http):
    people = await everybody(ctx, http)
    taken, next_one = [], cycle(NO_IDS)
    for door in DOORS:
        for name in door.names:
            path = door.path({name: quote(next(next_one), safe="%")})
            answer = await knock(ctx, people.at(door), door, path=path)
            if answer.status != 404:
                taken.append(f"{door} {path}: {answer.status}")
    assert taken == []


async def test_what_looks_like_an_operator_is_a_text(http):
    me = await http.sign_in("w-1")
    for told in TOLD:
        answer = await me.post("/worker/v1/auth/refresh", {"refresh_token": told})
        assert answer.code == "refresh_invalid"
        answer = await me.patch("/worker/v1/me", {"nickname": told})
        assert answer.status < 500
