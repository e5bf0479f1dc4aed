"""What is looked at before a file is kept (上传检查): type, wholeness, traces, name.

Source: features S1-10, S1-03; rules §1.13.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from models.base import media, pictures
from models.base.archives import FileDamaged, UnpacksTooLarge
from models.base.errors import Invalid, Refusal, TooLarge
from models.base.media import SUFFIXES, HasMacros, Media, UnknownMedia
from models.base.secrets import Secrets

LARGEST = 20 * 1024 * 1024
"""Bytes of one file; WeChat opens documents up to 50 MB, pictures up to 10 MB."""

LONGEST_NAME = 120

UNNAMED = "文件"


class Purpose(StrEnum):
    """What a file is kept for; it decides what is taken and how it is kept."""

    ATTACHMENT = "attachment"
    """The original of a policy, for everybody once it is published."""
    EVIDENCE = "evidence"
    """What proves something about a person; sealed."""
    EXPORT = "export"
    """What a person takes home of their own record; sealed, and nobody uploads it."""


ALLOWED: Mapping[Purpose, frozenset[Media]] = {
    Purpose.ATTACHMENT: frozenset(Media) - {Media.ODT, Media.ZIP},
    Purpose.EVIDENCE: frozenset({Media.PDF, Media.PNG, Media.JPEG}),
    Purpose.EXPORT: frozenset(),
}

SEALED = frozenset({Purpose.EVIDENCE, Purpose.EXPORT})


class Upload(msgspec.Struct, frozen=True):
    """What somebody sent: a name they gave it, and its content."""

    name: str
    content: bytes


class Inspected(msgspec.Struct, frozen=True):
    """What looking at an upload told, and the bytes as they are kept."""

    name: str
    media: Media
    size: int
    sha256: str
    bytes: bytes


class EmptyFile(Invalid):
    """There is nothing in it."""

    code = "file_empty"
    message = "文件是空的，请重新选择文件。"


class FileTooLarge(TooLarge):
    """More than `LARGEST`."""

    code = "file_too_large"
    message = "文件超过20 MB，请压缩或拆分后再上传。"


REFUSED: tuple[type[Refusal], ...] = (
    EmptyFile,
    FileTooLarge,
    UnknownMedia,
    HasMacros,
    FileDamaged,
    UnpacksTooLarge,
)
"""How an upload can be refused for what it is; for the doors."""


def look_at(upload: Upload, purpose: Purpose, secrets: Secrets) -> Inspected:
    """Check, clean and seal a content; takes a while, so in a thread.

    Refuses: see `REFUSED`.
    """
    if not upload.content:
        raise EmptyFile
    if len(upload.content) > LARGEST:
        raise FileTooLarge
    kind = media.recognise(upload.content)
    if kind is None or kind not in ALLOWED[purpose]:
        raise UnknownMedia({"allowed": sorted(ALLOWED[purpose])})
    content = pictures.without_traces(upload.content, kind)
    return Inspected(
        name=safe_name(upload.name, kind),
        media=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=secrets.seal_bytes(content) if purpose in SEALED else content,
    )


def made(name: str, kind: Media, content: bytes, secrets: Secrets) -> Inspected:
    """Seal a content of our own making, which needs no looking at; in a thread."""
    return Inspected(
        name=name,
        media=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=secrets.seal_bytes(content),
    )


def safe_name(name: str, kind: Media) -> str:
    """Return a name one may show and save under (文件名).

    Rules: no folders, nothing unseen, no change of direction that would show
    ``gpj.exe`` as ``exe.jpg``; it ends as its content's type does.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    bare = re.sub(r'[<>:"|?*\s]+', " ", seen).strip()
    ends = SUFFIXES[kind]
    stem = bare[: bare.rindex(".")] if bare.lower().endswith(ends) else bare
    stem = stem.strip(". ")
    return f"{stem[:LONGEST_NAME] or UNNAMED}{ends[0]}"
