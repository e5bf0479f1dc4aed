"""Exports (导出我的数据): a person takes home what the house keeps of them.

::

    asked ── made at once, sealed ──▶ there for 24 hours ──▶ swept

Two a day: which of the two an export is, is part of a unique index, so any number
of taps at once make two at the most. It is made within the call: reading all shelves
takes some tens of milliseconds.

Source: features X-09; PIPL (个人信息保护法) art. 45.
"""

from datetime import timedelta

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import audit, files, personal
from models.base.clock import end_of
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Gone, NotFound, TooMany
from models.base.files import FileGone, KeptFile
from models.base.inspection import Purpose
from models.base.media import Media
from models.base.rounds import each
from models.base.store import atomic
from models.base.units import Day, Instant
from models.privacy import bundles
from models.privacy.bundles import Bundle
from models.workers import workers
from models.workers.sessions import SignedIn

A_DAY = 2
"""One to look at, and another when something was corrected."""

THERE_FOR = timedelta(hours=24)
"""Time to fetch it, also on the next day's Wi-Fi; a lost phone finds it no longer."""

A_ROUND = 200


class Export(Document, kw_only=True, frozen=True):
    """One export."""

    SHELF = "exports"
    PERSONAL = personal.deleted("导出记录", "worker_id", hidden=("file_id",))
    INDEXES = (
        IndexModel(["worker_id", "day", "turn"], unique=True),
        IndexModel(["expires_at"]),
    )

    worker_id: str
    day: Day
    turn: int
    """Which of its day's: 1 or 2."""
    asked_at: Instant
    expires_at: Instant
    file_id: str | None = None
    """None while it is made, or when that failed."""
    size: int = 0
    """Bytes of the zip."""
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    """Rows by shelf."""


class ExportsUsedUp(TooMany):
    """Two have been made today; ``Retry-After`` says when the next can be."""

    code = "exports_used_up"
    message = "每天最多导出两次，请明天再试；24小时内的导出文件仍可下载。"


class NoSuchExport(NotFound):
    """This person has no such export."""

    code = "no_such_export"
    message = "没有找到这次导出，请返回列表查看。"


class ExportOver(Gone):
    """Its 24 hours are over."""

    code = "export_over"
    message = "导出文件已过24小时有效期，请重新导出。"


async def ask(ctx: Context, *, by: SignedIn) -> Export:
    """Make an export of all there is about oneself (导出我的数据).

    Refuses: AccountGone, ExportsUsedUp.
    """
    await workers.me(ctx, by=by)
    export = await _take_turn(ctx, by.id)
    bundle = await bundles.make(ctx, by.id)
    day = export.day.strftime("%Y%m%d")
    file = await files.keep_made(
        ctx,
        f"我的个人信息_{day}.zip",
        Media.ZIP,
        bundle.content,
        purpose=Purpose.EXPORT,
        by=by.id,
    )
    return await _finish(ctx, export, file, bundle)


async def of(ctx: Context, *, by: SignedIn) -> list[Export]:
    """List one's exports that can be fetched, newest first."""
    where = {"worker_id": by.id, "expires_at": {"$gt": ctx.clock.now()}}
    return await Export.many(ctx, where)


async def file_of(ctx: Context, export_id: str, *, by: SignedIn) -> KeptFile:
    """Return the file of one's own export.

    Refuses: NoSuchExport, ExportOver, FileGone.
    """
    export = await Export.find(ctx, _id=export_id, worker_id=by.id)
    if export is None:
        raise NoSuchExport
    if export.expires_at <= ctx.clock.now():
        raise ExportOver
    if export.file_id is None:
        raise FileGone
    (file,) = await files.held_by(ctx, export.id)
    return file


async def forget_old(ctx: Context) -> int:
    """Let go of what is a day old; returns how many."""
    over = {"expires_at": {"$lte": ctx.clock.now()}}
    old = await Export.many(ctx, over, sort=[("expires_at", 1)], limit=A_ROUND)
    return await each("exports.forget_old", old, lambda one: _forget(ctx, one))


async def _take_turn(ctx: Context, worker_id: str) -> Export:
    now, today = ctx.clock.now(), ctx.clock.today()
    for turn in range(1, A_DAY + 1):
        export = Export(
            id=ctx.new_id("export"),
            worker_id=worker_id,
            day=today,
            turn=turn,
            asked_at=now,
            expires_at=now + THERE_FOR,
        )
        try:
            return await export.insert(ctx)
        except DuplicateKeyError:
            continue
    refusal = ExportsUsedUp()
    refusal.retry_after = int((end_of(today) - now).total_seconds())
    raise refusal


@atomic()
async def _finish(
    ctx: Context, export: Export, file: KeptFile, bundle: Bundle
) -> Export:
    told = {"file_id": file.id, "size": file.size, "counts": bundle.counts}
    done = await Export.change(ctx, {"_id": export.id}, {"$set": told})
    if done is None:
        raise NoSuchExport
    await files.hold(ctx, file.id, owner=export.id)
    await audit.note(
        ctx,
        who=export.worker_id,
        what="exports.ask",
        about=export.id,
        subject=export.worker_id,
    )
    return done


@atomic()
async def _forget(ctx: Context, export: Export) -> bool:
    await files.let_go(ctx, owner=export.id)
    return await Export.erase(ctx, {"_id": export.id}) == 1
