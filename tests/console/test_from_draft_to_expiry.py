"""A policy's whole way: handed in, returned, handed in again, found, over."""

from datetime import date, datetime, timedelta

from msgspec import structs

from models.base.clock import end_of
from models.policies import manuscripts, writing
from tests.models.policies.papers import TESTED, begun, content, editor, reviewer
from tests.models.policies.texts import heard

TITLE = "灵活就业社保补贴"
LAST_DAY = date(2026, 11, 30)
MOMENT = datetime.fromisoformat("2026-11-24T08:00:00+08:00")
SECOND = timedelta(seconds=1)


async def found_by_workers(office):
    answer = await office.http.get("/worker/v1/policies?q=社保补贴")
    return [item["title"] for item in answer.body["items"]]


async def open_from_the_queue(desk):
    page = await desk.open("/reviewing")
    await page.get_by_role("link", name=TITLE).click()
    await page.get_by_role("heading", name=TITLE, level=1).wait_for()
    return page


async def test_a_policy_is_returned_then_scheduled_then_found_then_over(office, clock):
    me, other = await editor(office.ctx), await reviewer(office.ctx)
    told = content(TITLE, valid_to=LAST_DAY, **TESTED)
    draft = await begun(office.ctx, me, told)
    await writing.submit(office.ctx, draft.id, by=me)

    desk = await office.desk(other)
    page = await open_from_the_queue(desk)
    await page.get_by_text("3个测试人物的结果都与预期一致。").wait_for()
    await desk.reads_well()
    reason = "文号与原文件不一致，请核对。"
    await page.get_by_role("button", name=reason).click()
    await page.get_by_role("button", name="退回", exact=True).click()
    await page.get_by_text("已退回，编写人会收到原因。").wait_for()
    await page.get_by_role("listitem").get_by_text(reason).wait_for()

    again = structs.replace(told, number="示例〔2026〕2号")
    version = (await manuscripts.find(office.ctx, draft.id, by=me)).lock_version
    await writing.save(office.ctx, draft.id, again, version=version, by=me)
    await writing.submit(office.ctx, draft.id, by=me)

    page = await open_from_the_queue(desk)
    await page.get_by_text("定时发布", exact=True).click()
    moment = page.get_by_role("combobox", name="发布时间")
    await moment.fill("2026-11-24 08:00")
    await moment.press("Enter")
    await page.get_by_role("button", name="通过", exact=True).click()
    await page.get_by_text("将于2026-11-24 08:00自动发布。").wait_for()
    await heard(office.ctx, editions=1)
    assert await found_by_workers(office) == []

    clock.put(MOMENT)
    assert await found_by_workers(office) == [TITLE]
    clock.put(end_of(LAST_DAY) - SECOND)
    assert await found_by_workers(office) == [TITLE]
    clock.put(end_of(LAST_DAY))
    assert await found_by_workers(office) == []
    page = await (await office.desk(other)).open(f"/reviewing/{draft.id}")
    await page.get_by_text("已到期", exact=True).wait_for()
