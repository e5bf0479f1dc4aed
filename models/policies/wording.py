"""From an author's Markdown or HTML to what readers see and what search reads.

The HTML is cleaned once, when a text is published: WeChat's rich-text takes no
script, no event and no link of its own, and nobody else's page may be framed.
"""

import re
from enum import StrEnum
from html import unescape

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class BodyFormat(StrEnum):
    """How an author writes a body (正文格式)."""

    MARKDOWN = "markdown"
    HTML = "html"


TAGS = {
    "blockquote",
    "br",
    "code",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
"""What WeChat's rich-text shows; no links, they do nothing there."""


def html_of(body: str, body_format: BodyFormat = BodyFormat.MARKDOWN) -> str:
    """Return clean HTML of what an author wrote."""
    is_html = body_format is BodyFormat.HTML
    return clean(body if is_html else _markdown.render(body))


def clean(html: str) -> str:
    """Return HTML with nothing in it but what readers may be shown."""
    return nh3.clean(html, tags=TAGS, attributes={})


def plain_of(html: str) -> str:
    """Return the words of an HTML text, one line a block."""
    broken = re.sub(r"</(?:p|li|h[2-4]|td|th|tr|blockquote)>|<br>", "\n", html)
    words = unescape(nh3.clean(broken, tags=set()))
    return re.sub(r"\s*\n\s*", "\n", words).strip()
