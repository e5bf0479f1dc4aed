"""Turning a Word, HTML or Markdown file into a body, over HTTP (导入正文)."""

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import endpoint
from handlers.base.routing import Route
from handlers.base.uploads import UPLOADS, UploadHandler
from models.base.archives import FileDamaged, UnpacksTooLarge
from models.base.inspection import EmptyFile
from models.base.media import HasMacros, UnknownMedia
from models.policies import imports
from models.policies.imports import (
    Imported,
    ImportsBusy,
    NothingToImport,
    Sort,
    TooLongToImport,
)
from models.policies.tidying import TOLD, Dropped, TooTangled
from models.unions.permissions import Permission


class DroppedView(msgspec.Struct):
    """Something that was left out, and a sentence for the editor."""

    what: Dropped
    count: int
    message: str


class ImportedView(msgspec.Struct):
    """What became of the file; none of it is kept."""

    html: str
    """To be saved as a manuscript's body, with ``body_format`` html."""
    text: str
    dropped: list[DroppedView]

    @classmethod
    def of(cls, imported: Imported) -> "ImportedView":
        """Show what was read."""
        dropped = [
            DroppedView(what, imported.dropped[what], message)
            for what, message in TOLD.items()
            if imported.dropped.get(what)
        ]
        return cls(imported.html, imported.text, dropped)


class ImportsHandler(UploadHandler):
    """Importing."""

    @endpoint(
        access=official(Permission.POLICIES_WRITE),
        takes=tuple(Sort),
        refusals=(
            EmptyFile,
            UnknownMedia,
            FileDamaged,
            HasMacros,
            UnpacksTooLarge,
            NothingToImport,
            TooLongToImport,
            TooTangled,
            ImportsBusy,
        ),
        limit=UPLOADS,
    )
    async def post(self, *, body: bytes) -> ImportedView:
        """Turn a file into clean HTML and say what was left out."""
        sent_as = self.request.headers.get("Content-Type", "")
        return ImportedView.of(await imports.read(body, sent_as=sent_as))


ROUTES: list[Route] = [("/union/v1/imports", ImportsHandler)]
