"""Seals of kept files (文件封存): renewed under the newest key while people read them.

GridFS cannot change bytes in place, so a file's bytes lie in one of two places. The
new ones are put into the other, then one guarded update says where they are; then the
old ones go. A reader who meant the old place looks once more (`files.sealed_bytes`).
"""

import asyncio

from models.base import files
from models.base.context import Context
from models.base.files import KeptFile
from models.base.secrets import Unreadable


async def is_old(ctx: Context, file: KeptFile) -> bool:
    """Say whether a sealed file's bytes need more than the newest key."""
    sealed = await files.sealed_bytes(ctx, file)
    return not await asyncio.to_thread(ctx.secrets.is_newest, sealed)


async def reseal(ctx: Context, file: KeptFile) -> bool:
    """Seal a file's bytes under the newest key; False when there is nothing to do.

    Rules: cut off anywhere, the file reads as before; again begins anew.
    """
    sealed = await files.sealed_bytes(ctx, file)
    there = file.other_place
    await files.drop_bytes(ctx, there)
    if await asyncio.to_thread(ctx.secrets.is_newest, sealed):
        return False
    try:
        new = await asyncio.to_thread(ctx.secrets.reseal_bytes, sealed)
    except Unreadable:
        return False
    await files.bucket(ctx).upload_from_stream_with_id(there, there, new)
    moved = await KeptFile.change(
        ctx, {"_id": file.id, "blob": file.blob}, {"$set": {"blob": there}}
    )
    await files.drop_bytes(ctx, there if moved is None else file.bytes_at)
    return moved is not None
