"""What a desk wrote down and could not send: it goes by itself, once, under the name of
whoever wrote it; and one clerk's desk is the next one's, alarms and all.
"""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from models.stations import first_aid
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Kind
from models.stations.ledger import CheckIn
from tests.console import clerks
from tests.console.clerks import (
    BY_HAND,
    IMPORTS,
    SCANS,
    at_the_desk,
    both_may_sign_in,
    code_of_li,
    heads_of,
    no,
    sign_in,
    write_down,
)
from tests.console.test_a_stations_morning import shoot
from tests.models.stations.places import at


@pytest.fixture
def lu(run, office, clock):
    """A clerk of the park; it is ten to eleven."""
    return run(clerks.of_the_park(office, clock))


async def test_a_scan_that_is_still_worked_on_is_kept_and_comes_in_once(office, lu):
    page = await at_the_desk(await (await office.desk(lu)).open("/desk"))
    await page.route(SCANS, no(409, "in_progress", 1))
    await shoot(page, await code_of_li(office))
    await page.get_by_text("已记下：上一次还在处理，稍后自动补登").wait_for()
    came = page.get_by_label("今日到站")
    await came.get_by_role("row", name="李*例").get_by_text("扫预约码").wait_for()
    await expect(page.get_by_role("region", name="断网时记下的")).to_be_hidden()
    assert await heads_of(office) == [1]


async def test_what_a_failing_server_did_not_take_goes_while_the_line_is_live(
    office, lu
):
    page = await at_the_desk(await (await office.desk(lu)).open("/desk"))
    await page.route(BY_HAND, no(503, "unavailable", 1))
    await page.route(IMPORTS, no(503, "unavailable", 1))
    await write_down(page, 3)
    await page.get_by_text("已记下：网络中断，恢复后自动补登").wait_for()
    await page.get_by_label("今日到站").get_by_role("row", name="3人").wait_for()
    assert await heads_of(office) == [3]


async def test_a_row_that_cannot_be_read_does_not_keep_the_good_ones(office, lu):
    desk = await office.desk(lu)
    page = await at_the_desk(await desk.open("/desk"))
    rows = [
        kept("one", {"kind": "count_only", "people": 2}),
        kept("bad", {"kind": "by_phone_number", "number": "1" * 40}),
        kept("two", {"kind": "count_only", "people": 3}),
        kept("ahead", {"kind": "count_only", "people": 5}, when=at("10:58")),
        kept("song", {"kind": "count_only", "people": 4}, by="song"),
        kept("old", {"kind": "count_only"}, when=at("10:50") - timedelta(days=2)),
    ]
    script = "(rows) => localStorage.setItem('inn.waiting', JSON.stringify(rows))"
    await page.evaluate(script, rows)
    await page.reload()
    came = page.get_by_label("今日到站")
    await came.get_by_role("row", name="2人").wait_for()
    await came.get_by_role("row", name="3人").wait_for()
    left = page.get_by_role("region", name="断网时记下的")
    await left.get_by_text("没有登记：").wait_for()
    await (
        left.get_by_role("row", name="只计人数：5人").get_by_text("等待补登").wait_for()
    )
    await left.get_by_text("由宋*例记下，请本人登录后补登").wait_for()
    await page.get_by_text("有1条断网时记下的超过一天没有补登，已经删除。").wait_for()
    assert "11111" not in await page.evaluate("localStorage['inn.waiting']")
    await desk.reads_well()
    await left.get_by_role("row", name="5人").get_by_role("button").click()
    await page.get_by_role("dialog").get_by_role("button", name="删除").click()
    await left.get_by_text("断网时记下的（2）").wait_for()
    assert await heads_of(office) == [2, 3]


def kept(name, visit, *, by="lu", when=None):
    """Make what the desk keeps of a visit."""
    return {
        "id": name,
        "stationId": "station_park",
        "by": {"id": f"staff_{by}", "name": {"lu": "陆*例", "song": "宋*例"}[by]},
        "at": (when or at("10:40")).isoformat(),
        "what": {"visit": visit},
        "refused": "",
    }


async def test_what_one_clerk_wrote_down_goes_out_under_no_other_name(
    office, lu, clock
):
    page = await both_may_sign_in(office, lu)
    await sign_in(page, "luyi", clock)
    await at_the_desk(page)
    await page.route(BY_HAND, no(503, "unavailable", 1))
    await page.route(IMPORTS, no(503, "unavailable", 2))
    await write_down(page, 3)
    left = page.get_by_role("region", name="断网时记下的")
    await left.get_by_text("等待补登").wait_for()
    await page.get_by_role("button", name="退出").click()
    asked = page.get_by_role("dialog", name="还没有补登")
    await asked.get_by_text("还有1条没有补登").wait_for()
    await asked.get_by_role("button", name="留下").click()
    await page.get_by_label("账号").wait_for()
    await sign_in(page, "songyi", clock)
    await page.goto(f"{office.http.url}/console/#/desk")
    await at_the_desk(page)
    await left.get_by_text("由陆*例记下，请本人登录后补登").wait_for()
    assert await heads_of(office) == []
    await page.get_by_role("button", name="退出").click()
    await page.get_by_label("账号").wait_for()
    await sign_in(page, "luyi", clock)
    await page.goto(f"{office.http.url}/console/#/desk")
    await page.get_by_label("今日到站").get_by_role("row", name="3人").wait_for()
    (row,) = await CheckIn.many(office.ctx, {})
    assert row.by == lu.id


async def test_the_next_clerk_hears_the_alarm_and_the_sign_in_page_is_silent(
    office, lu, clock
):
    page = await both_may_sign_in(office, lu)
    await sign_in(page, "luyi", clock)
    await at_the_desk(page)
    alert = Call(kind=Kind.CHEST_PAIN)
    await first_aid.call(office.ctx, "station_park", alert, by=None)
    alarm = page.get_by_role("region", name="急救警报").get_by_role("alert")
    await alarm.get_by_text("急救 胸痛、喘不上气").wait_for()
    await page.wait_for_function("() => window.tones >= 6")
    async with page.expect_event("load"):
        await page.get_by_role("button", name="退出").click()
    await page.get_by_label("账号").wait_for()
    await page.evaluate("new Promise((later) => setTimeout(later, 2500))")
    assert await page.evaluate("window.tones") == 0
    await expect(page.get_by_text("胸痛")).to_be_hidden()
    await sign_in(page, "songyi", clock)
    await alarm.get_by_text("急救 胸痛、喘不上气").wait_for()
    await page.wait_for_function("() => window.tones >= 6")
    await alarm.get_by_role("button", name="马上处理").click()
    await page.get_by_role("button", name="我来处理，马上到").click()
    await alarm.get_by_text("已响应").wait_for()


async def test_a_shot_that_comes_while_another_is_waited_for_takes_its_turn(office, lu):
    page = await at_the_desk(await (await office.desk(lu)).open("/desk"))
    held = []

    async def hold(route):
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            await route.fallback()

    await page.route(SCANS, hold)
    await shoot(page, "not-a-code-of-ours")
    await page.wait_for_function("() => document.querySelector('.is-loading')")
    await shoot(page, await code_of_li(office))
    await page.get_by_text("还有1个在排队核销。").wait_for()
    await held[0].fallback()
    await page.get_by_text("通过：李*例，手机充电，可以进入").wait_for()
    await page.get_by_role("log").get_by_text("上一个不通过：").wait_for()
