"""Filling in the forms of the console by what is written beside each field."""

from contextlib import suppress

from playwright.async_api import TimeoutError

TRIES, TRY_MS = 6, 5_000
"""A list that is drawn anew under the hand loses a click; people click again."""


async def choose(page, label, option):
    """Choose an entry of the drop-down of this name."""
    box = page.get_by_role("combobox", name=label, exact=True)
    offered = page.get_by_role("listbox", name=label, exact=True)
    entry = offered.get_by_role("option", name=option).first
    for _ in range(TRIES):
        await box.click(force=True)
        with suppress(TimeoutError):
            await entry.click(timeout=TRY_MS)
            return
    await entry.click()


async def put_day(page, label, day):
    """Type a day, and leave the calendar that opens."""
    field = page.get_by_role("combobox", name=label, exact=True)
    await field.click()
    await page.get_by_role("dialog", name=label).wait_for()
    await field.fill(day)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.get_by_role("dialog", name=label).wait_for(state="hidden")


async def saved(page):
    """Wait until what was written is kept."""
    await (
        page.get_by_role("status", name="保存状态")
        .get_by_text("已保存", exact=True)
        .wait_for()
    )


async def write_rule(page):
    """Let members in and nobody else, with somebody of each sort to try it on."""
    await page.get_by_role("button", name="加一个条件").click()
    await choose(page, "条件1：情况", "工会会员")
    await choose(page, "条件1：值", "是")
    await page.get_by_label("条件1：依据").fill("第三条")
    await write_persons(page)


async def write_persons(page):
    """Make up a member, somebody who is none, and one of whom it is not known."""
    await page.get_by_role("button", name="加一个符合的").click()
    await choose(page, "人物1：工会会员", "是")
    await page.get_by_role("button", name="加一个不符合的").click()
    await choose(page, "人物2：工会会员", "否")
    await page.get_by_role("button", name="加一个还要问的").click()
