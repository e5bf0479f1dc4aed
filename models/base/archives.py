"""Zip archives from strangers, opened with care.

A docx, xlsx or ofd is a zip. What the archive says of itself (sizes, names) is
checked before anything is unpacked, and while unpacking no entry may grow past
what was said. Nothing is ever written to a disk.

Source: CVE-2019-9674 and Fifield, "A better zip bomb" (2019): overlapping
entries, and sizes that lie.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection

from models.base.errors import Invalid, TooLarge

MOST_ENTRIES = 2_000
"""A thick report with a hundred pictures has some 300."""

MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes of all entries together; uploads are 20 MB at the most."""

HIGHEST_RATIO = 200
"""Unpacked to packed of all together; dense XML reaches 30, a bomb 1,000."""

START = b"PK\x03\x04"
END = b"PK\x05\x06"
END_BYTES = 22
"""The end record, when nothing stands behind it."""

ENCRYPTED = 0x1

WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""How Office packs; other ways are only ever met in attacks."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    KeyError,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises for bytes that are not what their directory says."""

STRAYING = re.compile(r"^/|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|\x00")
"""Names that lead out of the archive."""


class FileDamaged(Invalid):
    """The file is broken, encrypted, or not whole."""

    code = "file_damaged"
    message = "文件已损坏或设有密码，请重新导出后再上传。"


class UnpacksTooLarge(TooLarge):
    """What is packed inside is more than we take."""

    code = "unpacks_too_large"
    message = "文件解压后过大，请精简图片或拆分后再上传。"


class Archive:
    """One checked archive."""

    def __init__(self, content: bytes) -> None:
        """Open an archive and check what it says of itself.

        Refuses: FileDamaged, UnpacksTooLarge.
        """
        if not (content.startswith(START) and content[-END_BYTES:][:4] == END):
            raise FileDamaged
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except DAMAGED as problem:
            raise FileDamaged from problem
        self._check(self._zip.infolist(), len(content))

    @property
    def names(self) -> Collection[str]:
        """Return the entries' names."""
        return self._zip.NameToInfo.keys()

    def read(self, name: str, *, most: int) -> bytes:
        """Unpack an entry of at most so many bytes.

        Refuses: FileDamaged, UnpacksTooLarge.
        """
        try:
            with self._zip.open(name) as entry:
                content = entry.read(most + 1)
        except DAMAGED as problem:
            raise FileDamaged from problem
        if len(content) > most:
            raise UnpacksTooLarge
        return content

    def unpack(self) -> None:
        """Unpack everything into nothing, to see that it is whole and no bomb.

        Refuses: FileDamaged, UnpacksTooLarge.
        """
        left = MOST_UNPACKED
        for name in self.names:
            left -= len(self.read(name, most=left))

    def _check(self, entries: Collection[zipfile.ZipInfo], packed: int) -> None:
        if len(entries) > MOST_ENTRIES:
            raise UnpacksTooLarge
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > min(MOST_UNPACKED, HIGHEST_RATIO * packed):
            raise UnpacksTooLarge
        if len(entries) != len(self.names):
            raise FileDamaged
        if any(_is_odd(entry) for entry in entries):
            raise FileDamaged


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    return bool(
        entry.flag_bits & ENCRYPTED
        or entry.compress_type not in WAYS
        or STRAYING.search(entry.orig_filename)
    )
