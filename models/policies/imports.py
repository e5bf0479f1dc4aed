"""Imports (导入正文): a Word, HTML or Markdown file turned into a body we can show.

What the readers' page cannot show is left out, and the editor is told what that
was and how much of it; nothing is kept. A Word file is read by ``mammoth``, which
runs in a thread, one at a time in a process: pure Python holds everybody up a
little, so its input is bounded by size, by tags and by time.

Source: issue 3 §2; screens 政策编辑.
"""

import asyncio
import io
import re
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import lru_cache
from typing import Any

import mammoth
import msgspec
from markdown_it import MarkdownIt

from models.base import media
from models.base.archives import MOST_UNPACKED, Archive, FileDamaged
from models.base.errors import Invalid, TooLarge, Unavailable
from models.base.inspection import EmptyFile
from models.base.media import Media, UnknownMedia
from models.policies import tidying
from models.policies.tidying import Dropped, TooTangled

LARGEST_TEXT = 1024 * 1024
"""Bytes of an HTML or Markdown file; a long notice has some 50,000."""

LONGEST_BODY = 200_000
"""Characters of a manuscript's body."""

MOST_TAGS = 60_000
"""XML elements in a Word file: some 50 pages. mammoth takes 2 s for them, and four
times as long for twice as many."""

SECONDS = 10.0
"""An editor waits no longer, with others' imports before theirs."""


class Sort(StrEnum):
    """What can be imported, by the media type it is sent as."""

    WORD = Media.DOCX.value
    HTML = "text/html"
    MARKDOWN = "text/markdown"


class Imported(msgspec.Struct, frozen=True):
    """What became of a file."""

    html: str
    text: str
    """The words alone."""
    dropped: Mapping[Dropped, int]


class NothingToImport(Invalid):
    """There is no word in it."""

    code = "nothing_to_import"
    message = "文件中没有可用的文字；如果是扫描件，请先转成文字再导入。"


class TooLongToImport(TooLarge):
    """The text is longer than a body may be."""

    code = "too_long_to_import"
    message = "文件内容过长，请分成几篇，或把全文作为附件上传。"


class ImportsBusy(Unavailable):
    """It did not get done in time."""

    code = "imports_busy"
    message = "导入没有及时完成，请稍后再试，或简化文件后再导入。"
    retry_after = 10


async def read(content: bytes, *, sent_as: str) -> Imported:
    """Turn a file into a body, and say what was left out (导入正文).

    sent_as: its media type; a Word file is told by its content as well.
    Refuses: EmptyFile, UnknownMedia, FileDamaged, HasMacros, UnpacksTooLarge,
    NothingToImport, TooLongToImport, TooTangled, ImportsBusy.
    """
    if not content:
        raise EmptyFile
    sort = _sort_of(content, sent_as)
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(_desk(), _read, content, sort)
    try:
        async with asyncio.timeout(SECONDS):
            return await work
    except TimeoutError as problem:
        raise ImportsBusy from problem


@lru_cache(maxsize=1)
def _desk() -> ThreadPoolExecutor:
    """Return the one thread that reads; those who come meanwhile wait."""
    return ThreadPoolExecutor(1, "imports")


def _sort_of(content: bytes, sent_as: str) -> Sort:
    told = sent_as.split(";", 1)[0].strip().lower()
    looks_binary = content.startswith((b"PK\x03\x04", media.OLE, b"%PDF-"))
    if told not in set(Sort) or looks_binary != (told == Sort.WORD):
        raise UnknownMedia({"allowed": [str(each) for each in Sort]})
    if len(content) > LARGEST_TEXT and told != Sort.WORD:
        raise TooLongToImport
    return Sort(told)


def _read(content: bytes, sort: Sort) -> Imported:
    dropped: Counter[Dropped] = Counter()
    raw = _word(content, dropped) if sort is Sort.WORD else _decoded(content)
    if sort is Sort.MARKDOWN:
        raw = _rendered(raw)
    tidy = tidying.tidy(raw)
    dropped.update(tidy.dropped)
    if not tidy.text:
        raise NothingToImport
    if len(tidy.html) > LONGEST_BODY:
        raise TooLongToImport
    return Imported(tidy.html, tidy.text, dropped)


_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
"""Reads HTML too, which is tidied like any."""


def _rendered(markdown: str) -> str:
    """Return Markdown as HTML, which is longer still.

    Refuses: TooLongToImport.
    """
    if len(markdown) > LONGEST_BODY:
        raise TooLongToImport
    return _markdown.render(markdown)


def _decoded(content: bytes) -> str:
    """Read a text as the office's programs write it.

    Refuses: FileDamaged.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileDamaged


def _word(content: bytes, dropped: Counter[Dropped]) -> str:
    """Read a Word file; pictures are counted where they stand.

    Refuses: UnknownMedia, FileDamaged, HasMacros, UnpacksTooLarge, TooTangled.
    """
    if media.recognise(content) is not Media.DOCX:
        raise UnknownMedia({"allowed": [str(each) for each in Sort]})
    _check_parts(Archive(content), dropped)

    def count(_: Any) -> list[Any]:
        dropped[Dropped.IMAGES] += 1
        return []

    try:
        read = mammoth.convert_to_html(
            io.BytesIO(content),
            convert_image=count,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except Exception as problem:
        raise FileDamaged from problem
    return str(read.value)


PARTS = {
    Dropped.COMMENTS: re.compile(r"word/comments\.xml"),
    Dropped.MARGINS: re.compile(r"word/(?:header|footer)\d*\.xml"),
    Dropped.EMBEDDED: re.compile(r"word/embeddings/|.*\.(?:html?|mht|xhtml)$", re.I),
}
"""Parts of a Word file that a body has no place for, by their names."""


def _check_parts(archive: Archive, dropped: Counter[Dropped]) -> None:
    """Count what will be left out; refuse what would take for ever.

    Refuses: FileDamaged, UnpacksTooLarge, TooTangled.
    """
    tags = 0
    for name in archive.names:
        part = archive.read(name, most=MOST_UNPACKED).replace(b"\x00", b"")
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise FileDamaged
        tags += part.count(b"</") + part.count(b"/>")
        dropped[Dropped.FORMULAS] += part.count(b"<m:oMath>")
        dropped.update(what for what, names in PARTS.items() if names.match(name))
    if tags > MOST_TAGS:
        raise TooTangled
