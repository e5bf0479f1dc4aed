"""The roster shows who is in, masked; staff add and take off with a reason."""

import asyncio
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from models.agenda import hours
from models.agenda.hours import Taken, TimeConflict
from models.base import aliases
from models.base.audit import Entry
from models.trainings import roster, roster_deeds, sheets
from models.trainings.admission import NotEligible
from models.trainings.enrolments import Enrolment, NoSuchEnrolment, State
from models.trainings.roster_deeds import NoSuchLearner
from models.trainings.seats import AlreadyEnrolled, SessionFull
from models.trainings.sessions import NoSuchTrainingSession
from models.trainings.sheets import ReasonNeeded
from models.trainings.sign_ups import EnrolmentOver
from models.trainings.turning import SessionMovedOn
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.workers import workers
from models.workers.workers import Worker
from tests.models.trainings.courses import (
    PLATFORM,
    RIDERS_ONLY,
    START,
    check_all_settled,
    course,
    deliver_events,
    is_,
    manager,
    sign,
    states,
    told,
    wait,
)
from tests.models.unions import people

HOUR = timedelta(hours=1)


async def worker(ctx, name, real_name="李示例", unit="unit_east_firm", **fields):
    """Somebody with a name and a number who belongs to a unit."""
    id_ = f"worker_{name}"
    await workers.put_worker(ctx, id_=id_, openid=f"o-{name}", name=real_name)
    about = {"unit_id": unit, "phone": ctx.secrets.seal("+8613812345678")}
    await Worker.change(ctx, {"_id": id_}, {"$set": about | fields})


async def add(ctx, name, *, override=False, by=None, **told_facts):
    return await roster_deeds.add(
        ctx,
        "session_one",
        f"worker_{name}",
        told=told_facts,
        reason="现场报名",
        override=override,
        by=by or await manager(ctx),
    )


async def busy(ctx, name):
    other = Taken(
        ref="booking_1",
        kind="vehicle_charging",
        title="电动车充电",
        start=START,
        end=START + HOUR,
        binding=True,
    )
    await hours.look(ctx, f"worker_{name}", [other])
    await hours.take(ctx, f"worker_{name}", [other])


async def test_the_roster_is_read_page_by_page_with_places_in_the_queue(ctx, clock):
    await course(ctx, seats=1)
    for name in ("a", "b", "c"):
        await worker(ctx, name)
        clock.forward(timedelta(seconds=1))
        await wait(ctx, name)
    wang = await manager(ctx)
    first = await roster.of(ctx, "session_one", limit=2, by=wang)
    rest = await roster.of(ctx, "session_one", cursor=first.next, limit=2, by=wang)
    lines = [*first.items, *rest.items]
    assert [(each.enrolment.worker_id, each.position) for each in lines] == [
        ("worker_c", 2),
        ("worker_b", 1),
        ("worker_a", None),
    ]
    waiting = await roster.of(
        ctx, "session_one", state=State.WAITLISTED, limit=9, by=wang
    )
    assert [each.position for each in waiting.items] == [1, 2]
    assert "示例" not in repr(lines)


async def test_whoever_waits_is_listed_in_the_order_of_the_queue(ctx, clock):
    await course(ctx, seats=1)
    for name in "abcdef":
        await worker(ctx, name)
        clock.forward(timedelta(seconds=1))
        await wait(ctx, name)
    await Enrolment.change(ctx, {"worker_id": "worker_e"}, {"$set": {"priority": -1}})
    wang, found, cursor = await manager(ctx), [], None
    while True:
        page = await roster.of(
            ctx, "session_one", state=State.WAITLISTED, cursor=cursor, limit=2, by=wang
        )
        found += [(each.enrolment.worker_id[-1], each.position) for each in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == [("e", 1), ("b", 2), ("c", 3), ("d", 4), ("f", 5)]


async def test_a_page_asks_the_same_questions_however_long_it_is(ctx):
    await course(ctx, seats=9)
    wang = await manager(ctx)
    counted = []
    for number in range(1, 9):
        await worker(ctx, f"w{number}")
        await sign(ctx, f"w{number}")
        if number in {1, 8}:
            before = await commands(ctx)
            await roster.of(ctx, "session_one", limit=50, by=wang)
            counted.append(await commands(ctx) - before)
    assert counted[0] == counted[1]


async def commands(ctx):
    status = await ctx.db.client.admin.command("serverStatus")
    found = status["metrics"]["commands"]
    return found["find"]["total"] + found["aggregate"]["total"]


async def test_staff_add_whom_they_know_past_the_window(ctx, clock):
    run = await course(ctx)
    await worker(ctx, "li")
    clock.put(run.sign_up_closes)
    added = await add(ctx, "li")
    assert added.state is State.ENROLLED
    assert len(await hours.of(ctx, "worker_li")) == 1
    (note,) = await Entry.many(ctx, {"what": "training.add"})
    assert (note.who, note.subject, note.reason, note.about) == (
        "staff_wang",
        await aliases.of(ctx, "worker_li"),
        "现场报名",
        added.id,
    )
    with pytest.raises(AlreadyEnrolled):
        await add(ctx, "li")
    clock.put(START)
    with pytest.raises(SessionMovedOn):
        await add(ctx, "li")
    await check_all_settled(ctx)


async def test_whom_nobody_here_knows_is_not_added(ctx):
    await course(ctx)
    await worker(ctx, "west", unit="unit_west_firm")
    await worker(ctx, "none", unit=None)
    await worker(ctx, "frozen", state="frozen")
    for name in ("west", "none", "frozen", "nobody"):
        with pytest.raises(NoSuchLearner):
            await add(ctx, name)
    assert await states(ctx) == {}


async def test_who_came_here_before_is_known(ctx):
    await course(ctx)
    await worker(ctx, "none", unit=None)
    enrolment = await sign(ctx, "none")
    await roster_deeds.remove(ctx, enrolment.id, reason="重复", by=await manager(ctx))
    assert (await add(ctx, "none")).state is State.ENROLLED


async def test_the_rule_and_the_seats_hold_for_staff_too(ctx):
    await course(ctx, seats=1, rule=RIDERS_ONLY)
    for name in ("li", "rider", "late"):
        await worker(ctx, name)
    await is_(ctx, "li", "employer")
    with pytest.raises(NotEligible):
        await add(ctx, "li")
    for name in ("rider", "late"):
        await is_(ctx, name, PLATFORM)
    await add(ctx, "rider", documents=["diploma"])
    with pytest.raises(SessionFull):
        await add(ctx, "late", documents=["diploma"])
    await check_all_settled(ctx)


async def test_a_clash_is_refused_or_overridden_and_then_shown(ctx):
    await course(ctx)
    await worker(ctx, "li")
    await busy(ctx, "li")
    with pytest.raises(TimeConflict) as told:
        await add(ctx, "li")
    assert (told.value.details, "您" in told.value.message) == ({}, False)
    assert (await check_all_settled(ctx)).left == 2
    added = await add(ctx, "li", override=True)
    assert added.clash.ref == "booking_1"
    await sign(ctx, "free")
    page = await roster.of(ctx, "session_one", clashing=True, by=await manager(ctx))
    assert [each.enrolment.id for each in page.items] == [added.id]
    assert {each.ref for each in await hours.of(ctx, "worker_li")} == {
        "booking_1",
        added.id,
    }
    await check_all_settled(ctx)


async def test_two_managers_add_one_person_once_on_one_seat(ctx):
    await course(ctx, seats=5)
    await worker(ctx, "li")
    wang, chen = await manager(ctx, "wang"), await manager(ctx, "chen")
    both = await asyncio.gather(
        add(ctx, "li", by=wang),
        add(ctx, "li", by=chen, override=True),
        return_exceptions=True,
    )
    (late,) = [each for each in both if isinstance(each, Exception)]
    assert isinstance(late, AlreadyEnrolled)
    assert (await check_all_settled(ctx)).left == 4


async def test_who_is_taken_off_is_told_and_the_next_gets_the_seat(ctx):
    await course(ctx, seats=1)
    await worker(ctx, "a")
    mine = await sign(ctx, "a")
    await wait(ctx, "b")
    wang = await manager(ctx)
    removed = await roster_deeds.remove(ctx, mine.id, reason="资料不符", by=wang)
    assert (removed.state, removed.reason) == (
        State.CANCELLED_BY_ORGANISER,
        "资料不符",
    )
    assert (await states(ctx))["b"] == "offered"
    assert await hours.of(ctx, "worker_a") == []
    await deliver_events(ctx)
    assert "enrolment_removed" in await told(ctx, "a")
    with pytest.raises(EnrolmentOver):
        await roster_deeds.remove(ctx, mine.id, reason="资料不符", by=wang)
    await check_all_settled(ctx)


async def test_another_branch_finds_no_roster(ctx):
    await course(ctx)
    await worker(ctx, "a")
    mine = await sign(ctx, "a")
    west = await manager(ctx, "west", unit="unit_west")
    for deed in (
        roster.of(ctx, "session_one", by=west),
        sheets.export(ctx, "session_one", unmasked=False, reason="", by=west),
        add(ctx, "a", by=west),
    ):
        with pytest.raises(NoSuchTrainingSession):
            await deed
    with pytest.raises(NoSuchEnrolment):
        await roster_deeds.remove(ctx, mine.id, reason="无", by=west)


STRINGS, PAGE = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells_of(content):
    """Texts of a spreadsheet, line by line; whatever is no text is named."""
    with ZipFile(BytesIO(content)) as parts:
        texts = ElementTree.fromstring(parts.read(STRINGS))  # noqa: S314 - ours
        page = ElementTree.fromstring(parts.read(PAGE))  # noqa: S314 - ours
    shared = ["".join(each.itertext()) for each in texts]
    return [
        [
            shared[int(cell.findtext(f"{SPREADSHEET}v"))]
            if cell.get("t") == "s"
            else cell.tag
            for cell in line
        ]
        for line in page.iter(f"{SPREADSHEET}row")
    ], [each.tag for each in page.iter(f"{SPREADSHEET}f")]


async def read(ctx, by, *, unmasked=False, reason=""):
    sheet = await sheets.export(
        ctx, "session_one", unmasked=unmasked, reason=reason, by=by
    )
    lines, formulas = cells_of(sheet.content)
    assert formulas == []
    return sheet.name, lines


async def test_the_sheet_is_masked_and_nothing_in_it_is_a_formula(ctx):
    await course(ctx)
    await worker(ctx, "a", real_name="=1+1")
    await sign(ctx, "a")
    name, lines = await read(ctx, await manager(ctx))
    assert name == "名单_20261123100000.xlsx"
    assert lines[1] == list(sheets.HEADINGS)
    assert lines[2][:4] == ["1", "=**1", "138****5678", "已报名"]
    assert await Entry.shelf(ctx).count_documents({"what": "worker.unmask"}) == 0


async def test_an_empty_sheet_says_so(ctx):
    await course(ctx)
    _, lines = await read(ctx, await manager(ctx))
    assert lines[2][0] == sheets.EMPTY


async def test_whole_names_need_the_power_and_a_reason_and_are_kept(ctx):
    await course(ctx)
    await worker(ctx, "a")
    await sign(ctx, "a")
    wang = await manager(ctx)
    with pytest.raises(PermissionMissing):
        await read(ctx, wang, unmasked=True, reason="发证书")
    both = (Permission.TRAININGS, Permission.WORKERS_UNMASK)
    li = await people.official(ctx, "li", permissions=both)
    with pytest.raises(ReasonNeeded):
        await read(ctx, li, unmasked=True, reason=" ")
    _, lines = await read(ctx, li, unmasked=True, reason="发证书")
    assert lines[2][1:3] == ["李示例", "+8613812345678"]
    (note,) = await Entry.many(ctx, {"what": "worker.unmask"})
    alias = await aliases.of(ctx, "worker_a")
    assert (note.who, note.subject, note.reason) == ("staff_li", alias, "发证书")
