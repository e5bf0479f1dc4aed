"""Room for files (余地): uploads end before MongoDB's disk is full.

A member whose disk is full stops, and with the primary the inn. Files are what fills
a disk, and can wait; deeds are small, and cannot.
"""

from models.base.context import Context
from models.base.errors import Unavailable

LEAST_FREE = 1024**3
"""Bytes on the primary's disk that no upload takes: deeds and the journal go on in
them till somebody has made room, for weeks. Files are 20 MB at the most."""


class StorageFull(Unavailable):
    """MongoDB's disk has no room for files."""

    code = "storage_full"
    message = "存储空间不足，暂时不能上传文件，请联系管理员或稍后再试。"
    retry_after = 300


async def look(ctx: Context) -> None:
    """Let a file in only where there is room.

    Rules: where the disk is not known, as with some hosted ones, it is let in.
    Refuses: StorageFull.
    """
    told = await ctx.db.command("dbStats", freeStorage=0)
    if not told.get("fsTotalSize"):
        return
    if told["fsTotalSize"] - told["fsUsedSize"] < LEAST_FREE:
        raise StorageFull
