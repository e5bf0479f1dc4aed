"""Signed out in the middle of a form: one signs in over it, and it is sent."""

import pyotp

from models.workers import sessions
from tests.console.conftest import AUTHENTICATOR, PASSWORD
from tests.models.unions import people


async def test_a_form_that_was_filled_in_is_sent_after_signing_in_again(office, clock):
    lin = await people.administrator(office.ctx, "lin")
    await office.give_login(lin, "lin")
    desk = await office.desk(lin)
    page = await desk.open("/unions/accounts")
    await page.get_by_role("button", name="开通账号").click()
    sheet = page.get_by_role("dialog", name="开通账号")
    await sheet.get_by_label("姓名").fill("钱示例")
    await sheet.get_by_label("登录名").fill("qian.shili")
    await sessions.put_out(office.ctx, lin.id)
    await sheet.get_by_role("button", name="开通", exact=True).click()
    again = page.get_by_role("dialog", name="请重新登录")
    await again.get_by_label("账号").fill("lin")
    await again.get_by_label("密码").fill(PASSWORD)
    code = pyotp.TOTP(AUTHENTICATOR).at(clock.now())
    await again.get_by_label("动态码").fill(code)
    await desk.reads_well()
    await again.get_by_role("button", name="登录", exact=True).click()
    handed = page.get_by_role("dialog", name="账号已开通")
    await handed.get_by_text("qian.shili").wait_for()
    await handed.get_by_role("button", name="已转交，关闭").click()
    await page.get_by_text("已显示2条").wait_for()
