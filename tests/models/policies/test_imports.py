"""A strange file becomes a body we can show, and the editor hears what it lost."""

import asyncio

import pytest

from models.base.archives import FileDamaged, UnpacksTooLarge
from models.base.inspection import EmptyFile
from models.base.media import HasMacros, UnknownMedia
from models.policies import imports
from models.policies.imports import (
    LARGEST_TEXT,
    LONGEST_BODY,
    MOST_TAGS,
    ImportsBusy,
    NothingToImport,
    Sort,
    TooLongToImport,
)
from models.policies.tidying import Dropped, TooTangled
from tests.models.base import samples

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


MANY_TAGS = "".join(f'<w:p w:n="{number}"/>' for number in range(MOST_TAGS))


def paragraph(words, style=None):
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t>{words}</w:t></w:r></w:p>"


def row(*words):
    cells = "".join(f"<w:tc>{paragraph(word)}</w:tc>" for word in words)
    return f"<w:tr>{cells}</w:tr>"


async def word(content):
    return await imports.read(content, sent_as=Sort.WORD)


async def html(text):
    return await imports.read(text.encode(), sent_as="text/html; charset=utf-8")


async def test_a_word_file_keeps_its_headings_lists_and_tables():
    body = (
        paragraph("申领办法", "Heading1")
        + "<w:p><w:r><w:t>每月</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>"
        "<w:t>500元</w:t></w:r></w:p>"
        + f"<w:tbl>{row('对象', '标准')}{row('农民工', '500元')}</w:tbl>"
    )
    got = await word(samples.docx(body))
    assert got.html == (
        "<h2>申领办法</h2><p>每月<strong>500元</strong></p><table><tbody>"
        "<tr><td><p>对象</p></td><td><p>标准</p></td></tr>"
        "<tr><td><p>农民工</p></td><td><p>500元</p></td></tr></tbody></table>"
    )
    assert got.text == "申领办法\n每月500元\n对象\n标准\n农民工\n500元"
    assert not +got.dropped


async def test_what_a_word_file_loses_is_counted():
    link = (
        f'<w:hyperlink xmlns:r="{RELATIONSHIPS}" r:id="rId9"><w:r><w:t>官网</w:t>'
        "</w:r></w:hyperlink>"
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId9" Type="{RELATIONSHIPS}/hyperlink" '
        'Target="https://example.cn/" TargetMode="External"/></Relationships>'
    )
    content = samples.docx(
        paragraph("正文") + f"<w:p>{link}</w:p>",
        **{
            "word/_rels/document.xml.rels": rels,
            "word/comments.xml": f'<w:comments xmlns:w="{samples.W}"/>',
            "word/header1.xml": "<x/>",
            "word/embeddings/table.xlsx": "x",
            "word/afchunk.htm": "<script>alert(1)</script>",
        },
    )
    got = await word(content)
    assert got.html == "<p>正文</p><p>官网</p>"
    assert +got.dropped == {
        Dropped.LINKS: 1,
        Dropped.COMMENTS: 1,
        Dropped.MARGINS: 1,
        Dropped.EMBEDDED: 2,
    }


async def test_html_of_another_office_becomes_ours():
    got = await html(
        "<html><head><title>题</title><style>p{}</style></head><body>"
        '<div style="color:red"><h1>一、对象</h1>农民工<div>骑手</div></div>'
        '<p onclick="x()"><b>补贴</b><i>每月</i><img src="data:x" onerror="x()"></p>'
        '<a href="javascript:x()">甲</a><a href="https://x.cn">乙</a>'
        '<script>alert("1")</script><iframe src="//x"></iframe>'
        '<table><tr><td colspan="2">合</td></tr></table>'
        "<p>&nbsp; </p><p>&lt;img&gt;</p></body></html>"
    )
    assert got.html == (
        "<h2>一、对象</h2><p>农民工</p><p>骑手</p>"
        "<p><strong>补贴</strong><em>每月</em></p>甲乙"
        "<table><tbody><tr><td>合</td></tr></tbody></table><p>&lt;img&gt;</p>"
    )
    assert got.dropped == {
        Dropped.IMAGES: 1,
        Dropped.LINKS: 1,
        Dropped.STYLES: 2,
        Dropped.SCRIPTS: 1,
        Dropped.EMBEDDED: 1,
        Dropped.MERGED_CELLS: 1,
    }


@pytest.mark.parametrize(
    "attack",
    [
        "<svg><script>alert(1)</script></svg>",
        "<math><mi><style><img src=x onerror=alert(1)></style></mi></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<div<script>alert(1)</script>>",
        "<p><<b>script>alert(1)</script></p>",
        "<a href='&#x6a;avascript:alert(1)'>x</a>",
        "<template><script>alert(1)</script></template>",
        "<xmp><p></xmp><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
    ],
)
async def test_nothing_that_runs_comes_through(attack):
    got = await html(f"<p>正文</p>{attack}")
    assert "<p>正文</p>" in got.html
    for running in ("<script", "onerror=", "javascript:", "<svg", "<img", "<style"):
        assert running not in got.html.replace("&lt;", "«")


async def test_markdown_is_read_with_the_html_in_it():
    got = await imports.read(
        "# 标题\n\n- 一\n- 二\n\n![图](x.png) [链](https://x.cn)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script>\n".encode(),
        sent_as="text/markdown",
    )
    assert got.html == (
        "<h2>标题</h2><ul> <li>一</li> <li>二</li> </ul><p> 链</p> <table> <thead> "
        "<tr> <th>a</th> <th>b</th> </tr> </thead> <tbody> <tr> <td>1</td> <td>2</td> "
        "</tr> </tbody> </table>"
    )
    assert got.dropped == {Dropped.IMAGES: 1, Dropped.LINKS: 1, Dropped.SCRIPTS: 1}


async def test_an_older_encoding_is_read():
    got = await imports.read("<p>补贴</p>".encode("gb18030"), sent_as="text/html")
    assert got.text == "补贴"


@pytest.mark.parametrize(
    ("content", "sent_as", "refusal"),
    [
        (b"", Sort.WORD, EmptyFile),
        (samples.EXE, Sort.WORD, UnknownMedia),
        (samples.pdf(), Sort.HTML, UnknownMedia),
        (samples.docx(), Sort.HTML, UnknownMedia),
        (samples.docx(), "application/msword", UnknownMedia),
        (samples.ole("WordDocument"), Sort.WORD, UnknownMedia),
        (samples.xlsx(), Sort.WORD, UnknownMedia),
        (b"<p>x</p>", "", UnknownMedia),
        (samples.docx()[:-40], Sort.WORD, FileDamaged),
        (samples.docx("<w:p>"), Sort.WORD, FileDamaged),
        (b"\x80\xff\xff", Sort.HTML, FileDamaged),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), Sort.WORD, HasMacros),
        (samples.bomb(), Sort.WORD, UnpacksTooLarge),
        (samples.docx("<w:p/>"), Sort.WORD, NothingToImport),
        (b"<p> </p><script>x</script>", Sort.HTML, NothingToImport),
        (b"<p>" + b"x" * LARGEST_TEXT, Sort.HTML, TooLongToImport),
        (b"<p>" + b"x" * LONGEST_BODY, Sort.HTML, TooLongToImport),
        (b"x" * (LONGEST_BODY + 1), Sort.MARKDOWN, TooLongToImport),
        (samples.docx(MANY_TAGS), Sort.WORD, TooTangled),
        (b"<div>" * 300 + b"x", Sort.HTML, TooTangled),
        (b"<b></i>" * 300 + b"x", Sort.HTML, TooTangled),
    ],
)
async def test_what_cannot_be_imported_is_refused(content, sent_as, refusal):
    with pytest.raises(refusal):
        await imports.read(content, sent_as=sent_as)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "哈哈哈">]>'
    f'<w:document xmlns:w="{samples.W}"><w:body/></w:document>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_xml_that_brings_its_own_entities_is_refused(encoding):
    told = LAUGHS.encode(encoding)
    with pytest.raises(FileDamaged):
        await word(samples.docx(**{"word/document.xml": told}))


async def test_a_file_of_somebody_elses_disk_is_not_read():
    picture = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml">'
        f'<v:shape><v:imagedata xmlns:r="{RELATIONSHIPS}" r:link="rId1"/></v:shape>'
        "</w:pict></w:r></w:p>"
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="rId1" Type="{RELATIONSHIPS}/image" '
        'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    content = samples.docx(
        paragraph("正文") + picture, **{"word/_rels/document.xml.rels": rels}
    )
    got = await word(content)
    assert (got.html, "root" in got.text) == ("<p>正文</p>", False)


async def test_who_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(imports, "SECONDS", 0.0)
    with pytest.raises(ImportsBusy):
        await html("<p>x</p>")


async def test_several_at_once_are_read_one_after_the_other():
    got = await asyncio.gather(
        *(word(samples.docx(paragraph(str(n)))) for n in range(5))
    )
    assert [each.text for each in got] == ["0", "1", "2", "3", "4"]
