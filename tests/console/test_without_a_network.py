"""A desk whose page is loaded without a network, or without a server: it opens, keeps
what is scanned, and sends it.
"""

import asyncio
import gzip
from http import HTTPStatus

import pytest
from playwright.async_api import expect

from handlers.base import console
from scripts.stack.console import DIST
from tests.client import serve
from tests.console import clerks
from tests.console.clerks import (
    ALLOWED,
    at_the_desk,
    both_may_sign_in,
    code_of_li,
    desk_of,
    heads_of,
    ready,
    sign_in,
    write_down,
)
from tests.console.test_a_stations_morning import shoot

KEPT_FILES = """async () => {
  const all = await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((each) => each.url)))
  return all.flat()
}"""

AT_MOST_KB = 300
"""All that is kept of a build, packed: it comes while somebody is at work."""


@pytest.fixture
def lu(run, office, clock):
    """A clerk of the park; it is ten to eleven."""
    return run(clerks.of_the_park(office, clock))


async def test_a_desk_reloaded_without_a_network_opens_and_goes_on(office, lu):
    desk = await desk_of(office, lu)
    page = desk.page
    code = await code_of_li(office)
    await page.context.set_offline(True)
    await page.reload()
    await page.get_by_text("现在没有网络，收不到急救警报").wait_for()
    await expect(page.get_by_role("link", name="陆*例")).to_be_visible()
    await shoot(page, code)
    await page.get_by_text("已记下：网络中断，恢复后自动补登").wait_for()
    await write_down(page, 3)
    await page.reload()
    left = page.get_by_role("region", name="断网时记下的")
    await left.get_by_text("断网时记下的（2）").wait_for()
    await expect(left.get_by_text("等待补登")).to_have_count(2)
    await desk.reads_well()
    await page.context.set_offline(False)
    await at_the_desk(page)
    came = page.get_by_label("今日到站")
    await came.get_by_role("row", name="李*例").get_by_text("扫预约码").wait_for()
    await came.get_by_role("row", name="3人").wait_for()
    await expect(page.get_by_text("现在没有网络")).to_be_hidden()
    await expect(page.get_by_text("网络连接中断")).to_be_hidden()
    await left.wait_for(state="hidden")
    assert await heads_of(office) == [1, 3]


async def test_a_desk_reloaded_while_the_server_is_down_opens_and_goes_on(office, lu):
    page = (await desk_of(office, lu)).page
    port = int(office.http.url.rsplit(":", 1)[1])
    await office.http.close()
    await page.reload()
    await page.get_by_text("现在连不上服务器，收不到急救警报").wait_for()
    await write_down(page, 4)
    await page.get_by_text("断网时记下的（1）").wait_for()
    office.http = await serve(office.house, port=port)
    await page.get_by_label("今日到站").get_by_role("row", name="4人").wait_for()
    await page.get_by_text("实时", exact=True).wait_for()
    menu = page.get_by_role("navigation", name="主菜单")
    await menu.get_by_role("link", name="值守台").wait_for()
    assert await heads_of(office) == [4]


async def test_where_a_proxy_says_that_there_is_no_server_the_desk_opens(
    office, lu, monkeypatch
):
    page = (await desk_of(office, lu)).page

    def away(handler, name="index.html"):
        handler.answer_bytes(HTTPStatus.BAD_GATEWAY, b"")

    monkeypatch.setattr(console.PageHandler, "get", away)
    await page.reload()
    await at_the_desk(page)


async def test_a_page_that_is_late_is_shown_as_it_was(office, lu, monkeypatch):
    page = (await desk_of(office, lu)).page
    released = asyncio.Event()
    send = console.PageHandler.get

    async def late(handler, name="index.html"):
        await released.wait()
        send(handler, name)

    monkeypatch.setattr(console.PageHandler, "get", late)
    await page.reload()
    await at_the_desk(page)
    released.set()


async def test_nothing_of_anybody_is_kept_but_the_files_a_desk_needs(office, lu, clock):
    page = await both_may_sign_in(office, lu, **ALLOWED)
    await sign_in(page, "luyi", clock)
    await ready(await at_the_desk(page))
    await shoot(page, await code_of_li(office))
    await page.get_by_text("通过：李*例").wait_for()
    folder = f"{office.http.url}/console/"
    kept = await page.evaluate(KEPT_FILES)
    assert folder in kept
    assert all(each.startswith(folder) for each in kept)
    names = [each.removeprefix(folder) or "index.html" for each in kept]
    octets = [len(gzip.compress((DIST / name).read_bytes())) for name in names]
    assert sum(octets) <= AT_MOST_KB * 1000
    async with page.expect_event("load"):
        await page.get_by_role("button", name="退出").click()
    await page.get_by_label("账号").wait_for()
    assert await page.evaluate(KEPT_FILES) == kept
    left = await page.evaluate("Object.entries(localStorage).flat().join()")
    for word in ("staff_lu", "陆", "token", "李"):
        assert word not in left, left


async def test_whoever_is_not_in_is_told_that_there_is_no_network(office):
    desk = await office.desk(**ALLOWED)
    page = await ready(await desk.open("/desk"))
    await page.context.set_offline(True)
    await page.reload()
    told = page.get_by_role("alert")
    await told.get_by_text("现在没有网络，不能登录。").wait_for()
    await desk.reads_well()
    await page.context.set_offline(False)
    await told.wait_for(state="hidden")
