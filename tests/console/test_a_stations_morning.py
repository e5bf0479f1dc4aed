"""A station's morning at the desk: gun, camera, no phone, an alarm, a restart."""

import asyncio
import time
from datetime import timedelta

import pytest
from playwright.async_api import expect

from models.stations import bookings, codes, first_aid
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Kind
from models.stations.ledger import CheckIn
from models.unions.staff import Role
from tests.client import serve
from tests.console import film
from tests.models.stations import people
from tests.models.stations.places import at, slot

BOTH = (Role.STATION_CLERK, Role.FIRST_AID_RESPONDER)


@pytest.fixture
def park(run, office, clock):
    """A station, and a worker whose booking at 10:55 may be used now."""

    async def furnish():
        await people.crew(office.ctx)
        li = await people.worker(office.ctx)
        booking = await bookings.book(office.ctx, slot("1055"), by=li)
        clock.put(at("10:50"))
        return li, booking

    return run(furnish())


async def clerk(office, **view):
    return await office.desk(await people.clerk(office.ctx, "lu", roles=BOTH), **view)


async def code_of(office, park):
    li, booking = park
    return (await codes.of_booking(office.ctx, booking.id, by=li)).code


KEY_SECONDS = 0.005
"""Between two keys of a gun."""


async def shoot(page, code):
    """Type as a scanner gun does: anywhere, at once, with Enter."""
    keys = await page.context.new_cdp_session(page)
    pressed = [{"key": each, "text": each} for each in code]
    pressed.append({"key": "Enter", "code": "Enter", "text": "\r"})
    said = [{"type": "keyDown"} | each for each in pressed]
    sent = (keys.send("Input.dispatchKeyEvent", each) for each in in_a_row(said))
    await asyncio.gather(*sent)


def in_a_row(keys):
    """Say when each key went down, as a gun presses them, however busy the machine."""
    began = time.time()
    return [key | {"timestamp": began + n * KEY_SECONDS} for n, key in enumerate(keys)]


UNDER_AN_INPUT_METHOD = """(code) => {
  const press = (key, code, shiftKey) => document.body.dispatchEvent(
    new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true}))
  const marks = {'.': ['Period', false], '_': ['Minus', true], '-': ['Minus', false]}
  for (const each of code) {
    const isBig = each !== each.toLowerCase()
    const other = /[0-9]/.test(each)
      ? [`Digit${each}`, false] : [`Key${each.toUpperCase()}`, isBig]
    press('Process', ...(marks[each] ?? other))
  }
  press('Enter', 'Enter', false)
}"""
"""Keys as a browser tells them while a Chinese input method is on."""


async def test_the_gun_lets_in_once_then_says_why_not_and_may_be_undone(office, park):
    desk = await clerk(office)
    page = await desk.open("/desk")
    await page.get_by_text("实时", exact=True).wait_for()
    code = await code_of(office, park)
    await shoot(page, code)
    answer = page.get_by_label("扫码核销").get_by_role("status")
    await answer.get_by_text("通过：李*例，手机充电，可以进入").wait_for()
    came = page.get_by_label("今日到站").get_by_role("row", name="李*例")
    await came.wait_for()
    await page.evaluate(UNDER_AN_INPUT_METHOD, code)
    await answer.get_by_text("不通过：").wait_for()
    await desk.reads_well()
    await came.get_by_role("button", name="撤销").click()
    await page.get_by_role("row", name="撤销记录").wait_for()


async def test_the_gun_is_understood_while_pinyin_is_composed_in_the_field(
    office, park
):
    page = await (await clerk(office)).open("/desk")
    field = page.get_by_label("预约码")
    await field.focus()
    code = await code_of(office, park)
    keys = await page.context.new_cdp_session(page)
    typed = []
    *letters, enter = in_a_row([composing(letter) for letter in f"{code}\n"])
    for length, letter in enumerate(letters, 1):
        shown = {"text": code[:length], "selectionStart": 0, "selectionEnd": 0}
        typed.append(keys.send("Input.dispatchKeyEvent", letter))
        typed.append(keys.send("Input.imeSetComposition", shown))
    typed.append(keys.send("Input.dispatchKeyEvent", enter))
    typed.append(keys.send("Input.insertText", {"text": code}))
    await asyncio.gather(*typed)
    await page.get_by_text("通过：李*例，手机充电，可以进入").wait_for()
    await expect(field).to_have_value("")


def composing(letter):
    """Return a key going down as a browser with an input method on tells it."""
    kinds = {"\n": "Enter", ".": "Period", "-": "Minus", "_": "Minus"}
    other = f"Digit{letter}" if letter.isdigit() else f"Key{letter.upper()}"
    shifted = letter == "_" or letter != letter.lower()
    return {
        "type": "rawKeyDown",
        "key": "Process",
        "code": kinds.get(letter, other),
        "modifiers": 8 if shifted else 0,
        "windowsVirtualKeyCode": 229,
    }


async def test_the_camera_reads_what_is_held_before_it(office, park, tmp_path):
    shown = film.put(tmp_path / "code.y4m", await code_of(office, park))
    flags = [f"--use-file-for-fake-video-capture={shown}"]
    page = await (await clerk(office, flags=flags)).open("/desk")
    await page.get_by_role("button", name="摄像头扫码").click()
    await page.get_by_text("通过：李*例，手机充电，可以进入").wait_for()


async def test_whoever_has_no_phone_is_written_down(office, park):
    page = await (await clerk(office)).open("/desk")
    await page.get_by_role("button", name="无手机登记").click()
    sheet = page.get_by_role("dialog", name="无手机登记")
    await sheet.get_by_role("spinbutton", name="人数").fill("3")
    await sheet.get_by_role("button", name="登记", exact=True).click()
    await page.get_by_role("row", name="3人").wait_for()


async def test_whoever_phones_has_their_booking_called_off(office, park):
    desk = await clerk(office)
    page = await desk.open("/desk/bookings")
    row = page.get_by_role("row", name="李*例")
    await row.get_by_role("button", name="取消").click()
    sheet = page.get_by_role("dialog", name="取消10:55–11:25的预约")
    await sheet.get_by_role("button", name="确定").click()
    await sheet.get_by_text("至少写2个字").wait_for()
    await sheet.get_by_role("textbox").fill("本人来电取消")
    await desk.reads_well()
    await sheet.get_by_role("button", name="确定").click()
    await row.get_by_text("驿站取消").wait_for()
    assert await row.get_by_role("button").count() == 0


async def test_an_alarm_rings_over_every_screen_and_is_taken_once(office, park):
    lu = await clerk(office)
    song = await people.clerk(office.ctx, "song", roles=BOTH)
    other = await (await office.desk(song)).open("/desk/bookings")
    page = await lu.open("/desk")
    await page.get_by_text("实时", exact=True).wait_for()
    await other.get_by_text("实时", exact=True).wait_for()
    called = Call(kind=Kind.CHEST_PAIN)
    await first_aid.call(office.ctx, "station_park", called, by=None)
    await other.get_by_text("急救 胸痛、喘不上气").wait_for()
    await page.get_by_role("button", name="马上处理").click()
    await lu.reads_well()
    await page.get_by_role("button", name="我来处理，马上到").click()
    await page.get_by_role("button", name="我已到场").click()
    await page.get_by_role("button", name="结束", exact=True).click()
    await page.get_by_text("已处置").last.wait_for()
    await other.get_by_text("急救 胸痛、喘不上气").wait_for(state="hidden")


COUNTING_TONES = """() => {
  window.tones = 0
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...at) {
    window.tones += 1
    return start.apply(this, at)
  }
}"""


async def test_an_alarm_sounds_until_somebody_answers_and_its_clock_runs(
    office, park, clock
):
    page = await (await clerk(office)).open("/desk/bookings")
    await page.get_by_text("实时", exact=True).wait_for()
    await page.evaluate(COUNTING_TONES)
    await page.get_by_role("button", name="开始值守（打开声音）").click()
    await page.get_by_text("浏览器静音中").wait_for(state="hidden")
    alert = Call(kind=Kind.CHEST_PAIN)
    await first_aid.call(office.ctx, "station_park", alert, by=None)
    await page.wait_for_function("() => window.tones >= 6")
    alarm = page.get_by_role("region", name="急救警报").get_by_role("alert")
    await alarm.get_by_text("0分00秒").wait_for()
    clock.forward(timedelta(seconds=65))
    await page.clock.set_fixed_time(clock.now())
    await alarm.get_by_text("1分05秒").wait_for()
    await alarm.get_by_role("button", name="马上处理").click()
    await page.get_by_role("timer").get_by_text("已过1分05秒").wait_for()
    await page.get_by_role("button", name="我来处理，马上到").click()
    await alarm.get_by_text("已响应：陆*例").wait_for()
    heard = await page.evaluate("window.tones")
    await page.evaluate("new Promise((later) => setTimeout(later, 2500))")
    assert await page.evaluate("window.tones") == heard


async def test_what_came_without_a_network_is_kept_and_sent_later(office, park):
    desk = await clerk(office)
    page = await desk.open("/desk")
    await page.get_by_text("实时", exact=True).wait_for()
    port = int(office.http.url.rsplit(":", 1)[1])
    await office.http.close()
    await page.get_by_text("断线，正在重连").wait_for()
    await shoot(page, await code_of(office, park))
    await page.get_by_text("已记下：网络中断，恢复后自动补登").wait_for()
    await page.get_by_role("button", name="无手机登记").click()
    sheet = page.get_by_role("dialog", name="无手机登记")
    await sheet.get_by_role("spinbutton", name="人数").fill("3")
    await sheet.get_by_role("button", name="登记", exact=True).click()
    kept = page.get_by_role("region", name="断网时记下的")
    await kept.get_by_role("row", name="扫预约码").get_by_text("等待补登").wait_for()
    await kept.get_by_role("row", name="只计人数：3人").wait_for()
    await shoot(page, "not-a-code-of-ours")
    await kept.get_by_text("断网时记下的（3）").wait_for()
    await desk.reads_well()
    office.http = await serve(office.house, port=port)
    await page.get_by_text("实时", exact=True).wait_for()
    came = page.get_by_label("今日到站")
    await came.get_by_role("row", name="李*例").get_by_text("扫预约码").wait_for()
    await came.get_by_role("row", name="3人").wait_for()
    await kept.get_by_text("没有登记：").wait_for()
    await kept.get_by_text("断网时记下的（1）").wait_for()
    await kept.get_by_role("button", name="删除").click()
    await page.get_by_role("dialog").get_by_role("button", name="删除").click()
    await kept.wait_for(state="hidden")
    rows = await CheckIn.many(office.ctx, {})
    assert sorted(row.people for row in rows) == [1, 3]


async def test_after_a_restart_the_desk_catches_up_by_itself(office, park):
    page = await (await clerk(office)).open("/desk")
    await page.get_by_text("实时", exact=True).wait_for()
    port = int(office.http.url.rsplit(":", 1)[1])
    await office.http.close()
    await page.get_by_text("断线，正在重连").wait_for()
    await first_aid.call(office.ctx, "station_park", Call(), by=None)
    office.http = await serve(office.house, port=port)
    await page.get_by_text("急救 其他").wait_for()
    await page.get_by_text("实时", exact=True).wait_for()


async def test_whoever_phones_has_their_booking_moved(office, park):
    desk = await clerk(office)
    page = await desk.open("/desk/bookings")
    row = page.get_by_role("row", name="李*例")
    await row.get_by_role("button", name="改签").click()
    sheet = page.get_by_role("dialog", name="改签")
    await sheet.get_by_text("现在是2026-11-23 10:55–11:25").wait_for()
    await sheet.get_by_role("radio", name="12:05–12:35").check(force=True)
    await sheet.get_by_label("改签原因").fill("本人来电改时间")
    await desk.reads_well()
    await sheet.get_by_role("button", name="改签并通知本人").click()
    await row.get_by_text("12:05–12:35").wait_for()
    assert await page.get_by_role("row", name="10:55–11:25").count() == 0
