"""A class at the back office: planned, opened by another, filled, moved, marked."""

from datetime import timedelta

import pytest

from models.trainings import answers, attendance, roster
from tests.console import sheets
from tests.console.forms import choose, write_rule
from tests.models.stations.people import worker
from tests.models.trainings import courses
from tests.models.trainings.courses import sign, told, wait, who

NAMES = {"li": "李示例", "he": "何示例", "qian": "钱示例"}


@pytest.fixture
def managers(run, office):
    """Two who may manage the trainings of the east, and three workers."""

    async def furnish():
        for name, real_name in NAMES.items():
            await worker(office.ctx, name, real_name=real_name)
        return [await courses.manager(office.ctx, name) for name in ("wang", "zhao")]

    return run(furnish())


async def say_yes(page, title, button):
    await (
        page.get_by_role("dialog", name=title)
        .get_by_role("button", name=button, exact=True)
        .click()
    )


async def test_a_class_from_its_plan_to_a_seat_for_who_waited(office, managers):
    wang, zhao = managers
    desk = await office.desk(wang)
    page = await desk.open("/trainings")
    await desk.reads_well()
    await page.get_by_role("button", name="新建项目").click()
    await page.get_by_role("textbox", name="名称", exact=True).fill("示例·叉车操作入门")
    await page.get_by_label("简介").fill("三次课学会叉车的安全操作。")
    await page.get_by_label("地点名称").fill("示例·东区总工会培训室")
    await desk.reads_well()
    await page.get_by_role("button", name="新建", exact=True).click()
    await page.get_by_text("须由另一位有权限的同事核对后开放").wait_for()
    assert not await page.get_by_role("button", name="开放项目").is_visible()
    programme = page.url.rsplit("/", 1)[1]
    await page.get_by_role("button", name="新建班次").click()
    seats = page.get_by_role("spinbutton", name="总名额")
    await seats.fill("2")
    await seats.press("Tab")
    await desk.reads_well()
    await page.get_by_role("button", name="保存班次").click()
    await page.get_by_text("共2个，已占0个，余2个").wait_for()
    session = page.url.rsplit("/", 1)[1]

    other = await (await office.desk(zhao)).open(f"/trainings/{programme}")
    await other.get_by_role("button", name="开放项目").click()
    await say_yes(other, "开放项目", "开放")
    await other.get_by_role("button", name="下架").wait_for()
    await page.get_by_role("button", name="开放报名").click()
    await say_yes(page, "开放报名", "开放")
    await page.get_by_text("可报名", exact=True).wait_for()

    for name in ("li", "he"):
        await sign(office.ctx, name, session)
    waiting = await sign(office.ctx, "qian", session, or_wait=True)
    page = await desk.open(f"/trainings/sessions/{session}")
    await page.reload()
    await page.get_by_role("row", name="候补中（第1位）").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="调整名额").click()
    more = page.get_by_role("spinbutton", name="总名额改为")
    await more.fill("3")
    await more.press("Tab")
    await page.get_by_text("增加1个名额。").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="确定调整").click()
    await page.get_by_role("row", name="名额待确认").wait_for()
    now = office.ctx.clock.now()
    await answers.accept(office.ctx, waiting.id, by=who("qian"), received_at=now)
    await page.get_by_role("button", name="刷新").click()
    await page.get_by_role("row", name="名额待确认").wait_for(state="hidden")
    assert await page.get_by_role("row", name="已报名").count() == 3


async def test_who_may_sign_up_is_built_tried_and_seen_by_who_opens_it(
    office, managers
):
    wang, zhao = managers
    made = await courses.programme(office.ctx, standing="planned")
    desk = await office.desk(wang)
    page = await desk.open(f"/trainings/{made.id}")
    await page.get_by_text("不设条件，所有劳动者都可以报名。").wait_for()
    await page.get_by_role("button", name="修改").click()
    await write_rule(page)
    told = page.get_by_role("status", name="规则读一遍")
    await told.get_by_text("工会会员：是，才算符合。").wait_for()
    await page.get_by_label("条件1：依据").fill("")
    await page.get_by_role("button", name="试算").click()
    await page.get_by_text("报名条件还没有写完或有误").wait_for()
    await page.get_by_label("条件1：依据").fill("报名须知第1条")
    await choose(page, "人物2：工会会员", "是")
    await page.get_by_role("button", name="试算").click()
    await page.get_by_text("与预期不同：试算结果“符合”").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="保存", exact=True).click()
    await page.get_by_text("1个测试人物的结果与预期不一致。").wait_for()

    other = await (await office.desk(zhao)).open(f"/trainings/{made.id}")
    await other.get_by_role("button", name="开放项目").click()
    await say_yes(other, "开放项目", "开放")
    await other.get_by_role("alert").get_by_text("测试人物2：应为").wait_for()

    await page.get_by_role("button", name="修改").click()
    await choose(page, "人物2：工会会员", "否")
    await page.get_by_role("button", name="保存", exact=True).click()
    await page.get_by_text("3个测试人物的结果都与预期一致。").wait_for()
    await desk.reads_well()
    await other.reload()
    await other.get_by_text("还要问：工会会员").wait_for()
    await other.get_by_role("button", name="开放项目").click()
    await say_yes(other, "开放项目", "开放")
    await other.get_by_role("button", name="下架").wait_for()


@pytest.fixture
def run_of_three(run, office, managers):
    """A session that is open, with li and he in it and qian waiting."""

    async def furnish():
        await courses.course(office.ctx)
        for name in ("li", "he"):
            await sign(office.ctx, name)
        await wait(office.ctx, "qian")
        return managers

    return run(furnish())


async def test_a_move_is_shown_as_it_will_be_told_and_then_told(office, run_of_three):
    desk = await office.desk(run_of_three[0])
    page = await desk.open("/trainings/sessions/session_one")
    await page.get_by_role("button", name="改期").click()
    begins = page.get_by_role("combobox", name="第1次上课")
    ends = page.get_by_role("combobox", name="第1次下课")
    for field, moment in ((begins, "2026-12-08 14:00"), (ends, "2026-12-08 17:00")):
        await field.fill(moment)
        await field.press("Enter")
    await page.get_by_label("改期原因").fill("老师临时有事")
    preview = page.get_by_label("通知预览")
    place = "（示例·驿站）"
    said = f"由2026-12-07 09:00{place}改为2026-12-08 14:00{place}：老师临时有事。"
    await preview.get_by_text(said).wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="确定改期并通知").click()
    await page.get_by_text("已改期：原定2026-12-07 09:00").wait_for()
    await courses.deliver_events(office.ctx)
    for name in NAMES:
        assert "training_moved" in await told(office.ctx, name)


async def test_lessons_are_marked_by_hand_and_by_the_code_and_written_out(
    office, clock, run_of_three, tmp_path
):
    clock.put(courses.START + timedelta(minutes=5))
    desk = await office.desk(run_of_three[1])
    page = await desk.open("/trainings/sessions/session_one/code")
    code = page.get_by_role("img", name="签到二维码")
    await code.wait_for()
    await desk.reads_well()
    said = await code.get_attribute("data-code")
    await attendance.sign_in(office.ctx, said, by=who("he"))

    page = await desk.open("/trainings/sessions/session_one")
    learner = page.get_by_role("row", name="李*例")
    await learner.get_by_role("button", name="考勤").click()
    await page.get_by_text("迟到", exact=True).click()
    await page.get_by_text("人工登记：老师当堂点名").wait_for()
    await desk.reads_well()
    await page.keyboard.press("Escape")
    await learner.get_by_text("迟到").wait_for()
    await page.get_by_role("row", name="何*例").get_by_text("到课").wait_for()
    lines = await roster.of(office.ctx, "session_one", by=run_of_three[1])
    marks = {
        each.enrolment.worker_id: [m.mark for m in each.marks] for each in lines.items
    }
    assert (marks["worker_li"], marks["worker_he"]) == (["late"], ["present"])

    await page.get_by_role("button", name="导出名单").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="导出", exact=True).click()
    file = await waiting.value
    assert file.suggested_filename.startswith("名单_")
    await file.save_as(tmp_path / "roster.xlsx")
    names = {row[1] for row in sheets.rows(tmp_path / "roster.xlsx")[2:]}
    assert names == {"李*例", "何*例", "钱*例"}
