"""The reviewers' screens: four eyes, what changed meanwhile, the calendar, versions."""

from datetime import date, datetime, timedelta

import pytest
from msgspec import structs

from models.base import events
from models.policies import reviewing, writing
from models.reactions import REACTIONS
from models.unions.permissions import Permission
from tests.console.forms import choose
from tests.models.policies.papers import (
    begun,
    chief,
    content,
    editor,
    published,
    reviewer,
    state,
    submitted,
)
from tests.models.policies.texts import until
from tests.models.unions import people

TITLE = "灵活就业社保补贴"


def at(day, hour=8):
    return datetime.fromisoformat(f"2026-11-{day:02d}T{hour:02d}:00:00+08:00")


async def another_version(office, first, by, **changes):
    """Take it back, write something else, hand it in again."""
    back = await writing.take_back(office.ctx, first.id, by=by)
    again, version = structs.replace(first.content, **changes), back.lock_version
    await writing.save(office.ctx, first.id, again, version=version, by=by)
    return await writing.submit(office.ctx, first.id, by=by)


async def test_nobody_lets_their_own_pass(office):
    boss = await chief(office.ctx)
    mine = await submitted(office.ctx, boss, content(TITLE))
    desk = await office.desk(boss)
    page = await desk.open("/reviewing")
    await page.get_by_text("没有等您审核的稿件。").wait_for()
    await desk.reads_well()
    await page.get_by_text("全部待审", exact=True).click()
    await page.get_by_role("link", name=TITLE).click()
    await page.get_by_text("须由其他同事审核").wait_for()
    assert not await page.get_by_role("button", name="通过并发布").count()
    await desk.reads_well()
    await page.get_by_role("button", name="不经审核，强制发布").click()
    box = page.get_by_role("dialog", name="强制发布")
    await box.get_by_role("textbox").fill("暴雨红色预警，马上要用")
    await box.get_by_role("button", name="确定").click()
    await page.get_by_text("未经审核强制发布，等待另一人确认").wait_for()
    assert await state(office.ctx, mine) == "published"

    other = await office.desk(await reviewer(office.ctx))
    page = await other.open(f"/reviewing/{mine.id}")
    await page.get_by_role("button", name="确认强制发布").click()
    await page.get_by_role("button", name="我已读过，确认").click()
    await page.get_by_text("曾强制发布，已由另一人确认").wait_for()


@pytest.mark.parametrize(
    ("permission", "own", "other"),
    [
        (Permission.POLICIES_WRITE, "稿件列表", "审核"),
        (Permission.POLICIES_REVIEW, "审核", "稿件列表"),
        (Permission.POLICIES_FORCE, "审核", "稿件列表"),
    ],
)
async def test_everybody_finds_the_list_of_their_own_trade(
    office, permission, own, other
):
    waiting = await submitted(office.ctx, await editor(office.ctx), content(TITLE))
    someone = await people.official(office.ctx, "xie", permissions=[permission])
    desk = await office.desk(someone)
    page = await desk.open(f"/reviewing/{waiting.id}")
    menu = page.get_by_role("navigation", name="主菜单")
    await menu.get_by_role("link", name=own, exact=True).wait_for()
    assert not await menu.get_by_role("link", name=other, exact=True).count()
    await page.get_by_role("link", name=f"← 回到{own.removesuffix('列表')}列表").click()
    await page.get_by_role("link", name=TITLE).wait_for()
    await desk.reads_well()


async def test_who_has_waited_longest_is_read_first(office, clock):
    me, other = await editor(office.ctx), await reviewer(office.ctx)
    first = await submitted(office.ctx, me, content("先交的"))
    clock.forward(timedelta(hours=30))
    await submitted(office.ctx, me, content("后交的"))
    desk = await office.desk(other)
    page = await desk.open("/reviewing")
    top = page.get_by_role("row").nth(1)
    await top.get_by_role("link", name="先交的").wait_for()
    await top.get_by_text("30小时").wait_for()
    await top.get_by_text("郑州高新技术产业开发区").wait_for()
    await desk.reads_well()
    await choose(page, "排序", "最新起草的在前")
    await top.get_by_role("link", name="后交的").wait_for()
    assert "order=newest" in page.url
    await reviewing.reject(office.ctx, first.id, by=other, remark="缺少原件。")
    await page.get_by_role("button", name="重置").click()
    await top.get_by_role("link", name="后交的").wait_for()


async def test_what_changed_while_it_was_read_is_shown_before_it_passes(office):
    me = await editor(office.ctx)
    first = await submitted(office.ctx, me, content(TITLE))
    desk = await office.desk(await reviewer(office.ctx))
    page = await desk.open(f"/reviewing/{first.id}")
    await page.get_by_label("审核意见").fill("可以发布")
    await another_version(office, first, me, summary="每月补贴600元。")
    await page.get_by_role("button", name="通过并发布").click()
    await (
        page.get_by_role("dialog", name="通过并立即发布")
        .get_by_role("button", name="通过并发布")
        .click()
    )
    both = page.get_by_role("dialog", name="稿件在您阅读之后有改动")
    await both.get_by_text("每月补贴500元。").wait_for()
    await both.get_by_text("每月补贴600元。").wait_for()
    await desk.reads_well()
    await both.get_by_role("button", name="改看现在的版本").click()
    await page.get_by_role("cell", name="每月补贴600元。").wait_for()
    assert await page.get_by_label("审核意见").input_value() == "可以发布"
    await page.get_by_role("button", name="通过并发布").click()
    await (
        page.get_by_role("dialog", name="通过并立即发布")
        .get_by_role("button", name="通过并发布")
        .click()
    )
    await page.get_by_text("已通过，公众现在就能看到。").wait_for()
    assert await state(office.ctx, first) == "published"


async def test_the_calendar_leads_to_what_is_due(office):
    me, other = await editor(office.ctx), await reviewer(office.ctx)
    told = content(TITLE, valid_to=date(2026, 11, 29))
    due = await published(office.ctx, me, other, told, at=at(26))
    desk = await office.desk(other)
    page = await desk.open("/reviewing/calendar")
    await page.get_by_text("2026年11月：1份发布，1份下线。").wait_for()
    await page.get_by_role("link", name=f"08:00 发布 {TITLE}").wait_for()
    await desk.reads_well()
    await page.get_by_text("列表", exact=True).click()
    await page.get_by_role("heading", name="2026-11-26 周四").wait_for()
    await desk.reads_well()
    assert "view=list" in page.url
    await page.get_by_role("link", name=TITLE).first.press("Enter")
    await page.get_by_role("button", name="取消排期").click()
    box = page.get_by_role("dialog", name="取消排期")
    await box.get_by_role("button", name="取消排期").click()
    await page.get_by_text("已通过审核，请选择发布时间。").wait_for()
    assert await state(office.ctx, due) == "approved"


async def test_two_versions_are_compared_and_the_older_taken_up_again(office):
    boss, other = await chief(office.ctx), await reviewer(office.ctx)
    told = content(TITLE)
    first = await published(office.ctx, boss, other, told)
    newer = structs.replace(told, body="## 谁能办\n\n在高新区干活、住满一年。")
    await published(
        office.ctx, boss, other, newer, document_id=first.document_id, at=at(23, 12)
    )
    desk = await office.desk(boss)
    page = await desk.open(f"/reviewing/policies/{first.document_id}/editions")
    table = page.get_by_role("region", name="改动对照")
    await table.get_by_role("row", name="修改").get_by_text("、住满一年").wait_for()
    await desk.reads_well()
    older = page.get_by_role("row").filter(has_text="第1版")
    await older.get_by_role("button", name="重新起草").click()
    await page.get_by_role("button", name="起草", exact=True).click()
    await page.get_by_text("草稿", exact=True).wait_for()


async def test_a_policy_is_pinned_seen_first_and_taken_down(office):
    first, second = [
        await published(
            office.ctx,
            await editor(office.ctx),
            await reviewer(office.ctx),
            content(title),
        )
        for title in ("先发布的", "后发布的")
    ]
    desk = await office.desk(await reviewer(office.ctx))
    page = await desk.open(f"/reviewing/{first.id}")

    async def stands_above(*titles):
        async def so():
            listed = await office.http.get("/worker/v1/policies")
            return [each["title"] for each in listed.body["pinned"]] == [*titles]

        await until(so)

    await page.get_by_text("最多同时置顶5条，现有0条").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="置顶", exact=True).click()
    await page.get_by_role("status").get_by_text("已置顶到2026-11-30").wait_for()
    await desk.reads_well()
    await stands_above("先发布的")
    day = page.get_by_role("combobox", name="置顶到")
    await day.fill("2027-06-01")
    await day.press("Enter")
    await page.get_by_role("button", name="改到这天").click()
    await page.get_by_text("置顶截止日须在今天到90天之内").wait_for()
    await page.get_by_role("button", name="取消置顶").click()
    box = page.get_by_role("dialog", name="取消置顶")
    await box.get_by_role("button", name="取消置顶").click()
    await page.get_by_text("最多同时置顶5条").wait_for()
    await stands_above()
    await desk.open(f"/reviewing/policies/{second.document_id}/editions")
    await page.get_by_role("button", name="置顶", exact=True).click()
    await page.get_by_role("status").get_by_text("已置顶到2026-11-30").wait_for()
    await desk.reads_well()
    await stands_above("后发布的")


async def test_a_withdrawal_tells_the_public_why(office):
    me, other = await editor(office.ctx), await reviewer(office.ctx)
    out = await published(office.ctx, me, other, content(TITLE))
    desk = await office.desk(other)
    page = await desk.open(f"/reviewing/{out.id}")
    await page.get_by_label("撤回原因").fill("金额有误，以新文件为准。")
    await desk.reads_well()
    await page.get_by_role("button", name="撤回", exact=True).click()
    box = page.get_by_role("dialog", name="撤回")
    await box.get_by_role("button", name="撤回", exact=True).click()
    await page.get_by_text("已撤回，公众看到的是撤回原因。").wait_for()
    assert await state(office.ctx, out) == "withdrawn"


async def test_a_link_shows_a_draft_to_whoever_has_it_until_it_is_taken_back(office):
    me = await editor(office.ctx)
    draft = await begun(office.ctx, me, content(TITLE))
    desk = await office.desk(me)
    page = await desk.open(f"/reviewing/{draft.id}")
    await page.get_by_role("button", name="生成预览链接").click()
    field = page.get_by_label("预览链接", exact=True)
    url = await field.input_value()
    leader = await office.desk(viewport={"width": 390, "height": 800})
    await leader.page.goto(url)
    await leader.page.get_by_role("heading", name=TITLE).wait_for()
    await leader.reads_well()
    await page.get_by_role("button", name="收回").click()
    box = page.get_by_role("dialog", name="收回链接")
    await box.get_by_role("button", name="收回", exact=True).click()
    await page.get_by_text("已收回").wait_for()
    await leader.page.reload()
    await leader.page.get_by_text("预览链接已失效").wait_for()


async def test_a_line_of_synonyms_is_added_changed_and_deleted(office):
    desk = await office.desk(await editor(office.ctx))
    page = await desk.open("/reviewing/synonyms")
    await page.get_by_role("button", name="新增").click()
    sheet = page.get_by_role("dialog", name="新增同义词")
    await sheet.get_by_label("同义的词").fill("社保、社会保险")
    await sheet.get_by_text("搜其中任何一个").wait_for()
    await desk.reads_well()
    await sheet.get_by_role("button", name="保存").click()
    line = page.get_by_role("row", name="社保 = 社会保险")
    await line.get_by_role("button", name="修改").click()
    sheet = page.get_by_role("dialog", name="修改同义词")
    await sheet.get_by_text("一个词带出其他词").click()
    await sheet.get_by_label("搜的词").fill("五险一金")
    await sheet.get_by_label("带出的词").fill("社会保险 住房公积金")
    await sheet.get_by_role("button", name="保存").click()
    line = page.get_by_role("row", name="五险一金 → 社会保险、住房公积金")
    await line.get_by_role("button", name="删除").click()
    box = page.get_by_role("dialog", name="删除同义词")
    await box.get_by_role("button", name="删除", exact=True).click()
    await page.get_by_text("还没有同义词").wait_for()


async def test_a_message_leads_to_the_manuscript_it_is_about(office):
    me, other = await editor(office.ctx), await reviewer(office.ctx)
    handed_in = await submitted(office.ctx, me, content(TITLE))
    await reviewing.reject(office.ctx, handed_in.id, by=other, remark="缺少原件。")
    while await events.deliver_one(office.ctx, REACTIONS):
        pass
    page = await (await office.desk(me)).open("/messages")
    await page.get_by_role("main").get_by_role("link").click()
    await page.get_by_role("heading", name=TITLE, level=1).wait_for()
