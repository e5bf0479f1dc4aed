"""Kept files (文件): one small way into GridFS and out of it.

::

    keep ──▶ loose ── hold, with the record that names it ──▶ held
               │                                                │
               └── nobody did for an hour ──▶ swept ◀── let_go ─┘

A content is looked at before a byte of it is kept: what it is, that it is whole,
and for whom; pictures lose what they tell of their maker. What proves something
about a person is sealed. A file never changes; another content is another file.

`hold` and `let_go` join the caller's transaction, so a file lives exactly as long
as the record that names it. GridFS itself cannot be in a transaction: `keep` goes
before it, and the bytes of what was let go are swept after it.

Source: features S1-10, S1-03; rules §1.13.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from gridfs import AsyncGridFSBucket, NoFile
from gridfs.errors import CorruptGridFile
from pymongo import IndexModel

from models.base import inspection, personal, rounds
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Gone
from models.base.inspection import SEALED, Inspected, Purpose, Upload
from models.base.media import Media
from models.base.units import Instant

BUCKET = "blobs"
"""GridFS keeps the bytes in ``blobs.files`` and ``blobs.chunks``, under our id."""

PIECE = 256 * 1024
"""Bytes read at a time; GridFS keeps 255 KiB in a chunk."""

LOOSE_FOR = timedelta(hours=1)
"""A file nobody holds by then belonged to a request that died."""

HOLD_WITHIN = LOOSE_FOR / 2
"""Well before the sweep, so that the two never meet."""

SWEPT_AT_ONCE = 200


class KeptFile(Document, kw_only=True, frozen=True):
    """One file, and who holds it."""

    SHELF = "files"
    PERSONAL = personal.deleted("上传的文件", "kept_by", hidden=("loose_since", "blob"))
    INDEXES = (
        IndexModel(["loose_since"], partialFilterExpression={"owner": None}),
        IndexModel(["owner", ("_id", -1)]),
        IndexModel(["kept_by"]),
    )

    purpose: Purpose
    name: str
    """Safe to show and to save under; ends as its type does."""
    media: Media
    size: int
    """Bytes, as it is read."""
    sha256: str
    """Of the bytes as they are read, in hex."""
    sealed: bool
    kept_by: str
    kept_at: Instant
    owner: str | None = None
    """The id of the record that names it; None while nobody does."""
    loose_since: Instant | None
    blob: str | None = None
    """Where its bytes lie, once they were sealed anew; None: under its own id."""

    @property
    def bytes_at(self) -> str:
        """Return what GridFS knows its bytes by."""
        return self.blob or self.id

    @property
    def other_place(self) -> str:
        """Return where its bytes go when they are sealed anew."""
        return f"{self.id}~" if self.bytes_at == self.id else self.id

    @classmethod
    async def erase(cls, ctx: Context, where: Mapping[str, Any]) -> int:
        """Take files away now, bytes first, whoever holds them."""
        found = await cls.many(ctx, where, limit=0)
        for file in found:
            await drop_bytes(ctx, file.bytes_at, file.other_place)
            await cls.shelf(ctx).delete_one({"_id": file.id})
        return len(found)


class FileGone(Gone):
    """Its bytes are not kept any more."""

    code = "file_gone"
    message = "该文件已不再保存，请重新上传或查看最新版本。"


async def keep(ctx: Context, upload: Upload, *, purpose: Purpose, by: str) -> KeptFile:
    """Look at a content and keep it, held by nobody yet (保存文件).

    Rules: see `inspection`; never inside a transaction.
    Refuses: EmptyFile, FileTooLarge, UnknownMedia, HasMacros, FileDamaged,
    UnpacksTooLarge.
    """
    told = await asyncio.to_thread(inspection.look_at, upload, purpose, ctx.secrets)
    return await _store(ctx, told, purpose, by)


async def keep_made(
    ctx: Context, name: str, media: Media, content: bytes, *, purpose: Purpose, by: str
) -> KeptFile:
    """Keep a content that we made for somebody, sealed, held by nobody yet.

    Rules: never inside a transaction.
    """
    told = await asyncio.to_thread(inspection.made, name, media, content, ctx.secrets)
    return await _store(ctx, told, purpose, by)


async def _store(ctx: Context, told: Inspected, purpose: Purpose, by: str) -> KeptFile:
    now = ctx.clock.now()
    file = await KeptFile(
        id=ctx.new_id("file"),
        purpose=purpose,
        name=told.name,
        media=told.media,
        size=told.size,
        sha256=told.sha256,
        sealed=purpose in SEALED,
        kept_by=by,
        kept_at=now,
        loose_since=now,
    ).insert(ctx)
    await bucket(ctx).upload_from_stream_with_id(file.id, file.id, told.bytes)
    return file


async def hold(ctx: Context, file_id: str, *, owner: str) -> KeptFile:
    """Let the record that names a file hold it; joins the record's transaction.

    Refuses: FileGone.
    """
    since = ctx.clock.now() - HOLD_WITHIN
    held = await KeptFile.change(
        ctx,
        where={"_id": file_id, "owner": None, "loose_since": {"$gte": since}},
        update={"$set": {"owner": owner, "loose_since": None}},
    )
    if held is None:
        raise FileGone
    return held


async def let_go(ctx: Context, *, owner: str) -> int:
    """Let go of all that a record holds; the bytes are swept within the hour."""
    let = await KeptFile.shelf(ctx).update_many(
        {"owner": owner},
        {"$set": {"owner": None, "loose_since": ctx.clock.now()}},
    )
    return let.modified_count


async def held_by(ctx: Context, owner: str) -> list[KeptFile]:
    """List what a record holds, the first kept first."""
    return await KeptFile.many(ctx, {"owner": owner}, sort=[("_id", 1)])


async def read(
    ctx: Context, file: KeptFile, *, start: int = 0, stop: int | None = None
) -> AsyncIterator[bytes]:
    """Read a file piece by piece, or the part from one byte to before another.

    Refuses: FileGone, before the first piece.
    """
    end = file.size if stop is None else min(stop, file.size)
    if file.sealed:
        yield (await _opened(ctx, file))[start:end]
        return
    try:
        async with await bucket(ctx).open_download_stream(file.bytes_at) as stream:
            await stream.seek(start)
            while start < end:
                piece = await stream.read(min(PIECE, end - start))
                start += len(piece)
                yield piece
    except (NoFile, CorruptGridFile) as problem:
        raise FileGone from problem


async def sweep(ctx: Context) -> int:
    """Remove the files that nobody has held for an hour, bytes first."""
    old = {"owner": None, "loose_since": {"$lt": ctx.clock.now() - LOOSE_FOR}}
    loose = await KeptFile.many(
        ctx, old, sort=[("loose_since", 1)], limit=SWEPT_AT_ONCE
    )
    return await rounds.each("files.sweep", loose, lambda file: _remove(ctx, file))


async def _remove(ctx: Context, file: KeptFile) -> bool:
    """Take a file away, bytes first; again does no harm."""
    await drop_bytes(ctx, file.bytes_at, file.other_place)
    gone = await KeptFile.shelf(ctx).delete_one({"_id": file.id, "owner": None})
    return gone.deleted_count == 1


def bucket(ctx: Context) -> AsyncGridFSBucket:
    """Return where the bytes are."""
    return AsyncGridFSBucket(ctx.db, bucket_name=BUCKET)


async def _opened(ctx: Context, file: KeptFile) -> bytes:
    """Read a sealed file whole; a seal cannot be opened in parts."""
    sealed = await sealed_bytes(ctx, file)
    return await asyncio.to_thread(ctx.secrets.open_bytes, sealed)


async def sealed_bytes(ctx: Context, file: KeptFile) -> bytes:
    """Read what is kept of a sealed file; once more if it moved meanwhile.

    Refuses: FileGone.
    """
    for _ in range(2):
        try:
            stream = await bucket(ctx).open_download_stream(file.bytes_at)
            return await stream.read()
        except (NoFile, CorruptGridFile):
            file = await KeptFile.find(ctx, _id=file.id) or file
    raise FileGone


async def drop_bytes(ctx: Context, *places: str) -> None:
    """Take bytes away that no record names any more; again does no harm."""
    for at in places:
        with suppress(NoFile):
            await bucket(ctx).delete(at)
