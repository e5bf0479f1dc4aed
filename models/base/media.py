"""What a file really is (文件类型), told from its content and never from its name.

The outer form is told by ``filetype``'s signatures; what a zip or an old Office
file holds, and that there is no second file hidden in it, is looked at here.

Source: features S1-10; ECMA-376 part 2 (content types); GB/T 33190-2016 (OFD);
[MS-CFB] (old Office files).
"""

import io
import re
import zipfile
from enum import StrEnum

import filetype

from models.base.archives import Archive
from models.base.errors import Unsupported


class Media(StrEnum):
    """The media types we can tell."""

    PDF = "application/pdf"
    DOC = "application/msword"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLS = "application/vnd.ms-excel"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    OFD = "application/ofd"
    ODT = "application/vnd.oasis.opendocument.text"
    PNG = "image/png"
    JPEG = "image/jpeg"
    ZIP = "application/zip"
    """Only what we made ourselves; nobody's upload is taken for one."""


SUFFIXES: dict[Media, tuple[str, ...]] = {
    Media.PDF: (".pdf",),
    Media.DOC: (".doc",),
    Media.DOCX: (".docx",),
    Media.XLS: (".xls",),
    Media.XLSX: (".xlsx",),
    Media.OFD: (".ofd",),
    Media.ODT: (".odt",),
    Media.PNG: (".png",),
    Media.JPEG: (".jpg", ".jpeg"),
    Media.ZIP: (".zip",),
}
"""How names of a type end, the usual first."""

OUTER = {"application/pdf", "image/png", "image/jpeg", "application/zip"}
"""Forms that ``filetype`` tells and we go on with."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a Word or Excel file of before 2007 begins."""

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": Media.DOCX,
    b"spreadsheetml.sheet.main+xml": Media.XLSX,
}
MOST_CONTENT_TYPES = 1024 * 1024

MACROS = re.compile(r"(?:^|/)(?:vbaProject[^/]*\.bin|activeX/.*|macrosheets/.*)$", re.I)
"""Parts of an Office file that run."""


class UnknownMedia(Unsupported):
    """The content is of no type that is taken here; ``details.allowed`` names them."""

    code = "media_refused"
    message = "不支持这种文件，或文件内容与名称不符，请换一种格式再上传。"


class HasMacros(Unsupported):
    """The Office file holds macros."""

    code = "file_has_macros"
    message = "文件中含有宏，为安全起见请另存为不含宏的文件后再上传。"


def recognise(content: bytes) -> Media | None:
    """Return what a content is; None is nothing we know.

    Refuses: FileDamaged, UnpacksTooLarge, HasMacros.
    """
    if content.startswith(OLE):
        return _old_office(content)
    kind = filetype.guess(content[:8192])
    outer = "" if kind is None else kind.mime
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if outer not in OUTER:
        return None
    if outer == Media.PDF and not _is_only_pdf(content):
        return None
    return Media(outer)


def _is_only_pdf(content: bytes) -> bool:
    """Say whether it begins as a PDF, ends as one, and is no archive besides."""
    whole = content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]
    return whole and not zipfile.is_zipfile(io.BytesIO(content))


def _packed(content: bytes) -> Media | None:
    archive = Archive(content)
    if any(MACROS.search(name) for name in archive.names):
        raise HasMacros
    archive.unpack()
    if CONTENT_TYPES in archive.names:
        return _open_xml(archive.read(CONTENT_TYPES, most=MOST_CONTENT_TYPES))
    if "OFD.xml" in archive.names:
        return Media.OFD
    if "mimetype" in archive.names:
        told = archive.read("mimetype", most=128).strip()
        return Media.ODT if told == Media.ODT.encode() else None
    return None


def _open_xml(content_types: bytes) -> Media | None:
    if b"macroEnabled" in content_types:
        raise HasMacros
    found = [media for part, media in MAIN_PARTS.items() if part in content_types]
    return found[0] if len(found) == 1 else None


def _old_office(content: bytes) -> Media | None:
    """Tell Word from Excel by the streams the file's directory names."""
    if _names(content, "_VBA_PROJECT"):
        raise HasMacros
    if _names(content, "WordDocument"):
        return Media.DOC
    if _names(content, "Workbook") or _names(content, "Book"):
        return Media.XLS
    return None


def _names(content: bytes, stream: str) -> bool:
    """Say whether a directory entry has this name: 64 bytes, then its length.

    Entries are 128 bytes and begin at multiples of that, wherever the directory is.
    """
    raw = stream.encode("utf-16-le")
    entry = raw + bytes(64 - len(raw)) + (len(raw) + 2).to_bytes(2, "little")
    at = content.find(entry)
    while at >= 0 and at % 128:
        at = content.find(entry, at + 1)
    return at >= 0
