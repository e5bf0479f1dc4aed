"""The audit by name: what is within reach is called, others and workers not."""

from datetime import timedelta

import pytest

from models.base import audit
from tests.models.unions.people import administrator, official, token


@pytest.fixture
def east(run, ctx, http):
    """Who oversees the east, one of the city above, and one of the west beside."""

    async def enter():
        for name, unit in (("city", "unit_city"), ("east", "unit_east")):
            await administrator(ctx, name, unit=unit)
        return http.as_(await token(ctx, await official(ctx, "east")))

    return run(enter())


async def note(ctx, *, who="staff_east", what="units.rename", about, path, **other):
    """Keep a deed as a verb does."""
    deed = {"who": who, "what": what, "about": about, "org_path": path}
    return await audit.note(ctx, **deed | other)


EAST = "/unit_city/unit_east/"


async def read(client, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = await client.get(f"/union/v1/audit?{asked}")
    assert answer.status == 200
    return answer.body["items"]


async def test_who_and_what_are_called_as_far_as_one_reaches(ctx, east, clock):
    await note(ctx, about="unit_east_firm", path=EAST)
    clock.forward(timedelta(seconds=1))
    await note(ctx, who="staff_city", about="staff_east", path=EAST)
    clock.forward(timedelta(seconds=1))
    await note(
        ctx, about="unit_west", path=EAST, acting_for="staff_city", reason="区划调整"
    )
    other, own, mine = await read(east)
    assert (mine["who_name"], mine["about_name"]) == ("王*例", "示例·东区企业工会")
    assert (own["who"], own["who_name"], own["about_name"]) == (
        "staff_city",
        None,
        "王*例",
    )
    assert (other["acting_for_name"], other["about_name"]) == (None, None)


async def test_a_grant_is_called_after_whose_it_is(ctx, east):
    given = {
        "account_id": "staff_east",
        "unit_id": "unit_east_firm",
        "role": "editor",
    }
    await official(ctx, "wang", unit="unit_east_firm")
    made = await east.post("/union/v1/grants", given | {"account_id": "staff_wang"})
    assert made.status == 201
    (entry,) = await read(east)
    assert (entry["what"], entry["about_name"]) == ("grants.give", "王*例")


async def test_a_worker_is_called_by_nobody(ctx, east):
    await note(ctx, what="lookups.freeze", about="worker_1", path=EAST)
    (entry,) = await read(east)
    assert entry["about"].startswith("person_")
    assert entry["about_name"] is None


async def test_deeds_and_days_are_chosen(ctx, east, clock):
    now = clock.now()
    clock.put(now - timedelta(days=1))
    await note(ctx, about="unit_east", path=EAST)
    clock.put(now)
    await note(ctx, what="units.plant", about="unit_east_firm", path=EAST)
    day = clock.today().isoformat()
    before = (clock.today() - timedelta(days=1)).isoformat()
    assert [each["what"] for each in await read(east, to=before)] == ["units.rename"]
    assert [each["what"] for each in await read(east, **{"from": day})] == [
        "units.plant"
    ]
    assert len(await read(east, what="units.rename")) == 1
    assert await read(east, what="units.rename", **{"from": day}) == []
    assert await read(east, **{"from": day, "to": "0001-01-01"}) == []
    first = await east.get(f"/union/v1/audit?from={before}&to=9999-12-31&limit=1")
    cursor = first.body["next"]
    (last,) = await read(east, **{"from": before, "cursor": cursor})
    assert last["what"] == "units.rename"
    assert await read(east, **{"from": day, "cursor": cursor}) == []
