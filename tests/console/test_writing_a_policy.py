"""An editor's day at the console: written, saved by itself, tried, handed in."""

import asyncio

import pytest
from playwright.async_api import expect

from models.policies.manuscripts import Manuscript
from tests.console.forms import choose, saved, write_persons
from tests.models.base import samples
from tests.models.policies.papers import TESTED, begun, content, editor


@pytest.fixture
def wang(run, office):
    return run(editor(office.ctx, "wang"))


async def found(office, id_):
    return await Manuscript.find(office.ctx, _id=id_)


async def write(page, words):
    await page.get_by_role("textbox", name="正文").click()
    await page.keyboard.type(words)


async def test_written_saved_by_itself_looked_at_and_handed_in(office, wang):
    desk = await office.desk(wang)
    page = await desk.open("/contents")
    await desk.reads_well()
    await page.get_by_role("button", name="新建稿件").first.click()
    sheet = page.get_by_role("dialog", name="新建稿件")
    await sheet.get_by_label("标题").fill("灵活就业社保补贴")
    await sheet.get_by_role("button", name="开始编写").click()
    await page.get_by_role("heading", name="编辑政策稿件").wait_for()
    await write(page, "在高新区干活的都能办")
    await page.get_by_text("有改动，马上保存").wait_for()
    await saved(page)
    id_ = page.url.rsplit("/", 1)[1]
    assert (await found(office, id_)).content.body == "<p>在高新区干活的都能办</p>"
    await page.get_by_role("button", name="提交审核").click()
    await page.get_by_role("button", name="请选择政策主题。").click()
    assert await page.get_by_role("combobox", name="政策主题").evaluate(
        "each => each === document.activeElement"
    )
    await choose(page, "政策主题", "社会保险")
    await choose(page, "政策层级", "区")
    await choose(page, "适用地区", "中原区")
    await page.get_by_label("发文机关").fill("示例·高新区")
    await page.get_by_label("文号").fill("示例〔2026〕1号")
    day = page.get_by_role("combobox", name="施行日期")
    await day.click()
    await page.get_by_role("dialog", name="施行日期").wait_for()
    await desk.reads_well()
    await day.fill("2026-01-01")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="摘要").click()
    await page.get_by_role("dialog", name="施行日期").wait_for(state="hidden")
    await page.get_by_role("textbox", name="摘要").fill("每月补贴500元。")
    await desk.reads_well()
    await page.get_by_role("button", name="手机预览").click()
    phone = page.get_by_role("region", name="手机画面")
    await phone.get_by_text("在高新区干活的都能办").wait_for()
    await desk.reads_well()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="提交审核").click()
    await page.get_by_text("已提交审核").first.wait_for()
    assert (await found(office, id_)).stage == "submitted"
    await page.get_by_role("button", name="撤回提交").click()
    await page.get_by_role("dialog").get_by_role("button", name="撤回").click()
    await page.get_by_text("草稿").first.wait_for()


async def test_of_two_editors_neither_loses_a_word(office, wang):
    draft = await begun(office.ctx, wang)
    li = await editor(office.ctx, "li")
    mine, theirs = await office.desk(wang), await office.desk(li)
    page = await mine.open(f"/contents/{draft.id}")
    other = await theirs.open(f"/contents/{draft.id}")
    await other.get_by_label("发文机关").fill("示例·市总工会")
    await other.get_by_role("button", name="保存", exact=True).click()
    await saved(other)
    await page.get_by_role("textbox", name="摘要").fill("每月补贴600元。")
    sheet = page.get_by_role("dialog", name="别人刚刚也改了这份稿件")
    await sheet.get_by_text("每月补贴600元。").wait_for()
    await mine.reads_well()
    await sheet.get_by_role("button", name="按上面的选择继续").click()
    await saved(page)
    kept = (await found(office, draft.id)).content
    assert (kept.issuer, kept.summary) == ("示例·市总工会", "每月补贴600元。")


async def test_a_rule_is_built_read_back_and_tried_on_people(office, wang):
    draft = await begun(office.ctx, wang)
    desk = await office.desk(wang)
    page = await desk.open(f"/contents/{draft.id}")
    await page.get_by_role("button", name="加一个条件").click()
    await choose(page, "条件1：情况", "工会会员")
    await choose(page, "条件1：值", "是")
    told = page.get_by_role("status", name="规则读一遍")
    await told.get_by_text("工会会员：是，才算符合。").wait_for()
    await page.get_by_text("适用条件还没有写完或有误").wait_for()
    await page.get_by_label("条件1：依据").fill("第三条")
    await write_persons(page)
    await page.get_by_role("button", name="试算").click()
    await page.get_by_text("全部与预期一致，可以提交。").wait_for()
    await page.get_by_text("还要问：工会会员").wait_for()
    await desk.reads_well()
    kept = (await found(office, draft.id)).content
    assert kept.rule == {
        "all": [
            {
                "id": "c1",
                "fact": "union_member",
                "op": "eq",
                "value": True,
                "says": "工会会员：是",
                "cites": "第三条",
            }
        ]
    }
    await choose(page, "人物2：工会会员", "是")
    await page.get_by_text("全部与预期一致，可以提交。").wait_for(state="hidden")
    await page.get_by_role("button", name="试算").click()
    await page.get_by_text("与预期不同：试算结果“符合”").wait_for()
    await page.get_by_role("button", name="删除人物1").click()
    await page.get_by_text("试算结果").first.wait_for(state="hidden")


async def test_a_not_is_in_the_workers_sentence_and_none_is_not_unknown(office, wang):
    draft = await begun(office.ctx, wang)
    desk = await office.desk(wang)
    page = await desk.open(f"/contents/{draft.id}")
    await page.get_by_role("button", name="加一个条件").click()
    await choose(page, "条件1：情况", "人群类别")
    await choose(page, "条件1：值", "农民工")
    says = page.get_by_label("条件1：工友看到的话")
    await expect(says).to_have_value("人群类别包括“农民工”")
    await choose(page, "条件1：要或不能", "不能是")
    await expect(says).to_have_value("人群类别不包括“农民工”")
    await page.get_by_label("条件1：依据").fill("第三条")
    await page.get_by_role("button", name="加一个符合的").click()
    await page.get_by_text("都没有", exact=True).click()
    await saved(page)
    assert await facts(office, draft) == [{"client_classes": []}]
    await choose(page, "人物1：人群类别", "农民工")
    await expect(page.get_by_label("人物1：人群类别：都没有")).not_to_be_checked()
    await page.get_by_role("combobox", name="人物1：人群类别").press("Backspace")
    await page.keyboard.press("Escape")
    await desk.reads_well()
    await saved(page)
    assert await facts(office, draft) == [{}]


async def facts(office, draft):
    kept = (await found(office, draft.id)).content
    return [each["facts"] for each in kept.test_persons]


async def test_a_rule_of_others_comes_back_as_it_was(office, wang):
    draft = await begun(office.ctx, wang, content(**TESTED))
    page = await (await office.desk(wang)).open(f"/contents/{draft.id}")
    told = page.get_by_role("status", name="规则读一遍")
    await told.get_by_text("在16周岁到60周岁之间").wait_for()
    await page.get_by_role("textbox", name="摘要").fill("每月补贴600元。")
    await page.get_by_role("button", name="保存", exact=True).click()
    await page.get_by_text("已保存。").wait_for()
    assert (await found(office, draft.id)).content.rule == TESTED["rule"]


async def test_what_a_word_file_loses_is_told(office, wang):
    draft = await begun(office.ctx, wang)
    page = await (await office.desk(wang)).open(f"/contents/{draft.id}")
    page_of_theirs = '<h1>通知</h1><p style="color:red">正文<img src="a"></p>'
    for name, body, report in (
        ("通知.html", page_of_theirs.encode(), "图片已去掉"),
        ("通知.docx", samples.docx(), "内容已全部保留"),
    ):
        file = {"name": name, "mimeType": "", "buffer": body}
        await page.get_by_label("导入文件").set_input_files(file)
        sheet = page.get_by_role("dialog", name="导入正文")
        await sheet.get_by_role("button", name="替换现有正文").click()
        await page.get_by_text(f"已导入“{name}”").get_by_text(report).wait_for()
    await saved(page)
    kept = (await found(office, draft.id)).content
    assert (kept.body_format, kept.body) == ("html", "<p>正文</p>")


PASTE = """(html) => {
  const told = new DataTransfer()
  told.setData('text/html', html)
  told.setData('text/plain', '甲')
  document.activeElement.dispatchEvent(new ClipboardEvent(
    'paste', {clipboardData: told, bubbles: true, cancelable: true}))
}"""


async def test_what_is_pasted_is_cleaned(office, wang):
    draft = await begun(office.ctx, wang, content(body="", body_format="html"))
    page = await (await office.desk(wang)).open(f"/contents/{draft.id}")
    await page.get_by_role("textbox", name="正文").click()
    await page.evaluate(PASTE, '<p class="MsoNormal"><b>甲</b><img src="a"></p>')
    await page.get_by_text("粘贴的内容已整理：图片已去掉").wait_for()
    await saved(page)
    assert "<strong>甲</strong>" in (await found(office, draft.id)).content.body


async def test_a_file_shows_how_far_it_is_and_takes_its_place(office, wang):
    draft = await begun(office.ctx, wang)
    desk = await office.desk(wang)
    page = await desk.open(f"/contents/{draft.id}")

    async def slowly(route):
        await asyncio.sleep(0.5)
        await route.fallback()

    await page.route("**/attachments?*", slowly)
    chooser = page.get_by_label("选择附件")
    for name, body in (("通知.pdf", samples.pdf()), ("表.docx", samples.docx())):
        file = {"name": name, "mimeType": "", "buffer": body}
        await chooser.set_input_files(file)
        await page.get_by_text(f"正在上传“{name}”").wait_for()
        await page.get_by_role("button", name=name, exact=True).wait_for()
    await page.get_by_role("button", name="把表.docx上移").click()
    await page.get_by_role("button", name="把表.docx上移", disabled=True).wait_for()
    await page.get_by_role("button", name="删除通知.pdf").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("textbox").fill("发错了文件")
    await sheet.get_by_role("button", name="确定").click()
    await page.get_by_role("button", name="通知.pdf", exact=True).wait_for(
        state="hidden"
    )
    await page.get_by_role("textbox", name="摘要").fill("每月补贴600元。")
    await saved(page)
    kept = await found(office, draft.id)
    assert [file.name for file in kept.attachments] == ["表.docx"]


async def test_whoever_leaves_without_a_line_finds_their_words_again(office, wang):
    draft = await begun(office.ctx, wang)
    desk = await office.desk(wang)
    page = await desk.open("/contents")
    await page.get_by_role("link", name="社保补贴").click()
    summary = page.get_by_role("textbox", name="摘要")
    await summary.wait_for()
    await page.context.set_offline(True)
    await summary.fill("没网时写的")
    await page.get_by_text("没有保存成功").first.wait_for()
    await page.get_by_role("link", name="稿件列表").click()
    sheet = page.get_by_role("dialog", name="还有内容没有保存成功")
    await sheet.get_by_role("button", name="离开").click()
    await page.get_by_role("heading", name="稿件列表").wait_for()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="重试").click()
    await page.get_by_role("link", name="社保补贴").click()
    await page.get_by_role("button", name="恢复这些内容").click()
    await saved(page)
    assert (await found(office, draft.id)).content.summary == "没网时写的"
    await summary.fill("有网时写的")
    await page.get_by_role("link", name="稿件列表").click()
    await page.get_by_role("heading", name="稿件列表").wait_for()
    assert (await found(office, draft.id)).content.summary == "有网时写的"
