"""Signing in, writing and reviewing by keyboard alone."""

import pyotp
from playwright.async_api import expect

from models.unions.permissions import Permission
from tests.console.conftest import AUTHENTICATOR, PASSWORD
from tests.console.keys import sit
from tests.models.base import samples
from tests.models.policies.papers import begun, content, editor, reviewer, submitted
from tests.models.unions import people

HELLO = "王*例，您好"
REASON = "文号与原文件不一致，请核对。"


async def test_signing_in_and_the_way_past_the_menu(office, clock):
    wang = await people.official(office.ctx, "wang", permissions=[Permission.AUDIT])
    await office.give_login(wang, "wang")
    keys = await sit(office, "/")
    page = keys.page
    await keys.write("账号", "wang")
    await keys.write("密码", PASSWORD)
    await keys.write("动态码", pyotp.TOTP(AUTHENTICATOR).at(clock.now()))
    await keys.press("Enter")
    content = page.get_by_role("main", name="工作台")
    await expect(content).to_be_focused()
    await page.reload()
    await page.get_by_role("heading", name=HELLO).wait_for()
    await keys.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await keys.press("Enter")
    await expect(content).to_be_focused()
    await keys.reach(content.get_by_role("link", name="审计日志"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="审计日志")).to_be_focused()
    menu = page.get_by_role("navigation", name="主菜单")
    await keys.back_to(menu.get_by_role("link", name="代办授权"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="代办授权")).to_be_focused()


async def find_a_draft(keys):
    page = keys.page
    await keys.write("标题或文号", "社保")
    await keys.press("Enter")
    await keys.choose("状态", "草稿", many=True)
    columns = page.get_by_role("button", name="列", exact=True)
    await keys.reach(columns)
    await keys.press("Enter")
    choices = page.get_by_role("group", name="显示哪些列")
    await expect(choices.locator(":focus")).to_have_count(1)
    await keys.reach(choices.get_by_role("checkbox", name="文号"))
    await keys.press("Space", "Escape")
    await expect(columns).to_be_focused()
    await page.get_by_role("columnheader", name="文号").wait_for()
    await keys.reach(page.get_by_role("link", name="社保补贴"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="稿件编辑")).to_be_focused()


async def write_the_body(keys):
    page = keys.page
    page.on("filechooser", lambda _: None)  # heard of early: it is too late at the key
    tools = page.get_by_role("toolbar", name="正文格式")
    body = page.get_by_role("textbox", name="正文", exact=True)
    await keys.reach(body)
    await page.keyboard.type("在高新区干活的都能办")
    tool = tools.get_by_role("button", name="无序列表")
    await expect(tool).to_be_enabled()
    await keys.press("Alt+F10")
    await keys.reach(tool, "ArrowRight")
    await expect(tool).to_be_enabled()
    await keys.press("Enter")
    await expect(body).to_contain_text("•")
    await keys.press("Escape")
    await expect(body).to_be_focused()
    upload = page.get_by_role("button", name="上传附件")
    await keys.reach(upload)
    async with page.expect_file_chooser() as asked:
        await keys.press("Enter")
    file = {"name": "通知.pdf", "mimeType": "", "buffer": samples.pdf()}
    await (await asked.value).set_files(file)
    await page.get_by_role("button", name="通知.pdf", exact=True).wait_for()
    await expect(upload).to_be_focused()


async def build_a_rule(keys):
    await keys.button("加一个条件")
    await keys.choose("条件1：情况", "工会会员")
    await keys.choose("条件1：值", "是")
    await keys.write("条件1：依据", "第三条")
    await keys.button("加一个符合的")
    await keys.choose("人物1：工会会员", "是")
    await keys.button("加一个不符合的")
    await keys.choose("人物2：工会会员", "否")
    await keys.button("加一个还要问的")
    await keys.button("试算")
    await keys.page.get_by_text("全部与预期一致，可以提交。").wait_for()
    await expect(keys.page.get_by_role("button", name="试算")).to_be_focused()


async def test_an_editor_finds_writes_and_hands_in(office):
    wang = await editor(office.ctx, "wang")
    await begun(office.ctx, wang, content(body="", body_format="html"))
    keys = await sit(office, "/contents", wang)
    page = keys.page
    await find_a_draft(keys)
    await keys.write("标题", "灵活就业社保补贴")
    await write_the_body(keys)
    await build_a_rule(keys)
    preview = page.get_by_role("button", name="手机预览")
    await keys.back_to(preview)
    await keys.press("Enter")
    phone = await keys.into(page.get_by_role("dialog", name="手机预览"))
    await phone.get_by_text("在高新区干活的都能办").wait_for()
    await keys.reach(phone.get_by_role("region", name="手机画面"))
    await keys.press("Escape")
    await expect(preview).to_be_focused()
    await keys.button("提交审核")
    await page.get_by_text("已提交审核").first.wait_for()
    await keys.are_kept()
    await keys.back_to(page.get_by_role("button", name="撤回提交"))


async def test_a_reviewer_sends_one_back_and_lets_one_pass(office):
    wang = await editor(office.ctx, "wang")
    for title in ("社保补贴", "岗位补贴"):
        await submitted(office.ctx, wang, content(title))
    keys = await sit(office, "/reviewing", await reviewer(office.ctx))
    page = keys.page
    await keys.reach(page.get_by_role("radio", name="待我审核"))
    await keys.press("ArrowRight")
    await expect(page.get_by_role("radio", name="全部待审")).to_be_checked()
    await keys.reach(page.get_by_role("link", name="社保补贴"))
    await keys.press("Enter")
    await expect(page.get_by_role("main", name="审核稿件")).to_be_focused()
    await keys.reach(page.get_by_role("region", name="改动对照"))
    await keys.button(REASON)
    await keys.button("退回")
    await page.get_by_text("已退回，编写人会收到原因。").wait_for()
    await keys.are_kept()
    await keys.back_to(page.get_by_role("link", name="← 回到审核列表"))
    await keys.press("Enter")
    await keys.reach(page.get_by_role("link", name="岗位补贴"))
    await keys.press("Enter")
    await keys.write("审核意见", "可以发布")
    passing = page.get_by_role("button", name="通过并发布", exact=True)
    await keys.reach(passing.first)
    await keys.press("Enter")
    question = await keys.into(page.get_by_role("dialog", name="通过并立即发布"))
    await keys.press("Tab", "Tab", "Tab", "Tab", "Tab")
    await keys.look()
    await keys.press("Escape")
    await question.wait_for(state="hidden")
    await expect(passing.first).to_be_focused()
    await keys.press("Enter")
    await keys.into(question)
    await keys.press("Enter")
    await page.get_by_text("已通过，公众现在就能看到。").wait_for()
    await keys.are_kept()
