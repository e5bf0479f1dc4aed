"""What a text carries beside its words (附件): which files, and which not any more."""

import msgspec

from models.base.files import KeptFile
from models.base.media import Media
from models.base.units import Instant


class Attachment(msgspec.Struct, kw_only=True, frozen=True):
    """One file as a manuscript and its editions carry it; the same id in all."""

    id: str
    file_id: str
    name: str
    media: Media
    size: int
    """Bytes."""
    sha256: str
    added_at: Instant

    @classmethod
    def of(cls, file: KeptFile, id_: str) -> "Attachment":
        """Carry a kept file."""
        return cls(
            id=id_,
            file_id=file.id,
            name=file.name,
            media=file.media,
            size=file.size,
            sha256=file.sha256,
            added_at=file.kept_at,
        )


class Removal(msgspec.Struct, kw_only=True, frozen=True):
    """That an edition does not carry a file any more which one before it did."""

    id: str
    reason: str
    """The sentence those with an old link are shown."""
    at: Instant
