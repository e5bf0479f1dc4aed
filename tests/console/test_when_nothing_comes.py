"""Every screen of the menu while the server fails, or the network is gone: what is
wrong is said, nothing is white, and one press goes on from there.
"""

import json

import pytest
from playwright.async_api import expect

from tests.models.unions import people

SENTENCE = "系统正在维护，请十分钟后再试。"
NO = {"code": "unavailable", "message": SENTENCE, "details": {}, "trace": "trace-1"}
LONG_SECONDS = 300
"""Two dozen screens, on a busy machine."""

WHO_IS_IN = ("/union/v1/me", "/union/v1/me/hats")


@pytest.fixture
def desk(run, office):
    """A browser of somebody who may do everything."""

    async def furnish():
        wang = await people.administrator(office.ctx, "wang")
        return await office.desk(wang)

    return run(furnish())


async def titles(page):
    """Read what the menu has."""
    links = page.get_by_role("navigation", name="主菜单").get_by_role("listitem")
    await links.first.wait_for()
    return await links.all_inner_texts()


async def go(page, title):
    """Open a screen by the menu, and wait until it took the other's place."""
    menu = page.get_by_role("navigation", name="主菜单")
    await menu.get_by_role("link", name=title, exact=True).click()
    await expect(page).to_have_title(f"{title} · 云端客栈")


async def fail(route):
    """Answer as a server that is being mended; who is in is still known."""
    if route.request.url.split("?")[0].endswith(WHO_IS_IN):
        await route.fallback()
    else:
        await route.fulfill(
            status=503, content_type="application/json", body=json.dumps(NO)
        )


async def again(page):
    """Press every button that tries again; nothing is wrong any more."""
    main = page.get_by_role("main")
    pressed = main.get_by_role("button", name="重试")
    await pressed.first.wait_for()
    await pressed.evaluate_all("all => all.forEach((each) => each.click())")
    await expect(main.get_by_role("alert")).to_have_count(0)
    await main.get_by_role("heading", level=1).wait_for()


@pytest.mark.gen_test(timeout=LONG_SECONDS)
async def test_every_screen_says_that_the_server_failed_and_tries_again(desk):
    page = await desk.open("/")
    for title in await titles(page):
        await page.route("**/union/v1/**", fail)
        await go(page, title)
        alert = page.get_by_role("main").get_by_role("alert")
        await alert.get_by_text(SENTENCE).first.wait_for()
        await desk.reads_well()
        await page.unroute("**/union/v1/**", fail)
        await again(page)


@pytest.mark.gen_test(timeout=LONG_SECONDS)
async def test_every_screen_says_that_the_network_is_gone_and_comes_back(desk):
    page = await desk.open("/")
    context = page.context
    for title in await titles(page):
        await context.set_offline(True)
        await go(page, title)
        await page.get_by_text("网络已断开，连上后会自动继续").wait_for()
        await page.get_by_role("main").get_by_text("页面没有加载成功").wait_for()
        await context.set_offline(False)
        await again(page)
        await desk.reads_well()
        await context.set_offline(True)
        await page.get_by_role("link", name="云端客栈").click()
        await go(page, title)
        await page.get_by_role("main").get_by_text("网络连接中断").first.wait_for()
        await context.set_offline(False)
        await again(page)
