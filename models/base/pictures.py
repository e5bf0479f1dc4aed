"""Pictures without what they tell of their maker (去除照片隐私信息).

A phone writes place, time and its own number into a photo. Everything beside the
picture itself is left out; only which way up it is stays, or a phone's portrait
would lie on its side. No pixel is touched: a JPEG is a row of segments and a PNG
a row of chunks, so leaving some out loses nothing, and what stands behind the
picture (a second file, a script) goes too.

An imaging library would decode and encode anew: every photo a little worse, and
a large decoder open to whatever strangers send. This is a hundred lines.

Source: ITU-T T.81 annex B; PNG third edition, 5 and 11; Exif 2.32 (tag 0x0112).
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from models.base.archives import FileDamaged
from models.base.media import Media

BEGINS = 0xFF
"""Every JPEG marker does."""

LENGTH_BYTES = 2
"""A segment's length counts itself."""

EOI, SOS = 0xD9, 0xDA
APP0, APP1, APP2, APP14, APP15, COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE

NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The end of a scan: in it 0xFF is followed by 0x00 or a restart marker."""

ORIENTATION = 0x0112
UPRIGHT, MOST_TURNED = 1, 8

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND"),
    *(b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs"),
}
"""What is needed to show it; texts, times, Exif and what is private are not."""


def without_traces(content: bytes, media: Media) -> bytes:
    """Return a picture without its metadata; what is no picture as it is.

    Refuses: FileDamaged.
    """
    clean = _CLEANERS.get(media)
    if clean is None:
        return content
    try:
        return b"".join(clean(content))
    except (struct.error, IndexError) as problem:
        raise FileDamaged from problem


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while True:
        marker, start = _marker(content, at)
        if marker == EOI:
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", content, start)
        end = start + length
        if length < LENGTH_BYTES or end > len(content):
            raise FileDamaged
        yield _kept(marker, content[start + LENGTH_BYTES : end])
        if marker == SOS:
            found = NEXT_MARKER.search(content, end)
            if found is None:
                raise FileDamaged
            yield content[end : found.start()]
            end = found.start()
        at = end


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Return the marker at a place and where what follows it begins."""
    if content[at] != BEGINS:
        raise FileDamaged
    while content[at] == BEGINS:
        at += 1
    return content[at], at + 1


def _kept(marker: int, told: bytes) -> bytes:
    """Return a segment as it stays: whole, reduced, or not at all."""
    if marker == APP1 and told.startswith(b"Exif\x00\x00"):
        told = _turned_only(told[6:])
    elif marker == COM or (APP0 <= marker <= APP15 and not _shows(marker, told)):
        told = b""
    elif not told:
        raise FileDamaged
    if not told:
        return b""
    return struct.pack(">BBH", BEGINS, marker, len(told) + LENGTH_BYTES) + told


def _shows(marker: int, told: bytes) -> bool:
    """Say whether a segment of an application is needed for the right colours."""
    return (
        (marker == APP0 and told.startswith(b"JFIF\x00"))
        or (marker == APP2 and told.startswith(b"ICC_PROFILE\x00"))
        or (marker == APP14 and told.startswith(b"Adobe"))
    )


def _turned_only(tiff: bytes) -> bytes:
    """Return Exif that says which way up the picture is and nothing else."""
    turned = _orientation(tiff)
    if not UPRIGHT < turned <= MOST_TURNED:
        return b""
    header = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01"
    return header + struct.pack(">HHIHHI", ORIENTATION, 3, 1, turned, 0, 0)


def _orientation(tiff: bytes) -> int:
    """Return how a picture was turned; one that cannot be read was not."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(
                f"{order}HHIH", tiff, first + 2 + 12 * entry
            )
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        pass
    return UPRIGHT


def _png(content: bytes) -> Iterator[bytes]:
    yield PNG_START
    at = len(PNG_START)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        (crc,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != crc:
            raise FileDamaged
        if name in PNG_KEPT:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


_CLEANERS: dict[Media, Callable[[bytes], Iterator[bytes]]] = {
    Media.JPEG: _jpeg,
    Media.PNG: _png,
}
