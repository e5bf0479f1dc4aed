"""Signing in at the console: by name and code, and again without losing anything."""

import pyotp

from models.unions.permissions import Permission
from models.workers import sessions
from tests.console.conftest import AUTHENTICATOR, PASSWORD
from tests.models.unions import people


async def test_an_auditor_signs_in_by_name_and_sees_only_their_own_menu(office, clock):
    wang = await people.official(office.ctx, "wang", permissions=[Permission.AUDIT])
    await office.give_login(wang, "wang")
    desk = await office.desk()
    page = await desk.open("/audit")
    await desk.reads_well()
    await page.get_by_label("账号").fill("wang")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_label("动态码").fill(pyotp.TOTP(AUTHENTICATOR).at(clock.now()))
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("heading", name="审计日志", level=1).wait_for()
    menu = page.get_by_role("navigation", name="主菜单").get_by_role("listitem")
    assert await menu.all_inner_texts() == ["代办授权", "紧急授权", "审计日志"]
    await desk.reads_well()


async def test_a_wrong_password_is_told_in_the_servers_words(office):
    desk = await office.desk()
    page = await desk.open("/")
    await page.get_by_label("账号").fill("nobody")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    alert = page.get_by_role("alert")
    assert "账号、密码或动态码不正确，请检查后重新输入。" in await alert.inner_text()


async def test_whoever_is_put_out_signs_in_again_over_what_they_typed(office, clock):
    wang = await people.official(office.ctx, "wang", permissions=[Permission.AUDIT])
    await office.give_login(wang, "wang")
    desk = await office.desk(wang)
    page = await desk.open("/audit")
    await page.get_by_role("textbox", name="人员编号").fill("staff_wang")
    await sessions.put_out(office.ctx, wang.id)
    await page.get_by_role("button", name="核对审计链").click()
    again = page.get_by_role("dialog", name="请重新登录")
    await again.get_by_label("账号").fill("wang")
    await again.get_by_label("密码").fill(PASSWORD)
    await again.get_by_label("动态码").fill(pyotp.TOTP(AUTHENTICATOR).at(clock.now()))
    await again.get_by_role("button", name="登录", exact=True).click()
    await page.get_by_text("审计链完整").wait_for()
    assert (
        await page.get_by_role("textbox", name="人员编号").input_value() == "staff_wang"
    )
