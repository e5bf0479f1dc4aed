"""The audit by name: what is within reach is called, others and workers not."""

from datetime import timedelta

import pytest

from models.base import audit
from models.policies import ending, synonyms
from models.policies.search.synonyms import Group
from models.policies.texts import Because
from models.trainings.programmes import Standing
from models.unions.permissions import Permission
from tests.models.policies import papers
from tests.models.trainings import courses
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


async def auditor(ctx, http, *permissions):
    """Sign in somebody of the east who reads the audit, and what else is named."""
    may = (Permission.AUDIT, *permissions)
    return http.as_(await token(ctx, await official(ctx, "xie", permissions=may)))


async def test_a_draft_is_called_only_by_whoever_may_read_it(ctx, http):
    han = await papers.editor(ctx, "han")
    draft = await papers.begun(ctx, han)
    (entry,) = await read(await auditor(ctx, http))
    assert (entry["about"], entry["about_name"]) == (draft.id, None)
    (entry,) = await read(await auditor(ctx, http, Permission.POLICIES_REVIEW))
    assert entry["about_name"] == "社保补贴"


async def test_what_was_public_is_called_by_everybody_and_not_a_moment_before(
    ctx, http, clock
):
    han, cao = await papers.editor(ctx, "han"), await papers.reviewer(ctx, "cao")
    begins = clock.now() + timedelta(hours=1)
    await papers.published(ctx, han, cao, at=begins)
    titles = {each["about_name"] for each in await read(await auditor(ctx, http))}
    assert titles == {None}
    clock.put(begins)
    titles = {each["about_name"] for each in await read(await auditor(ctx, http))}
    assert titles == {"社保补贴"}


async def test_what_was_ended_before_it_began_was_never_public(ctx, http, clock):
    han, cao = await papers.editor(ctx, "han"), await papers.reviewer(ctx, "cao")
    begins = clock.now() + timedelta(hours=1)
    done = await papers.published(ctx, han, cao)
    of, told = done.document_id, papers.content("下一版")
    never = await papers.published(ctx, han, cao, told, at=begins, document_id=of)
    why = {"because": Because.IN_ERROR, "reason": "金额有误。"}
    clock.forward(timedelta(minutes=1))
    await ending.withdraw(ctx, done.id, by=cao, **why)
    clock.put(begins + timedelta(hours=1))
    named = {
        each["about"]: each["about_name"]
        for each in await read(await auditor(ctx, http))
    }
    assert named == {done.id: "社保补贴", never.id: None}


async def test_a_programme_is_called_once_it_was_open(ctx, http):
    planned = await courses.programme(ctx, standing=Standing.PLANNED)
    opened = await courses.programme(ctx, "two", standing=Standing.CLOSED)
    for each in (planned, opened):
        await note(ctx, what="training.plan", about=each.id, path=EAST)
    named = {
        each["about"]: each["about_name"]
        for each in await read(await auditor(ctx, http))
    }
    assert named == {planned.id: None, opened.id: "示例：two"}
    entries = await read(await auditor(ctx, http, Permission.TRAININGS))
    assert {each["about_name"] for each in entries} == {"示例：one", "示例：two"}


async def test_a_change_of_synonyms_is_read_where_the_editor_writes(ctx, http, east):
    han = await papers.editor(ctx, "han", unit="unit_east_firm")
    line = await synonyms.add(ctx, Group(terms=("骑手", "外卖员")), by=han)
    (entry,) = await read(east)
    assert (entry["what"], entry["about"]) == ("synonyms.add", line.id)


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
    assert await read(east, **{"from": "0001-01-01", "to": "0001-01-02"}) == []
    refused = await east.get(f"/union/v1/audit?from={day}&to={before}")
    assert (refused.status, refused.code) == (422, "span_backwards")
    first = await east.get(f"/union/v1/audit?from={before}&to=9999-12-31&limit=1")
    cursor = first.body["next"]
    (last,) = await read(east, **{"from": before, "cursor": cursor})
    assert last["what"] == "units.rename"
    assert await read(east, **{"from": day, "cursor": cursor}) == []
