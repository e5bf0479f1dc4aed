"""Somebody else's HTML made ours (正文清理): what cannot be shown is told of.

Twice through ``nh3``, which reads HTML as a browser would: once with everything we
count let through, once with what is left. Between the two, tags of our kind take
the place of their cousins: ``div`` becomes a paragraph, ``h1`` a heading we have.
"""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import msgspec
import nh3

from models.base.errors import Invalid
from models.policies import wording


class Dropped(StrEnum):
    """What a body has no place for."""

    IMAGES = "images"
    LINKS = "links"
    STYLES = "styles"
    SCRIPTS = "scripts"
    EMBEDDED = "embedded"
    MERGED_CELLS = "merged_cells"
    COMMENTS = "comments"
    MARGINS = "margins"
    FORMULAS = "formulas"


TOLD = {
    Dropped.IMAGES: "图片已去掉，请作为附件上传，或在正文中用文字说明。",
    Dropped.LINKS: "链接已去掉，只保留文字：小程序正文中的链接点不开。",
    Dropped.STYLES: "字体、颜色等样式已去掉。",
    Dropped.SCRIPTS: "脚本已去掉。",
    Dropped.EMBEDDED: "音视频、表单或嵌入的文件已去掉。",
    Dropped.MERGED_CELLS: "表格中合并的单元格已拆开，请核对表格。",
    Dropped.COMMENTS: "批注已去掉。",
    Dropped.MARGINS: "页眉和页脚已去掉。",
    Dropped.FORMULAS: "公式已去掉，请核对正文。",
}
"""What the editor is told."""

COUSINS = {
    "b": "strong",
    **dict.fromkeys(("i", "cite", "dfn"), "em"),
    "h1": "h2",
    **dict.fromkeys(("h5", "h6"), "h4"),
    **dict.fromkeys(("pre", "samp", "kbd"), "code"),
    "tfoot": "tbody",
}
"""Tags that become one of ours."""

BLOCKS = {
    *("div", "section", "article", "main", "header", "footer", "aside", "center"),
    *("figure", "figcaption", "address", "dt", "dd", "caption"),
}
"""Tags that begin a paragraph and end one."""

ENDING = {"h2", "h3", "h4", "table", "ul", "ol", "blockquote"}
"""Of our tags those after which a new paragraph begins."""

EMBEDDED = {
    *("iframe", "object", "embed", "video", "audio", "canvas", "svg", "math"),
    *("form", "input", "select", "textarea", "button"),
}

COUNTED = {
    Dropped.IMAGES: re.compile(r"<(?:img|picture)\b"),
    Dropped.LINKS: re.compile(r'<a href="(?!#)'),
    Dropped.STYLES: re.compile(r'<(?:style|font)\b| style="'),
    Dropped.SCRIPTS: re.compile(r"<script\b"),
    Dropped.EMBEDDED: re.compile(rf"<(?:{'|'.join(sorted(EMBEDDED))})\b"),
    Dropped.MERGED_CELLS: re.compile(r' (?:colspan|rowspan)="[2-9]'),
}
"""How each is found in what ``nh3`` wrote: there ``<`` begins a tag, always."""

KNOWN = wording.TAGS | COUSINS.keys() | BLOCKS

SURVEYED = KNOWN | EMBEDDED | {"a", "img", "picture", "style", "font", "script"}

SPANS = {"colspan", "rowspan", "style"}

DEEPEST = 256
"""Tags open at once; pages of the worst offices reach 50."""

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")

NEVER_DEEP = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
    *("source", "track", "wbr", "p", "li", "td", "th", "tr", "dt", "dd", "option"),
    *("thead", "tbody", "tfoot", "colgroup", "html", "head", "body"),
}
"""Tags that hold nothing, or that the next of their kind ends."""

UNSEEN = {"script", "style", "title", "noscript", "template", *EMBEDDED}
"""Tags whose inside is not for readers either."""


class TooTangled(Invalid):
    """It is nested too deeply, or made up of too many pieces."""

    code = "too_tangled"
    message = "文件结构过于复杂，请精简格式或另存为纯文本后再导入。"


class Tidy(msgspec.Struct, frozen=True):
    """Clean HTML, its words, and what was left out."""

    html: str
    text: str
    dropped: Mapping[Dropped, int]


def tidy(raw: str) -> Tidy:
    """Return somebody's HTML as ours.

    Refuses: TooTangled.
    """
    raw = raw.replace("\u00a0", " ")
    _check_depth(raw)
    kept = nh3.clean(
        raw,
        tags=KNOWN,
        clean_content_tags=UNSEEN,
        attributes={},
    )
    html = _settled(wording.clean(_with_our_tags(kept)))
    return Tidy(html, wording.plain_of(html), _count(raw))


def _count(raw: str) -> Counter[Dropped]:
    survey = nh3.clean(
        raw,
        tags=SURVEYED,
        clean_content_tags=set(),
        attributes={"a": {"href"}, "td": SPANS, "th": SPANS, "*": {"style"}},
        link_rel=None,
    )
    found = {what: len(tags.findall(survey)) for what, tags in COUNTED.items()}
    return Counter({what: count for what, count in found.items() if count})


def _with_our_tags(html: str) -> str:
    return re.sub(r"<(/?)([a-z0-9]+)>", _our_tag, html)


def _our_tag(tag: re.Match[str]) -> str:
    end, name = tag[1], COUSINS.get(tag[2], tag[2])
    if name in BLOCKS:
        return "</p><p>"
    return f"<{end}{name}>" + ("<p>" if end and name in ENDING else "")


def _settled(html: str) -> str:
    """Take away what does not show: spaces in a row, paragraphs with nothing in."""
    spaced = re.sub(r"(?:\s|&nbsp;)+", " ", html)
    return re.sub(r"<p>(?: |<br>)*</p> ?", "", spaced).strip()


def _check_depth(raw: str) -> None:
    """Go on only with what is not nested beyond reason.

    A reader of HTML walks up all that is open again and again; counted are only
    ends of what was begun, so that loose ends cannot hide how deep it is.
    Refuses: TooTangled.
    """
    opened: Counter[str] = Counter()
    depth = 0
    for end, found in TAG.findall(raw):
        name = found.lower()
        if name in NEVER_DEEP:
            continue
        if not end:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            raise TooTangled
