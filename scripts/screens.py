"""Takes the pictures of docs/screens that the demo inn can be asked for.

::

    scripts/server                      # in a fresh clone
    python -m scripts.screens http://127.0.0.1:8080

Signs in at the console as the demo's people and photographs what they see; run in that
clone, whose password it reads. Needs requirements-dev.txt and a chromium. The other
pictures show moments that come and go: they are of the stories in tests/console.
"""

import argparse
import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import pyotp
from playwright.async_api import Browser, Page, async_playwright

from models.base.clock import Clock
from scripts.demo.load_manuscripts import PINNED
from scripts.demo.load_policies import policy_id
from scripts.stack.bootstrap import DATA, ROOT
from scripts.stack.settings import DEMO, kept_secrets

PLACE = ROOT / "docs" / "screens"

WIDTH, HEIGHT = 1280, 800

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic")


class Shot(NamedTuple):
    """One picture."""

    file: str
    path: str
    clicks: Sequence[str] = ()
    """Names of what is pressed, one after the other, before it is taken."""
    shows: str = ".el-table__row"
    """What must be there before."""


TOMORROW = Clock().today() + timedelta(days=1)
"""When bookings are still ahead, whenever the pictures are taken."""

NEXT_EDITION = "高新区新就业形态劳动者社会保险补贴"
"""A manuscript of the demo's that has something to be compared with."""

ALBUM: dict[str, tuple[Shot, ...]] = {
    "zone_editor_han": (Shot("contents-list", "/contents"),),
    "zone_reviewer_cao": (
        Shot("reviewing-queue", "/reviewing"),
        Shot("reviewing-calendar", "/reviewing/calendar", shows="main table"),
        Shot("reviewing-manuscript", "/reviewing", [NEXT_EDITION]),
        Shot(
            "reviewing-pinned",
            f"/reviewing/policies/{policy_id(PINNED)}/editions",
            shows="form .el-date-editor",
        ),
    ),
    "zone_admin_gao": (
        Shot("home", "/", shows=".card"),
        Shot("figures-board", "/figures", shows="canvas"),
        Shot("audit-log", "/audit"),
        Shot("unions-units", "/unions", shows=".el-tree-node"),
        Shot("unions-accounts", "/unions/accounts"),
    ),
    "zone_stations_deng": (
        Shot("stations-list", "/stations"),
        Shot("workers-appeals", "/workers/appeals"),
    ),
    "zone_trainings_feng": (
        Shot("trainings-programmes", "/trainings"),
        Shot("trainings-programme", "/trainings", ["育婴照护实操班（示例）"]),
    ),
    "zone_verifier_jia": (
        Shot("workers-workers", "/workers"),
        Shot("workers-verifications", "/workers/verifications"),
    ),
    "inn_clerk_lu": (
        Shot("desk-bookings", f"/desk/bookings?day={TOMORROW}"),
        Shot("desk-move", f"/desk/bookings?day={TOMORROW}", ["改签"]),
    ),
}


async def main(site: str, only: str) -> None:
    """Take every picture, each person's in a browser of their own."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        for person, shots in ALBUM.items():
            if only in person:
                await _visit(browser, site, person, shots)
        await browser.close()


async def _visit(
    browser: Browser, site: str, person: str, shots: Sequence[Shot]
) -> None:
    context = await browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN"
    )
    page = await context.new_page()
    await _sign_in(page, site, person)
    for shot in shots:
        await page.goto(f"{site}/console/#{shot.path}")
        await page.reload()
        await page.locator(shot.shows).first.wait_for()
        await _settle(page)
        for name in shot.clicks:
            await page.get_by_text(name, exact=True).first.click()
            await _settle(page)
        await page.screenshot(path=PLACE / f"{shot.file}.png", animations="disabled")
        print(f"• {shot.file}")
    await context.close()


async def _sign_in(page: Page, site: str, person: str) -> None:
    kept = kept_secrets(DEMO, DATA)
    await page.goto(f"{site}/console/")
    await page.get_by_label("账号").fill(person)
    await page.get_by_label("密码", exact=True).fill(kept["DEMO_PASSWORD"])
    now = pyotp.TOTP(kept["DEMO_AUTHENTICATOR"]).now()
    await page.get_by_label("动态码").fill(now)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("button", name="退出").wait_for()


async def _settle(page: Page) -> None:
    """Wait until what was asked for is there."""
    await page.wait_for_load_state("networkidle")
    for each in await page.locator(".el-loading-mask, .el-skeleton").all():
        await each.wait_for(state="hidden")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site")
    parser.add_argument("--only", default="", help="whose name holds this")
    said = parser.parse_args()
    asyncio.run(main(said.site, said.only))
