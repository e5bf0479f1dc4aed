"""The door of imports: a file in, a body and a report out, nothing kept."""

import pytest

from models.base.files import BUCKET, KeptFile
from models.base.media import Media
from models.unions.permissions import Permission
from tests.models.base import samples
from tests.models.unions import people

IMPORTS = "/union/v1/imports"
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def editor(run, ctx, http):
    who = run(people.official(ctx, "wang", permissions=[Permission.POLICIES_WRITE]))
    return http.as_(run(people.token(ctx, who)))


async def test_a_word_file_comes_back_as_a_body(editor, ctx):
    answer = await editor.post(
        IMPORTS, samples.docx(), headers={"Content-Type": Media.DOCX}
    )
    assert answer.status == 200
    assert answer.body == {"html": "<p>正文</p>", "text": "正文", "dropped": []}
    assert await KeptFile.shelf(ctx).count_documents({}) == 0
    assert await ctx.db[f"{BUCKET}.chunks"].count_documents({}) == 0


async def test_what_was_left_out_is_told_in_a_sentence(editor):
    page = '<p>正文<img src="a"><img src="b"></p><script>x</script>'
    answer = await editor.post(IMPORTS, page.encode(), headers=HTML)
    assert answer.body["html"] == "<p>正文</p>"
    assert answer.body["dropped"] == [
        {
            "what": "images",
            "count": 2,
            "message": "图片已去掉，请作为附件上传，或在正文中用文字说明。",
        },
        {"what": "scripts", "count": 1, "message": "脚本已去掉。"},
    ]


async def test_a_wrong_type_is_refused(editor):
    for kind in (Media.PDF, "application/json", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": kind}
        answer = await editor.post(IMPORTS, samples.pdf(), headers=headers)
        assert (answer.status, answer.code) == (415, "media_refused")


async def test_21_megabytes_are_refused(editor):
    answer = await editor.post(IMPORTS, bytes(21 * 1024 * 1024), headers=HTML)
    assert (answer.status, answer.code) == (413, "file_too_large")


async def test_only_editors_import(ctx, http):
    who = await people.official(ctx, "li", permissions=[Permission.POLICIES_REVIEW])
    reviewer = http.as_(await people.token(ctx, who))
    answer = await reviewer.post(IMPORTS, b"<p>x</p>", headers=HTML)
    assert (answer.status, answer.code) == (403, "permission_missing")
    assert (await http.post(IMPORTS, b"<p>x</p>", headers=HTML)).status == 401
