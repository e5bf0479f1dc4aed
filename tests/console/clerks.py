"""Clerks of the park at the desk, and what they do there."""

import json
from datetime import timedelta

import pyotp

from models.stations import bookings, codes
from models.stations.ledger import CheckIn
from models.unions.staff import Role
from tests.console.conftest import AUTHENTICATOR, PASSWORD
from tests.console.test_a_stations_morning import COUNTING_TONES
from tests.models.stations import people
from tests.models.stations.places import at, slot

BOTH = (Role.STATION_CLERK, Role.FIRST_AID_RESPONDER)
SCANS = "**/station/v1/check-ins"
BY_HAND = "**/station/v1/**/visits"
IMPORTS = "**/station/v1/visits/import"

ALLOWED = {"service_workers": "allow"}
"""A browser that may have the console's worker."""

KEEPS_THIS_BUILD = """async () => {
  const build = document.querySelector('meta[name="build"]').content
  const keeps = async () => navigator.serviceWorker.controller !== null
    && (await caches.match('/console/', { cacheName: `inn.console.${build}` }))
  while (!(await keeps())) await new Promise(requestAnimationFrame)
}"""


async def of_the_park(office, clock):
    """Employ a clerk of the park; it is ten to eleven."""
    await people.crew(office.ctx)
    clock.put(at("10:50"))
    return await people.clerk(office.ctx, "lu", roles=BOTH)


def no(status, code, times):
    """Answer what is written with a no, so many times, then let it pass."""
    left = times

    async def answer(route):
        nonlocal left
        if route.request.method != "POST" or left == 0:
            await route.fallback()
            return
        left -= 1
        told = {"code": code, "message": "请稍后再试。", "details": {}, "trace": "t"}
        await route.fulfill(
            status=status, content_type="application/json", body=json.dumps(told)
        )

    return answer


async def at_the_desk(page):
    """Wait until the line is there."""
    await page.get_by_text("实时", exact=True).wait_for()
    return page


async def ready(page):
    """Wait until the worker keeps the build this page is of."""
    await page.evaluate(KEEPS_THIS_BUILD)
    return page


async def desk_of(office, who):
    """Sit somebody down where the worker may be had."""
    desk = await office.desk(who, **ALLOWED)
    await ready(await at_the_desk(await desk.open("/desk")))
    return desk


async def code_of_li(office):
    """Return the code of a worker whose booking may be used now."""
    li = await people.worker(office.ctx)
    booking = await bookings.book(office.ctx, slot("1055"), by=li)
    return (await codes.of_booking(office.ctx, booking.id, by=li)).code


async def write_down(page, heads):
    """Register so many by hand."""
    await page.get_by_role("button", name="无手机登记").click()
    sheet = page.get_by_role("dialog", name="无手机登记")
    await sheet.get_by_role("spinbutton", name="人数").fill(str(heads))
    await sheet.get_by_role("button", name="登记", exact=True).click()
    await sheet.wait_for(state="hidden")


async def sign_in(page, name, clock):
    """Sign in by the form; each code is good once."""
    clock.forward(timedelta(seconds=60))
    await page.get_by_label("账号").fill(name)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_label("动态码").fill(pyotp.TOTP(AUTHENTICATOR).at(clock.now()))
    await page.get_by_role("button", name="登录", exact=True).click()


async def heads_of(office):
    """Return how many came, visit by visit, the fewest first."""
    return sorted(row.people for row in await CheckIn.many(office.ctx, {}))


async def both_may_sign_in(office, lu, **view):
    """Open the desk where two clerks of the park may sign in by name."""
    song = await people.clerk(office.ctx, "song", roles=BOTH)
    await office.give_login(lu, "luyi")
    await office.give_login(song, "songyi")
    desk = await office.desk(**view)
    await desk.page.add_init_script(f"({COUNTING_TONES})()")
    return await desk.open("/desk")
