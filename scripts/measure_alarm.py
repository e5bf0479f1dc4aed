"""How long a call for first aid takes to stand on a clerk's screen, in a real browser.

    python -m scripts.measure_alarm [--alarms 200]

Starts a MongoDB, a Redis and one serving process of its own and opens the built
console twice in chromium: a clerk sits at the desk, and from a second context help
is called for as a phone would. A time runs from before the request in the one page
to the first frame that shows the alarm in the other, by the clock both pages share;
each alarm is closed before the next.
"""

import argparse
import asyncio
import json
import shutil

import msgspec
from playwright.async_api import Browser, Page, async_playwright

from app.settings import read_settings
from app.wiring import House, open_house
from models.base.documents import plain
from models.base.places import from_gcj02
from models.stations import duty, first_aid_response, hours
from models.stations.first_aid_alerts import Outcome
from models.stations.rotas import Shift
from models.stations.stations import Station, StationKind
from models.stations.weekly import Week
from models.unions.staff import Role, Staff, put_staff
from models.workers import sessions
from models.workers.tokens import Port
from scripts.stack import console
from scripts.stack.measured import points, serve_alone

CHROMIUM = ("chromium", "chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")

ALL_DAY = dict.fromkeys(
    ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",)
)

WATCH = """() => {
  window.shown = new Promise((resolve) => {
    const watching = new MutationObserver(() => {
      if (!document.querySelector('.alarm.unanswered')) return
      watching.disconnect()
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())))
    })
    watching.observe(document.body, {childList: true, subtree: true})
  })
}"""
"""The second frame after the change is only begun when the first one was shown."""

CALL = """async (path) => {
  const began = Date.now()
  const answer = await fetch(path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({kind: 'chest_pain', tap_id: crypto.randomUUID()}),
  })
  const answered = Date.now()
  return {began, answered, id: (await answer.json()).alert.id}
}"""


class Made(msgspec.Struct):
    """A call, by the clock of the page that made it; in milliseconds."""

    began: float
    answered: float
    id: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alarms", type=int, default=200)
    alarms = parser.parse_args().alarms
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise SystemExit("no chromium here: apt install chromium fonts-wqy-zenhei")
    console.build()
    with serve_alone() as (environ, _):
        asyncio.run(_measure(environ, chromium, alarms))


async def _measure(environ: dict[str, str], chromium: str, alarms: int) -> None:
    house = await open_house(read_settings(environ), live=())
    clerk = await _furnish(house)
    url = f"http://127.0.0.1:{environ['PORT']}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(FLAGS)
        )
        desk = await _sit_down(house, browser, url, clerk)
        phone = await (await browser.new_context()).new_page()
        await phone.goto(f"{url}/console/")
        answered, shown = [], []
        for _ in range(alarms):
            made, at = await _alarm(house, desk, phone, clerk)
            answered.append((made.answered - made.began) / 1000)
            shown.append((at - made.began) / 1000)
        await browser.close()
    await house.close()
    print(f"{alarms} calls, answered to who called: {points(answered)}")
    print(f"{alarms} calls, on the clerk's screen: {points(shown)}")


async def _furnish(house: House) -> Staff:
    """Open one station day and night, with one clerk who answers."""
    station = Station(
        id="station_park",
        name="示例·公园驿站",
        unit_id="unit_city",
        kind=StationKind.UNION,
        address="示例地址",
        place=from_gcj02(113.5505, 34.8172),
        phone="0371-00000001",
        hours=hours.parse({"weekly": ALL_DAY}),
    )
    await Station.shelf(house.ctx).insert_one(plain(station))
    clerk = await put_staff(
        house.ctx,
        id_="staff_lu",
        name="陆示例",
        openid="o-lu",
        unit_id="unit_city",
        station_ids=[station.id],
        roles=[Role.STATION_CLERK, Role.FIRST_AID_RESPONDER],
    )
    shift = Shift(staff_id=clerk.id, weekly=Week(**ALL_DAY))
    await duty.put_rota(house.ctx, station.id, responders=[shift], on_call=[])
    return clerk


async def _sit_down(house: House, browser: Browser, url: str, clerk: Staff) -> Page:
    tokens = await sessions.start(house.ctx, owner_id=clerk.id, port=Port.UNION)
    kept = json.dumps(msgspec.json.encode(tokens).decode())
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    await context.add_init_script(
        f"localStorage['inn.tokens.union'] ??= {kept}",
    )
    page = await context.new_page()
    await page.goto(f"{url}/console/#/desk")
    await page.get_by_text("实时", exact=True).wait_for()
    return page


async def _alarm(
    house: House, desk: Page, phone: Page, clerk: Staff
) -> tuple[Made, float]:
    """Have one alarm called, seen and ended; returns the call, and when it was seen."""
    await desk.evaluate(WATCH)
    path = "/worker/v1/stations/station_park/first-aid"
    made = msgspec.convert(await phone.evaluate(CALL, path), Made)
    at = float(await desk.evaluate("() => window.shown"))
    await first_aid_response.close(
        house.ctx, made.id, Outcome.FALSE_ALARM, "演练", by=clerk
    )
    await desk.locator(".alarm").wait_for(state="detached")
    return made, at


if __name__ == "__main__":
    main()
