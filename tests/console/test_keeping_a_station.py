"""A union keeps its stations: shut with a preview, hours, ports, the rota's gaps."""

import pytest
from playwright.async_api import expect

from models.stations import bookings, hours
from models.stations.rotas import Rota
from models.stations.stations import Station
from models.unions.permissions import Permission
from models.unions.staff import Role, put_staff
from tests.console.forms import put_day
from tests.models.stations import people, places
from tests.models.stations.places import DAILY, at, slot, somebody
from tests.models.unions.people import official

EAST = "/unit_city/unit_east/"
BOOKED = ("0800", "0835", "0910")


@pytest.fixture
def park(run, office, clock):
    """A station of the east with three bookings tomorrow, and its clerk."""

    async def furnish():
        timed = hours.parse(DAILY | {"attended": {"mon": ["08:00-18:00"]}})
        await places.put(
            office.ctx, places.station(org_path=EAST, unit_id="unit_east", hours=timed)
        )
        clock.put(at("10:00"))
        for number, hour in enumerate(BOOKED):
            wanted = slot(hour, day="20261124")
            await bookings.book(office.ctx, wanted, by=somebody(f"w{number}"))

    return run(furnish())


async def keeper(office):
    who = await official(office.ctx, "wang", permissions=[Permission.STATIONS])
    return await office.desk(who)


async def typed(field, text):
    """Fill in a day or a moment by keyboard alone."""
    await field.fill(text)
    await field.press("Enter")


async def kept(office):
    return await Station.find(office.ctx, _id="station_park")


async def test_a_closure_is_previewed_then_done_and_the_bookings_fate_is_told(
    office, park
):
    desk = await keeper(office)
    page = await desk.open("/stations")
    await page.get_by_role("button", name="管理示例·park驿站").click()
    await page.get_by_role("tab", name="闭站与特殊日").click()
    shut = page.get_by_role("region", name="闭站", exact=True)
    await typed(shut.get_by_label("闭站从"), "2026-11-24 00:00")
    await typed(shut.get_by_label("闭站到"), "2026-11-25 00:00")
    await shut.get_by_role("textbox", name="原因").fill("停电检修")
    await shut.get_by_text("全部取消").click()
    await shut.get_by_role("button", name="先看影响，再闭站").click()
    sheet = page.get_by_role("dialog", name="闭站")
    await sheet.get_by_text("这会影响3个预约：全部取消。").wait_for()
    assert not (await kept(office)).hours.closures
    await desk.reads_well()
    await sheet.get_by_role("button", name="确定闭站").click()
    await page.get_by_text("闭站已生效。预约：取消3个").wait_for()
    await shut.get_by_role("row", name="停电检修").wait_for()
    await desk.reads_well()
    await page.get_by_role("tab", name="变更记录").click()
    await page.get_by_role("row", name="停电检修").get_by_text("取消3个").wait_for()
    await desk.reads_well()


async def test_hours_are_changed_in_a_form_with_a_preview(office, park):
    desk = await keeper(office)
    page = await desk.open("/stations/station_park?tab=hours")
    tuesday = page.get_by_role("group", name="周二开放")
    await tuesday.get_by_label("周二开放第1段开始").fill("09:00")
    await tuesday.get_by_role("button", name="周二开放加一段").click()
    await tuesday.get_by_label("周二开放第2段开始").fill("22:00")
    await tuesday.get_by_label("周二开放第2段结束").fill("02:00")
    await tuesday.get_by_text("到次日").wait_for()
    await page.get_by_role("textbox", name="原因").fill("夜间开放")
    await tuesday.get_by_role("button", name="周二开放加一段").click()
    await tuesday.get_by_label("周二开放第3段结束").fill("03:00")
    await tuesday.get_by_text("还没填开始时间").wait_for()
    assert await page.get_by_role("button", name="先看影响").is_disabled()
    await tuesday.get_by_role("button", name="删除周二开放第3段").click()
    await page.get_by_role("button", name="先看影响").click()
    sheet = page.get_by_role("dialog", name="调整开放时间")
    await sheet.get_by_text("这会影响").wait_for()
    await desk.reads_well()
    await sheet.get_by_role("button", name="确定调整").click()
    await page.get_by_text("调整开放时间已生效").wait_for()
    changed = (await kept(office)).hours.weekly.tue
    assert changed == ("09:00-20:00", "22:00-02:00")


async def test_whoever_was_overtaken_sees_both_versions_and_keeps_their_own(
    office, park
):
    page = await (await keeper(office)).open("/stations/station_park")
    await page.get_by_label("电话").fill("0371-00000007")
    other = await (await keeper(office)).open("/stations/station_park")
    await other.get_by_label("地址").fill("示例路1号")
    await other.get_by_role("button", name="保存").click()
    await other.get_by_text("已保存。").wait_for()
    await page.get_by_role("button", name="保存").click()
    both = page.get_by_label("两个版本")
    await both.get_by_role("row", name="示例路1号").wait_for()
    assert await page.get_by_label("电话").input_value() == "0371-00000007"
    await both.get_by_role("button", name="保留我填写的").click()
    await page.get_by_text("已保存。").wait_for()
    assert (await kept(office)).phone == "0371-00000007"


async def test_a_broken_port_is_paused_with_a_reason_and_used_again(office, park):
    desk = await keeper(office)
    page = await desk.open("/stations/station_park?tab=services")
    await page.get_by_role("button", name="手机充电2号可用").click()
    asked = page.get_by_role("dialog", name="停用手机充电2号")
    await asked.get_by_role("textbox").fill("插座坏了")
    await asked.get_by_role("button", name="确定").click()
    paused = page.get_by_role("button", name="手机充电2号已停用")
    await paused.wait_for()
    assert (await kept(office)).services[0].paused == (2,)
    await desk.reads_well()
    await paused.click()
    await page.get_by_role("button", name="启用", exact=True).click()
    await page.get_by_role("button", name="手机充电2号可用").wait_for()


async def test_the_hours_that_nobody_covers_are_told_in_words(office, park):
    desk = await keeper(office)
    page = await desk.open("/stations/station_park?tab=rota")
    gaps = page.get_by_label("无人响应的时段")
    await gaps.get_by_text("空缺").first.wait_for()
    await desk.reads_well()


async def test_the_rota_is_written_by_hand_and_closes_the_gaps(office, park):
    desk = await keeper(office)
    for name in ("lu", "song"):
        await put_staff(
            office.ctx,
            id_=f"staff_{name}",
            name={"lu": "陆示例", "song": "宋示例"}[name],
            openid=f"o-{name}",
            unit_id="unit_east",
            station_ids=["station_park"],
            roles=[Role.FIRST_AID_RESPONDER],
        )
    page = await desk.open("/stations/station_park?tab=rota")
    await page.get_by_role("button", name="编辑排班").click()
    form = page.get_by_role("form", name="编辑排班")
    for who in ("宋*例", "陆*例"):
        await form.get_by_role("combobox", name="加一位响应人").click()
        await page.get_by_role("option", name=who).click()
    await form.get_by_role("button", name="陆*例上移").click()
    first = form.get_by_role("group", name="第1位：陆*例")
    monday = first.get_by_role("group", name="陆*例周一", exact=True)
    await monday.get_by_role("button", name="陆*例周一加一段").click()
    await monday.get_by_label("陆*例周一第1段开始").fill("08:00")
    await monday.get_by_text("还没填结束时间").wait_for()
    await form.get_by_text("有时段只填了一半").wait_for()
    assert await form.get_by_role("button", name="保存排班").is_disabled()
    await desk.reads_well()
    await monday.get_by_label("陆*例周一第1段结束").fill("20:00")
    await form.get_by_text("有时段只填了一半").wait_for(state="hidden")
    await first.get_by_role("button", name="周一的时段用到每天").click()
    await form.get_by_role("combobox", name="后备呼叫").click(force=True)
    await page.get_by_role("option", name="宋*例").last.click()
    await page.keyboard.press("Escape")
    await form.get_by_role("button", name="加一个特殊日").click()
    await put_day(page, "第1个特殊日日期", "2026-11-25")
    await form.get_by_label("第1个特殊日原因").fill("义诊")
    await desk.reads_well()
    await form.get_by_role("button", name="保存排班").click()
    await page.get_by_text("排班已保存。").wait_for()
    gaps = page.get_by_role("region", name="无人响应的时段")
    await gaps.get_by_role("row", name="2026-11-25").wait_for()
    await expect(gaps.get_by_role("row", name="空缺")).to_have_count(1)
    await desk.reads_well()
    rota = await Rota.find(office.ctx, _id="rota_park")
    assert [each.staff_id for each in rota.responders] == ["staff_lu", "staff_song"]
    assert rota.responders[0].weekly.sun == ("08:00-20:00",)
    assert rota.on_call == ("staff_song",)


@pytest.mark.parametrize(
    ("choice", "kept"), [("保留我填写的", "义诊1"), ("用别人保存的", "义诊0")]
)
async def test_of_two_who_write_a_rota_the_later_chooses(office, park, choice, kept):
    pages = [
        await (await keeper(office)).open("/stations/station_park?tab=rota")
        for _ in range(2)
    ]
    for number, page in enumerate(pages):
        await page.get_by_role("button", name="编辑排班").click()
        await page.get_by_role("button", name="加一个特殊日").click()
        await put_day(page, "第1个特殊日日期", "2026-11-25")
        await page.get_by_label("第1个特殊日原因").fill(f"义诊{number}")
    await pages[0].get_by_role("button", name="保存排班").click()
    await pages[0].get_by_text("排班已保存。").wait_for()
    page = pages[1]
    await page.route("**/station_park/rota", breaks_when_read)
    await page.get_by_role("button", name="保存排班").click()
    await page.get_by_text("网络连接中断").first.wait_for()
    await page.unroute("**/station_park/rota", breaks_when_read)
    await page.get_by_role("button", name="保存排班").click()
    both = page.get_by_label("两个版本")
    await both.get_by_role("row", name="义诊0").get_by_text("义诊1").wait_for()
    await both.get_by_role("button", name=choice).click()
    await both.wait_for(state="hidden")
    reason = page.get_by_label("第1个特殊日原因")
    if kept == "义诊0":
        assert await reason.input_value() == kept
        await page.get_by_role("button", name="保存排班").click()
    await page.get_by_text("排班已保存。").wait_for()
    rota = await Rota.find(office.ctx, _id="rota_park")
    assert [each.reason for each in rota.special] == [kept]
    assert rota.rev == 2


async def breaks_when_read(route):
    """Let through what is written; what is read never comes."""
    if route.request.method == "GET":
        await route.abort()
    else:
        await route.fallback()


async def test_a_new_station_is_entered_with_its_week_and_services(office):
    desk = await keeper(office)
    page = await desk.open("/stations/new")
    await page.get_by_role("combobox", name="所属工会").click()
    await page.get_by_role("option", name="示例·东区企业工会").click()
    await page.get_by_label("名称").fill("示例·新驿站")
    await page.get_by_label("地址").fill("示例路2号")
    await page.get_by_label("电话").fill("0371-00000009")
    await page.get_by_text("热水", exact=True).click()
    await page.get_by_role("button", name="手机充电").click()
    await desk.reads_well()
    await page.get_by_role("button", name="登记驿站").click()
    await page.get_by_role("heading", name="示例·新驿站").wait_for()
    made = await Station.find(office.ctx, name="示例·新驿站")
    assert made.hours.weekly.mon == ("08:00-20:00",)
    assert made.services[0].ports == 4


async def test_a_clerk_shuts_their_own_station_and_opens_it_again(office, park):
    desk = await office.desk(await people.clerk(office.ctx))
    page = await desk.open("/desk/opening")
    shut = page.get_by_role("region", name="闭站", exact=True)
    await shut.get_by_role("textbox", name="原因").fill("停水")
    await shut.get_by_role("button", name="先看影响，再闭站").click()
    await page.get_by_role("dialog").get_by_text("这会影响3个预约").wait_for()
    await page.get_by_role("button", name="确定闭站").click()
    await shut.get_by_text("关闭（停水）").wait_for()
    await desk.reads_well()
    await shut.get_by_role("button", name="重新开放").click()
    await page.get_by_role("button", name="确定", exact=True).click()
    await page.get_by_text("已重新开放。").wait_for()
    assert (await kept(office)).hours.state_at(
        office.ctx.clock.now()
    ).status != "closed"
