"""No number, day or moment is so far out that a door comes to grief over it.

JSON bounds none of them: what MongoDB cannot keep, or what has no name in UTC, is
refused by shape, with its path, before any verb runs; a day at either end is a day.
"""

from datetime import date, datetime
from itertools import product

import pytest
from msgspec import structs

from models.base import pages
from models.base.bounds import LAST_YEAR, MOST
from tests.house.branches import ids_at
from tests.house.minimal import minimal
from tests.security.doors import DOORS, PATIENT, everybody, knock, poisoned

NUMBERS = [MOST + 1, -MOST - 2, 10**30]
DAYS = ["0001-01-01", "9999-12-31"]
MOMENTS = ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"]
EXTREMES = [*NUMBERS, *DAYS, *MOMENTS]

WHO = "booking_one"
SPOTS = [
    spot
    for extreme in EXTREMES
    for spot in (
        extreme,
        [extreme, WHO],
        [extreme, WHO, None],
        [0, extreme, WHO],
        [0, WHO, extreme],
        [extreme, 0, extreme, WHO],
        {"place": extreme},
    )
]
"""What somebody may put into a cursor, whatever it is made of at a door."""


@PATIENT
async def test_no_query_is_too_far_out(ctx, http):
    people, ids = await everybody(ctx, http), ids_at("city")
    fell, asked = [], 0
    for door in DOORS:
        if door.promise.query is None:
            continue
        usual = minimal(door.promise.query, ids, optional=True)
        names = [field.encode_name for field in structs.fields(door.promise.query)]
        for name, extreme in product(names, EXTREMES):
            told = usual | {name: str(extreme).replace("+", "%2B")}
            query = "&".join(f"{key}={value}" for key, value in told.items())
            path = f"{door.path(ids)}?{query}"
            answer = await knock(ctx, people.at(door), door, path=path)
            asked += 1
            if answer.status >= 500:
                fell.append(f"{path}: {answer.status}")
    assert asked > 500
    assert fell == []


@PATIENT
async def test_no_cursor_is_too_far_out(ctx, http):
    people, ids = await everybody(ctx, http), ids_at("city")
    fell, asked = [], 0
    for door in DOORS:
        shape = door.promise.query
        if shape is None or "cursor" not in shape.__struct_fields__:
            continue
        for spot in SPOTS:
            told = door.query(ids) or "?"
            path = f"{door.path(ids)}{told}&cursor={pages.encode(spot)}"
            answer = await knock(ctx, people.at(door), door, path=path)
            asked += 1
            if answer.status >= 500:
                fell.append(f"{path} {spot}: {answer.status}")
    assert asked > 500
    assert fell == []


@PATIENT
async def test_no_field_is_too_far_out(ctx, http):
    people, ids = await everybody(ctx, http), ids_at("city")
    fell, refused = [], 0
    asking = [door for door in DOORS if door.has_json]
    for door, extreme in product(asking, EXTREMES):
        for field, _, body in poisoned(door.promise.body, extreme, ids):
            path = door.path(ids) + door.query(ids)
            answer = await knock(ctx, people.at(door), door, path=path, body=body)
            refused += answer.status == 422
            if answer.status >= 500:
                fell.append(f"{door} {field}={extreme}: {answer.status}")
    assert refused > 500
    assert fell == []


async def test_who_is_refused_is_told_where_and_what_to_do(ctx, http):
    people, ids = await everybody(ctx, http), ids_at("city")
    (door,) = [d for d in DOORS if str(d) == "POST /union/v1/grants"]
    body = door.body(ids) | {"ends_at": f"{LAST_YEAR + 1}-01-01T00:00:00Z"}
    answer = await knock(ctx, people.at(door), door, body=body)
    assert answer.status == 422
    assert answer.body["details"] == {"path": "$.ends_at", "problem": "out of bounds"}
    assert str(LAST_YEAR) in answer.body["message"]


@pytest.mark.parametrize(("spot", "shape"), [(MOST + 1, int), (MOMENTS[0], datetime)])
def test_a_cursor_too_far_out_is_none_of_ours(spot, shape):
    with pytest.raises(pages.BadCursor):
        pages.decode(pages.encode(spot), shape)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_cursor_may_hold_any_day_that_is_kept(day):
    assert pages.decode(pages.encode(day), date) == day
