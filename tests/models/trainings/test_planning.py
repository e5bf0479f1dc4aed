"""A programme is written by one, opened by another, seen by all only then."""

import asyncio

import msgspec
import pytest

from models.base.audit import Entry
from models.eligibility.facts import BadFacts
from models.eligibility.rules import BadRule
from models.trainings import catalogue, planning, programmes, sign_ups
from models.trainings.planning import (
    FourEyes,
    PersonsFail,
    ProgrammeDraft,
    ProgrammeMoved,
)
from models.trainings.programmes import NoSuchProgramme, Place, Standing, Topic
from models.trainings.turning import StaleVersion
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit
from tests.models.trainings.courses import (
    EAST,
    HERE,
    RIDERS_ONLY,
    manager,
    programme,
    session,
    who,
)
from tests.models.unions import people

PERSONS = (
    {
        "name": "示例：骑手",
        "facts": {"client_classes": ["platform_worker"], "documents": ["diploma"]},
        "expects": "eligible",
    },
    {
        "name": "示例：其他人",
        "facts": {"client_classes": ["employer"]},
        "expects": "not_eligible",
    },
    {"name": "示例：不清楚", "facts": {}, "expects": "unknown"},
)


def draft(**fields):
    return ProgrammeDraft(
        **{
            "title": "示例：急救",
            "summary": "学会心肺复苏。",
            "topic": Topic.SAFETY,
            "organiser": "示例·工会",
            "place": Place(name="示例·驿站", point=HERE),
        }
        | fields
    )


async def opened(ctx, written, by):
    return await planning.open_up(ctx, written.id, version=written.version, by=by)


async def test_one_writes_and_another_opens(ctx):
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    written = await planning.plan(
        ctx,
        "unit_east_firm",
        draft(rule=RIDERS_ONLY, test_persons=PERSONS),
        by=wang,
    )
    assert (written.standing, written.org_path) == (
        Standing.PLANNED,
        f"{EAST}unit_east_firm/",
    )
    assert written.audience == ("platform_worker",)
    with pytest.raises(NoSuchProgramme):
        await programmes.find_open(ctx, written.id)
    with pytest.raises(FourEyes):
        await opened(ctx, written, wang)
    public = await opened(ctx, written, li)
    assert (public.standing, public.version) == (Standing.OPEN, 2)
    assert await programmes.find_open(ctx, written.id) == public
    notes = await Entry.many(ctx, {"about": written.id})
    assert {(note.who, note.what) for note in notes} == {
        ("staff_wang", "training.plan"),
        ("staff_li", "training.open"),
    }


async def test_who_changed_it_does_not_open_it_either(ctx):
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    chen = await manager(ctx, "chen")
    written = await planning.plan(ctx, "unit_east", draft(), by=wang)
    changed = await planning.change(
        ctx, written.id, draft(title="示例：改过"), version=1, by=li
    )
    assert (changed.title, changed.version) == ("示例：改过", 2)
    for hand in (wang, li):
        with pytest.raises(FourEyes):
            await opened(ctx, changed, hand)
    assert (await opened(ctx, changed, chen)).written_by == frozenset()


async def test_lent_power_is_the_lenders_hand(ctx):
    wang = await manager(ctx, "wang")
    await people.official(ctx, "deputy")
    await people.grant(
        ctx,
        "staff_deputy",
        unit="unit_east",
        permissions=(Permission.TRAININGS,),
        lent_by="staff_wang",
    )
    deputy = await people.again(ctx, "staff_deputy")
    written = await planning.plan(ctx, "unit_east", draft(), by=wang)
    with pytest.raises(FourEyes):
        await opened(ctx, written, deputy)


async def test_an_open_programme_is_closed_before_it_is_changed(ctx):
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    written = await planning.plan(ctx, "unit_east", draft(), by=wang)
    public = await opened(ctx, written, li)
    with pytest.raises(ProgrammeMoved) as refused:
        await planning.change(ctx, written.id, draft(), version=2, by=wang)
    assert refused.value.details == {"standing": "open"}
    closed = await planning.close(ctx, public.id, version=2, reason="内容有误", by=wang)
    with pytest.raises(NoSuchProgramme):
        await programmes.find_open(ctx, written.id)
    changed = await planning.change(
        ctx, closed.id, draft(), version=closed.version, by=wang
    )
    assert (await opened(ctx, changed, li)).standing is Standing.OPEN


async def test_a_rule_that_makes_no_sense_is_not_kept(ctx):
    wang = await manager(ctx)
    with pytest.raises(BadRule) as refused:
        await planning.plan(ctx, "unit_east", draft(rule={"all": []}), by=wang)
    assert refused.value.problems[0].path.startswith("$")
    assert await ctx.db["programmes"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        ({"name": "少了结果"}, PersonsFail),
        ({**PERSONS[0], "facts": {"$unheard": 2**70}}, BadFacts),
    ],
)
async def test_a_person_who_means_nothing_is_not_kept(ctx, person, refusal):
    wang = await manager(ctx)
    made_up = draft(rule=RIDERS_ONLY, test_persons=(person,))
    with pytest.raises(refusal):
        await planning.plan(ctx, "unit_east", made_up, by=wang)
    assert await ctx.db["programmes"].count_documents({}) == 0


async def test_a_rule_whose_persons_come_out_otherwise_does_not_open(ctx):
    wang, li = await manager(ctx, "wang"), await manager(ctx, "li")
    wrong = ({**PERSONS[0], "expects": "not_eligible"}, *PERSONS[1:])
    written = await planning.plan(
        ctx, "unit_east", draft(rule=RIDERS_ONLY, test_persons=wrong), by=wang
    )
    with pytest.raises(PersonsFail) as refused:
        await opened(ctx, written, li)
    assert refused.value.details["problems"][0]["path"] == "$[0]"


async def test_who_has_seen_an_older_version_changes_nothing(ctx):
    wang = await manager(ctx)
    written = await planning.plan(ctx, "unit_east", draft(), by=wang)
    both = await asyncio.gather(
        *(
            planning.change(
                ctx, written.id, draft(title=f"示例：{name}"), version=1, by=wang
            )
            for name in ("甲", "乙")
        ),
        return_exceptions=True,
    )
    (stale,) = [each for each in both if isinstance(each, StaleVersion)]
    assert stale.details == {"version": 2}


async def test_nothing_outside_ones_subtree_is_seen_or_touched(ctx):
    wang = await manager(ctx)
    west = await manager(ctx, "west", unit="unit_west")
    nobody = await people.official(ctx, "nobody")
    written = await planning.plan(ctx, "unit_east", draft(), by=wang)
    for unit in ("unit_west", "unit_city", "unit_none"):
        with pytest.raises(NoSuchUnit):
            await planning.plan(ctx, unit, draft(), by=wang)
    for deed in (
        planning.change(ctx, written.id, draft(), version=1, by=west),
        planning.open_up(ctx, written.id, version=1, by=west),
        planning.close(ctx, written.id, version=1, reason="无", by=west),
        planning.reach(ctx, written.id, by=west),
    ):
        with pytest.raises(NoSuchProgramme):
            await deed
    assert (await planning.of(ctx, by=west)).items == []
    assert [each.id for each in (await planning.of(ctx, by=wang)).items] == [written.id]
    with pytest.raises(PermissionMissing):
        await planning.of(ctx, by=nobody)
    with pytest.raises(PermissionMissing):
        await planning.plan(ctx, "unit_east", draft(), by=nobody)
    assert await ctx.db["programmes"].count_documents({}) == 1


async def test_what_is_not_open_is_not_listed_and_takes_nobody(ctx):
    await programme(ctx, standing=Standing.PLANNED)
    await session(ctx)
    assert (await catalogue.listed(ctx)).items == []
    assert await catalogue.newest(ctx, 10) == []
    assert await catalogue.near(ctx, HERE, 10, 10) == []
    with pytest.raises(NoSuchProgramme):
        await sign_ups.sign_up(
            ctx, "session_one", by=who("li"), received_at=ctx.clock.now()
        )


def test_a_draft_says_every_field_of_the_programme_it_can():
    fields = {each.name for each in msgspec.structs.fields(ProgrammeDraft)}
    assert fields <= {
        each.name for each in msgspec.structs.fields(programmes.Programme)
    }
