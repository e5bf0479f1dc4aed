"""A policy's whole way, every step at the console: written, returned, mended, over."""

from datetime import date, datetime, timedelta

from models.base import events
from models.base.clock import end_of
from models.reactions import REACTIONS
from tests.console.forms import choose, put_day, saved, write_rule
from tests.models.policies.papers import editor, reviewer
from tests.models.policies.texts import heard

TITLE = "灵活就业社保补贴"
REASON = "文号与原文件不一致，请核对。"
LAST_DAY = date(2026, 11, 30)
MOMENT = datetime.fromisoformat("2026-11-24T08:00:00+08:00")
SECOND = timedelta(seconds=1)

FIELDS = {
    "发文机关": "示例·高新区",
    "文号": "示例〔2026〕1号",
    "摘要": "每月补贴500元。",
}


async def found_by_workers(office):
    answer = await office.http.get("/worker/v1/policies?q=社保补贴")
    return [item["title"] for item in answer.body["items"]]


async def write_and_hand_in(desk):
    page = await desk.open("/contents")
    await page.get_by_role("button", name="新建稿件").first.click()
    sheet = page.get_by_role("dialog", name="新建稿件")
    await sheet.get_by_label("标题").fill(TITLE)
    await sheet.get_by_role("button", name="开始编写").click()
    await page.get_by_role("textbox", name="正文").click()
    await page.keyboard.type("在高新区干活的都能办")
    await choose(page, "政策主题", "社会保险")
    await choose(page, "政策层级", "区")
    await choose(page, "适用地区", "中原区")
    for label, words in FIELDS.items():
        await page.get_by_role("textbox", name=label, exact=True).fill(words)
    await put_day(page, "施行日期", "2026-01-01")
    await put_day(page, "展示截止日", str(LAST_DAY))
    await write_rule(page)
    await saved(page)
    await page.get_by_role("button", name="提交审核").click()
    await page.get_by_text("已提交审核").first.wait_for()


async def tell_everybody(office):
    while await events.deliver_one(office.ctx, REACTIONS):
        pass


async def mend_and_hand_in_again(desk):
    page = await desk.open("/messages")
    await page.get_by_role("main").get_by_role("link").first.wait_for()
    page = await desk.open("/contents?state=rejected")
    await page.get_by_role("link", name=TITLE).click()
    await page.get_by_role("alert").get_by_text(f"审核退回：{REASON}").wait_for()
    await page.get_by_role("textbox", name="文号").fill("示例〔2026〕2号")
    await saved(page)
    await page.get_by_role("button", name="提交审核").click()
    await page.get_by_text("已提交审核").first.wait_for()


async def open_from_the_queue(desk):
    await desk.open("/")
    page = await desk.open("/reviewing")
    row = page.get_by_role("row").filter(has_text=TITLE)
    await row.get_by_text("中原区").wait_for()
    await row.get_by_text("不到1小时").wait_for()
    await row.get_by_role("link", name=TITLE).click()
    await page.get_by_role("heading", name=TITLE, level=1).wait_for()
    return page


async def send_back(desk):
    page = await open_from_the_queue(desk)
    await page.get_by_text("3个测试人物的结果都与预期一致。").wait_for()
    people = page.get_by_role("region", name="测试人物的结果")
    await people.get_by_text("不符合的是：工会会员：是").wait_for()
    await people.get_by_text("还要问：工会会员").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name=REASON).click()
    await page.get_by_role("button", name="退回", exact=True).click()
    await page.get_by_text("已退回，编写人会收到原因。").wait_for()
    await page.get_by_role("listitem").get_by_text(REASON).wait_for()


async def let_pass_at_a_moment(desk):
    page = await open_from_the_queue(desk)
    await page.get_by_text("示例〔2026〕2号").first.wait_for()
    await page.get_by_text("定时发布", exact=True).click()
    moment = page.get_by_role("combobox", name="发布时间")
    await moment.click()
    await page.get_by_role("dialog", name="发布时间").wait_for()
    await desk.reads_well()
    await moment.fill("2026-11-24 08:00")
    await moment.press("Enter")
    await page.get_by_role("button", name="通过", exact=True).click()
    await page.get_by_text("将于2026-11-24 08:00自动发布。").wait_for()


async def test_a_policy_is_returned_then_scheduled_then_found_then_over(office, clock):
    other = await reviewer(office.ctx)
    mine = await office.desk(await editor(office.ctx))
    theirs = await office.desk(other)
    await write_and_hand_in(mine)
    await send_back(theirs)
    await tell_everybody(office)
    await mend_and_hand_in_again(mine)
    await let_pass_at_a_moment(theirs)
    await heard(office.ctx, editions=1)
    assert await found_by_workers(office) == []

    clock.put(MOMENT)
    assert await found_by_workers(office) == [TITLE]
    clock.put(end_of(LAST_DAY) - SECOND)
    assert await found_by_workers(office) == [TITLE]
    clock.put(end_of(LAST_DAY))
    assert await found_by_workers(office) == []
    page = await (await office.desk(other)).open("/reviewing?shelf=over")
    await page.get_by_role("link", name=TITLE).click()
    await page.get_by_text("已到期", exact=True).wait_for()
