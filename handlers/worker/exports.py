"""Taking one's own record home over HTTP (导出我的数据)."""

import msgspec

from handlers.base import limits
from handlers.base.access import worker
from handlers.base.downloads import Download
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.files import FileGone
from models.base.media import Media
from models.base.pages import Page
from models.base.units import Instant
from models.privacy import exports
from models.privacy.exports import Export, ExportOver, ExportsUsedUp, NoSuchExport
from models.workers.workers import AccountGone

PRIVATE = "private, no-store"


class ExportView(msgspec.Struct):
    """An export, to whom it is about."""

    id: str
    asked_at: Instant
    expires_at: Instant
    """Until then it can be fetched."""
    size: int
    """Bytes of the zip."""
    counts: dict[str, int]
    """Rows by the name of the file they are in."""

    @classmethod
    def of(cls, export: Export) -> "ExportView":
        """Show an export."""
        return cls(
            id=export.id,
            asked_at=export.asked_at,
            expires_at=export.expires_at,
            size=export.size,
            counts=export.counts,
        )


class ExportsHandler(Handler):
    """The worker's exports."""

    @endpoint(access=worker)
    async def get(self) -> Page[ExportView]:
        """List those I can fetch, newest first."""
        found = await exports.of(self.ctx, by=self.actor)
        return Page([ExportView.of(export) for export in found])

    @endpoint(
        access=worker,
        status=201,
        refusals=(AccountGone, ExportsUsedUp),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self) -> ExportView:
        """Make a zip of all that is kept about me; two a day."""
        return ExportView.of(await exports.ask(self.ctx, by=self.actor))


class ExportFileHandler(Handler):
    """The zip of one export."""

    @endpoint(
        access=worker,
        refusals=(NoSuchExport, ExportOver, FileGone),
        media=(Media.ZIP,),
    )
    async def get(self, export_id: str) -> Download:
        """Fetch it, within a day."""
        file = await exports.file_of(self.ctx, export_id, by=self.actor)
        return Download(file, PRIVATE)


ROUTES: list[Route] = [
    ("/worker/v1/me/exports", ExportsHandler),
    ("/worker/v1/me/exports/{export_id}/file", ExportFileHandler),
]
