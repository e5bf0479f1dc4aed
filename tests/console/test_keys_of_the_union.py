"""The union's tree and its grants by keyboard alone."""

from playwright.async_api import expect

from tests.console.keys import sit
from tests.models.unions import people

FIRM = "示例·东区企业工会"


async def walk_the_tree(keys):
    page = keys.page
    tree = page.get_by_role("tree")
    top = tree.get_by_role("treeitem", name="示例·市总工会").first
    await keys.reach(top)
    await keys.press("ArrowLeft")
    await expect(top).to_have_attribute("aria-expanded", "false")
    await keys.press("ArrowRight", "ArrowRight", "ArrowRight")
    firm = tree.get_by_role("treeitem", name=FIRM, exact=False).last
    await expect(firm).to_be_focused()
    await keys.press("Enter")
    card = page.get_by_role("region", name=FIRM)
    await keys.button("查看人员", within=card)
    await expect(page.get_by_role("main", name="人员")).to_be_focused()


async def give(keys, sheet):
    page = keys.page
    await keys.choose("岗位", "身份核实员")
    tick = sheet.get_by_role("checkbox").first
    await keys.reach(tick)
    await keys.press("Space", "Space")
    await keys.reach(sheet.get_by_role("combobox", name="到哪一天"))
    await page.keyboard.type("2026-12-31")
    await keys.press("Enter")
    await keys.write("说明", "顶岗一个月", within=sheet)
    await keys.button("确定授权", within=sheet)
    await sheet.wait_for(state="hidden")


async def test_an_administrator_gives_a_grant_and_takes_it_back(office):
    await people.official(office.ctx, "wang", unit="unit_east_firm")
    boss = await people.administrator(office.ctx, "boss", unit="unit_city")
    keys = await sit(office, "/unions", boss)
    page = keys.page
    await walk_the_tree(keys)
    await keys.button("查看和授权")
    await expect(page.get_by_role("main", name="人员详情")).to_be_focused()
    grants = page.get_by_role("region", name="授权", exact=True)
    opener = grants.get_by_role("button", name="授权", exact=True)
    await keys.reach(opener)
    await keys.press("Enter")
    sheet = await keys.into(page.get_by_role("dialog", name="授权"))
    await keys.press("Escape")
    await sheet.wait_for(state="hidden")
    await expect(opener).to_be_focused()
    await keys.press("Enter")
    await give(keys, await keys.into(sheet))
    await expect(opener).to_be_focused()
    row = page.get_by_role("row", name="身份核实员")
    taking = row.get_by_role("button", name="收回")
    await keys.reach(taking)
    await keys.press("Enter")
    question = await keys.into(page.get_by_role("dialog", name="收回身份核实员授权"))
    await keys.press("Escape")
    await question.wait_for(state="hidden")
    await expect(taking).to_be_focused()
    await keys.press("Enter")
    await keys.into(question)
    await keys.press("Enter")
    await page.get_by_text("还没有授权").wait_for()
    await keys.are_kept()
