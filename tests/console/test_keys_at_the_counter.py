"""A station's counter and its keeping by keyboard alone, also in an alarm."""

from playwright.async_api import expect

from models.stations import first_aid
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Kind
from models.stations.stations import Station
from models.unions.permissions import Permission
from models.unions.staff import Role
from tests.console.keys import sit
from tests.models.stations import people, places
from tests.models.unions.people import official

BOTH = (Role.STATION_CLERK, Role.FIRST_AID_RESPONDER)


async def register_three(keys):
    page = keys.page
    opener = page.get_by_role("button", name="无手机登记")
    await keys.reach(opener)
    await keys.press("Enter")
    sheet = await keys.into(page.get_by_role("dialog", name="无手机登记"))
    await keys.press("Escape")
    await sheet.wait_for(state="hidden")
    await expect(opener).to_be_focused()
    await keys.press("Enter")
    await keys.into(sheet)
    await keys.reach(sheet.get_by_role("radio", name="只计人数"))
    await keys.press("ArrowRight")
    await expect(sheet.get_by_role("radio", name="报手机号")).to_be_checked()
    await keys.press("ArrowLeft")
    await keys.reach(sheet.get_by_role("spinbutton", name="人数"))
    await keys.type("3")
    await keys.button("登记", within=sheet)
    await page.get_by_role("row", name="3人").wait_for()
    await expect(opener).to_be_focused()


async def answer_the_alarm(keys):
    page = keys.page
    await keys.back_to(page.get_by_role("button", name="马上处理"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="急救处理")).to_be_focused()
    await keys.button("我来处理，马上到")
    await expect(page.get_by_role("button", name="我已到场")).to_be_focused()
    await keys.press("Enter")
    await page.get_by_text("已到场").first.wait_for()
    await keys.are_kept()
    await keys.reach(page.get_by_role("radio", name="已处置"))
    await keys.press("ArrowRight", "ArrowLeft")
    await keys.write("记录", "已送医")
    await keys.button("结束")
    await page.get_by_text("已处置").last.wait_for()
    await keys.are_kept()


async def test_a_clerk_registers_undoes_and_answers_an_alarm(office):
    await people.crew(office.ctx)
    lu = await people.clerk(office.ctx, "lu", roles=BOTH)
    keys = await sit(office, "/desk", lu)
    page = keys.page
    await page.get_by_text("实时", exact=True).wait_for()
    await keys.button("开始值守（打开声音）")
    await keys.are_kept()
    await register_three(keys)
    answer = page.get_by_role("region", name="扫码核销").get_by_role("status")
    await keys.back_to(answer.get_by_role("button", name="撤销"))
    await keys.press("Enter")
    await answer.get_by_text("已撤销").wait_for()
    await keys.are_kept()
    called = Call(kind=Kind.CHEST_PAIN)
    await first_aid.call(office.ctx, "station_park", called, by=None)
    await answer_the_alarm(keys)


async def test_a_keeper_goes_by_the_tabs_and_types_the_hours(office):
    park = places.station(org_path="/unit_city/unit_east/", unit_id="unit_east")
    await places.put(office.ctx, park)
    wang = await official(office.ctx, "wang", permissions=[Permission.STATIONS])
    keys = await sit(office, "/stations", wang)
    page = keys.page
    await keys.reach(page.get_by_role("button", name="管理示例·park驿站"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="驿站")).to_be_focused()
    await keys.reach(page.get_by_role("tab", name="基本信息"))
    await keys.press("ArrowRight")
    hours = page.get_by_role("tab", name="开放时间")
    await expect(hours).to_be_focused()
    await expect(hours).to_have_attribute("aria-selected", "true")
    await keys.button("周一开放加一段")
    await keys.back_to(page.get_by_label("周一开放第2段开始"))
    await page.keyboard.type("2130")
    await keys.reach(page.get_by_label("周一开放第2段结束"))
    await page.keyboard.type("2300")
    await keys.write("原因", "夜间开放")
    await keys.button("先看影响")
    sheet = await keys.into(page.get_by_role("dialog", name="调整开放时间"))
    await keys.button("确定调整", within=sheet)
    await page.get_by_text("调整开放时间已生效").wait_for()
    await keys.are_kept()
    kept = await Station.find(office.ctx, _id="station_park")
    assert kept.hours.weekly.mon[-1] == "21:30-23:00"
