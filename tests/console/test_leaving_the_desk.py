"""Leaving a desk: without a network, in one of two tabs, to another clerk."""

import jwt
import pytest
from playwright.async_api import expect

from tests.console import clerks
from tests.console.clerks import (
    ALLOWED,
    BY_HAND,
    IMPORTS,
    at_the_desk,
    both_may_sign_in,
    heads_of,
    no,
    ready,
    sign_in,
    write_down,
)


@pytest.fixture
def lu(run, office, clock):
    """A clerk of the park; it is ten to eleven."""
    return run(clerks.of_the_park(office, clock))


async def test_whoever_leaves_without_a_network_says_what_becomes_of_what_waits(
    office, lu, clock
):
    page = await both_may_sign_in(office, lu, **ALLOWED)
    await sign_in(page, "luyi", clock)
    await ready(await at_the_desk(page))
    await page.context.set_offline(True)
    await write_down(page, 3)
    await leave(page, "留下")
    assert await keys(page) == {"inn.left", "inn.size", "inn.waiting"}
    await page.context.set_offline(False)
    await sign_in(page, "luyi", clock)
    await page.goto(f"{office.http.url}/console/#/desk")
    await page.get_by_label("今日到站").get_by_role("row", name="3人").wait_for()
    await page.context.set_offline(True)
    await write_down(page, 5)
    await leave(page, "删除")
    assert await keys(page) == {"inn.left", "inn.size"}
    assert await heads_of(office) == [3]


async def leave(page, chosen):
    """Leave where something waits and there is no network."""
    await page.get_by_role("button", name="退出").click()
    asked = page.get_by_role("dialog", name="还没有补登")
    async with page.expect_event("load"):
        await asked.get_by_role("button", name=chosen).click()
    await page.get_by_text("现在没有网络，不能登录。").wait_for()


async def keys(page):
    """Read the names of what lies on this computer."""
    return set(await page.evaluate("Object.keys(localStorage)"))


async def test_leaving_in_one_tab_leaves_in_the_other_and_what_waits_stays(
    office, lu, clock
):
    page = await both_may_sign_in(office, lu, **ALLOWED)
    await sign_in(page, "luyi", clock)
    await at_the_desk(page)
    other = await page.context.new_page()
    await other.goto(f"{office.http.url}/console/#/desk")
    await ready(await at_the_desk(other))
    await page.context.set_offline(True)
    await write_down(other, 3)
    await page.get_by_text("断网时记下的（1）").wait_for()
    await leave(page, "留下")
    await other.get_by_text("现在没有网络，不能登录。").wait_for()
    await expect(other.get_by_text("陆*例")).to_be_hidden()
    await page.context.set_offline(False)
    await sign_in(other, "luyi", clock)
    await other.goto(f"{office.http.url}/console/#/desk")
    await other.get_by_role("row", name="3人").wait_for()
    await expect(other.get_by_role("region", name="断网时记下的")).to_be_hidden()
    assert await heads_of(office) == [3]


async def test_another_clerk_in_one_tab_is_in_in_all_and_sends_nothing_of_the_first(
    office, lu, clock
):
    page = await both_may_sign_in(office, lu, **ALLOWED)
    await sign_in(page, "luyi", clock)
    await ready(await at_the_desk(page))
    other = await page.context.new_page()
    await other.goto(f"{office.http.url}/console/#/sign-in")
    senders = set()
    refuse = no(503, "unavailable", -1)

    async def note(route):
        token = route.request.headers["authorization"].removeprefix("Bearer ")
        senders.add(jwt.decode(token, options={"verify_signature": False})["sub"])
        await refuse(route)

    await page.context.route(BY_HAND, refuse)
    await page.context.route(IMPORTS, note)
    await write_down(page, 3)
    await page.get_by_text("断网时记下的（1）").wait_for()
    await page.get_by_role("button", name="现在补登").click()
    await page.get_by_text("还没有补登，网络恢复后会自动再试。").wait_for()
    async with page.expect_event("load"):
        await sign_in(other, "songyi", clock)
    await page.get_by_role("heading", name="您好").wait_for()
    await page.goto(f"{office.http.url}/console/#/desk")
    await page.get_by_text("由陆*例记下，请本人登录后补登").wait_for()
    await page.get_by_role("button", name="现在补登").click()
    await page.get_by_text("还没有补登，网络恢复后会自动再试。").wait_for()
    assert senders == {lu.id}
