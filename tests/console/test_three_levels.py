"""Three levels at the console: each sees its own, opens accounts, hands power on."""

from contextlib import suppress

import pyotp
import pytest
from playwright.async_api import TimeoutError

from models.unions.permissions import Permission
from models.unions.staff import Staff
from tests.console.forms import TRIES, TRY_MS
from tests.models.unions import people

OWN = "correct-horse-battery-7"
LEVELS = {"city": "unit_city", "zone": "unit_east", "firm": "unit_east_firm"}
SEEN = {
    "city": {name for _, name, _, _ in people.TREE},
    "zone": {"示例·东区总工会", "示例·东区企业工会"},
    "firm": {"示例·东区企业工会"},
}
LEFT = {"city": 4, "zone": 2, "firm": 1}
"""How many of the four are within reach."""


@pytest.fixture
def officials(run, office):
    """An administrator at each level, and one of the other zone."""

    async def furnish():
        return {
            name: await people.administrator(office.ctx, name, unit=unit)
            for name, unit in (LEVELS | {"west": "unit_west"}).items()
        }

    return run(furnish())


async def choose(page, within, label, name):
    """Choose an entry of a drop-down as the keyboard would."""
    field = within.get_by_role("combobox", name=label, exact=True)
    named = page.get_by_role("combobox", name=label, exact=True)
    shown = within.locator(".el-select", has=named).get_by_text(name)
    option = page.get_by_role("option", name=name).locator("visible=true")
    for _ in range(TRIES):
        with suppress(TimeoutError):
            await field.click(force=True)
            await option.click(timeout=TRY_MS)
            await shown.wait_for(timeout=TRY_MS)
            return
    await shown.wait_for()


@pytest.mark.parametrize("level", LEVELS)
async def test_each_level_sees_its_own_and_no_other(office, officials, level):
    desk = await office.desk(officials[level])
    page = await desk.open("/unions")
    tree = page.get_by_role("tree")
    await tree.get_by_text(f"{min(SEEN[level])}").wait_for()
    names = await page.locator(".node").all_inner_texts()
    assert {name.split(" ")[0] for name in names} == SEEN[level]
    menu = page.get_by_role("navigation", name="主菜单")
    await menu.get_by_role("link", name="身份核验").wait_for()
    await desk.reads_well()
    await menu.get_by_role("link", name="人员", exact=True).click()
    await page.get_by_text(f"已显示{LEFT[level]}条").wait_for()
    await desk.reads_well()
    stranger = "staff_west" if level != "city" else "staff_nobody"
    await desk.open(f"/unions/accounts/{stranger}")
    await page.get_by_role("alert").get_by_text("没有找到", exact=True).wait_for()


async def test_an_editor_sees_no_back_office_not_even_by_hand(office):
    xie = await people.official(
        office.ctx, "xie", permissions=[Permission.POLICIES_WRITE]
    )
    desk = await office.desk(xie)
    page = await desk.open("/unions/accounts")
    await page.get_by_text("没有权限").first.wait_for()
    menu = page.get_by_role("navigation", name="主菜单")
    assert await menu.get_by_role("link", name="人员").count() == 0
    assert await page.get_by_role("table").count() == 0
    await desk.reads_well()


async def test_an_account_is_opened_handed_over_and_becomes_ones_own(
    office, officials, clock
):
    desk = await office.desk(officials["zone"])
    page = await desk.open("/unions/accounts")
    await page.get_by_role("button", name="开通账号").click()
    sheet = page.get_by_role("dialog", name="开通账号")
    await choose(page, sheet, "所在组织", "示例·东区企业工会")
    await sheet.get_by_label("姓名").fill("钱示例")
    await sheet.get_by_label("登录名").fill("qian.shili")
    await desk.reads_well()
    await sheet.get_by_role("button", name="开通", exact=True).click()
    handed = page.get_by_role("dialog", name="账号已开通")
    password = await handed.get_by_label("初始密码").input_value()
    await desk.reads_well()
    await handed.get_by_role("button", name="已转交，关闭").click()
    await page.get_by_role("row", name="qian.shili").wait_for()

    other = await office.desk()
    fresh = await other.open("/")
    await fresh.get_by_label("账号").fill("qian.shili")
    await fresh.get_by_label("密码").fill(password)
    await fresh.get_by_role("button", name="登录").click()
    await fresh.get_by_label("新密码").fill(OWN)
    await fresh.get_by_label("再输一遍").fill(OWN)
    await fresh.get_by_role("button", name="下一步").click()
    await fresh.get_by_role("img", name="身份验证器绑定二维码").wait_for()
    await other.reads_well()
    secret = await fresh.locator("code").inner_text()
    await fresh.get_by_label("动态码").fill(pyotp.TOTP(secret).at(clock.now()))
    await fresh.get_by_role("button", name="绑定并登录").click()
    await fresh.get_by_text("您的账号还没有任何权限").wait_for()


async def test_a_grant_tells_before_what_will_be_seen_and_is_taken_back(
    office, officials
):
    wang = await people.official(office.ctx, "wang", unit="unit_east_firm")
    desk = await office.desk(officials["zone"])
    page = await desk.open("/unions/accounts/staff_wang")
    await page.get_by_text("还没有任何权限：").wait_for()
    await desk.reads_well()
    await (
        page.get_by_label("授权", exact=True)
        .get_by_role("button", name="授权", exact=True)
        .click()
    )
    sheet = page.get_by_role("dialog", name="授权")
    await choose(page, sheet, "岗位", "身份核实员")
    told = sheet.get_by_label("授权后能看到")
    await told.get_by_text("在示例·东区企业工会及其下级，看到身份核验申请").wait_for()
    await desk.reads_well()
    await sheet.get_by_role("button", name="确定授权").click()
    grant = page.get_by_role("row", name="身份核实员")
    await grant.wait_for()
    await page.locator("#content").get_by_text("看到身份核验申请").wait_for()

    theirs = await (await office.desk(wang)).open("/")
    link = theirs.get_by_role("navigation").get_by_role("link", name="身份核验")
    await link.wait_for()
    await grant.get_by_role("button", name="收回").click()
    await page.get_by_role("dialog").get_by_role("button", name="收回").click()
    await page.get_by_text("还没有授权").wait_for()
    await page.get_by_text("还没有任何权限：").wait_for()
    await theirs.reload()
    await theirs.get_by_text("您的账号还没有任何权限").wait_for()
    assert await link.count() == 0


async def test_only_what_one_holds_oneself_can_be_ticked(office, officials):
    gao = await people.official(
        office.ctx,
        "gao",
        permissions=[Permission.GRANTS, Permission.STAFF, Permission.STATISTICS],
    )
    page = await (await office.desk(gao)).open("/unions/accounts/staff_firm")
    await (
        page.get_by_label("授权", exact=True)
        .get_by_role("button", name="授权", exact=True)
        .click()
    )
    sheet = page.get_by_role("dialog", name="授权")
    await choose(page, sheet, "岗位", "驿站管理员")
    lacking = sheet.get_by_role("checkbox", name="管理驿站（您没有）")
    assert await lacking.is_disabled()
    assert not await lacking.is_checked()
    assert await sheet.get_by_role("checkbox", name="查看统计数据").is_checked()


async def test_a_colleague_stands_in_and_is_called_back(office, officials):
    wang = await people.official(office.ctx, "wang", unit="unit_east")
    await office.give_login(wang, "wang.fang")
    desk = await office.desk(officials["zone"])
    page = await desk.open("/unions/delegations")
    await page.get_by_role("button", name="请同事代办").click()
    sheet = page.get_by_role("dialog", name="请同事代办")
    await choose(page, sheet, "代办人", "王*例（wang.fang）")
    await sheet.locator("label", has_text="核实身份").click()
    await sheet.get_by_label("原因").fill("外出培训一周")
    await desk.reads_well()
    await sheet.get_by_role("button", name="确定").click()
    loan = page.get_by_role("row", name="外出培训一周")
    await loan.wait_for()
    await desk.reads_well()
    await loan.get_by_role("button", name="收回").click()
    await page.get_by_role("dialog").get_by_role("button", name="收回").click()
    await page.get_by_text("没有请人代办").wait_for()


async def test_a_unit_is_planted_moved_and_the_move_called_off(office, officials):
    desk = await office.desk(officials["city"])
    page = await desk.open("/unions")
    await page.locator(".node", has_text="示例·东区总工会").click()
    await page.get_by_role("button", name="设立下级组织").click()
    sheet = page.get_by_role("dialog", name="设立下级组织")
    await sheet.get_by_label("名称").fill("示例·东区物流园工会")
    await desk.reads_well()
    await sheet.get_by_role("button", name="设立", exact=True).click()
    card = page.get_by_role("region", name="示例·东区物流园工会")
    await card.get_by_role("button", name="调整隶属").click()
    plan = page.get_by_role("dialog", name="调整隶属")
    await choose(page, plan, "新上级", "示例·西区总工会")
    await plan.get_by_label("原因").fill("园区划归西区")
    await desk.reads_well()
    await plan.get_by_role("button", name="安排调整").click()
    await page.get_by_text("已安排，2026-11-24零时执行。").wait_for()
    await desk.open("/unions/moves")
    move = page.get_by_role("row", name="示例·东区物流园工会")
    await desk.reads_well()
    await move.get_by_role("button", name="取消调整").click()
    await page.get_by_role("dialog").get_by_role("button", name="取消调整").click()
    await move.get_by_text("已取消").wait_for()


async def test_whoever_leaves_is_told_of_and_out_at_once(office, officials):
    await people.official(
        office.ctx, "wang", unit="unit_east_firm", permissions=[Permission.AUDIT]
    )
    desk = await office.desk(officials["zone"])
    page = await desk.open("/unions/accounts/staff_wang")
    await page.get_by_role("button", name="办理离岗").click()
    sheet = page.get_by_role("dialog", name="办理离岗")
    await sheet.get_by_text("现在有1项权限、没有驿站岗位").wait_for()
    await sheet.get_by_role("textbox").fill("调往区里工作")
    await sheet.get_by_role("button", name="确定").click()
    await page.get_by_role("button", name="恢复在岗").wait_for()
    assert not (await Staff.get(office.ctx, "staff_wang")).active


async def test_two_persons_open_a_unit_in_an_emergency(office, officials):
    xie = await people.official(
        office.ctx, "xie", unit="unit_east", permissions=[Permission.AUDIT]
    )
    desk = await office.desk(xie)
    page = await desk.open("/unions/emergencies")
    await page.get_by_role("button", name="申请紧急授权").click()
    sheet = page.get_by_role("dialog", name="申请紧急授权")
    await choose(page, sheet, "打开哪里", "示例·东区企业工会")
    await sheet.get_by_label("原因").fill("管理员失联，账号被盗")
    await sheet.get_by_role("button", name="申请", exact=True).click()
    await page.get_by_role("row", name="等待另一人同意").wait_for()
    other = await office.desk(officials["zone"])
    theirs = await other.open("/unions/emergencies")
    await theirs.get_by_role("button", name="同意").click()
    await other.reads_well()
    await theirs.get_by_role("dialog").get_by_role("button", name="同意").click()
    await theirs.get_by_role("row", name="已同意").wait_for()
