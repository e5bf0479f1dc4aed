"""Being helped, over HTTP (协助办理): my code for a clerk, and what was done for me."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.assisted import assistances, codes
from models.assisted.assistances import Assistance
from models.assisted.codes import DeedUnderWay, Shown, What
from models.base.pages import BadCursor, Page
from models.base.units import Instant


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What the code is for."""

    what: What = msgspec.field(name="for")


class DoneForMeQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class CodeView(msgspec.Struct):
    """A code to read out at the desk; it is shown this once."""

    what: What = msgspec.field(name="for")
    code: str
    until: Instant

    @classmethod
    def of(cls, shown: Shown) -> "CodeView":
        """Show a code."""
        return cls(what=shown.what, code=shown.code, until=shown.until)


class DoneForMeView(msgspec.Struct, kw_only=True):
    """One thing a clerk did as me."""

    id: str
    what: What
    title: str
    station_id: str
    station_name: str
    staff_name: str | None
    """Masked; null when they have left the service."""
    at: Instant
    ref: str | None
    """My booking or enrolment, to cancel by its own door; null for a declaration."""

    @classmethod
    def of(cls, given: Assistance, names: dict[str, str]) -> "DoneForMeView":
        """Show what was done."""
        return cls(
            id=given.id,
            what=given.what,
            title=given.what.label,
            station_id=given.station_id,
            station_name=given.station_name,
            staff_name=names.get(given.staff_id),
            at=given.at,
            ref=given.ref,
        )


class AssistanceCodesHandler(Handler):
    """The making of codes."""

    @endpoint(
        access=worker, status=201, refusals=(DeedUnderWay,), limit=WRITES, repeats=True
    )
    async def post(self, *, body: CodeRequest) -> CodeView:
        """Make a code for five minutes and one deed; it ends the one before."""
        return CodeView.of(await codes.ask(self.ctx, body.what, by=self.actor))


class DoneForMeHandler(Handler):
    """What was done for the worker."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: DoneForMeQuery) -> Page[DoneForMeView]:
        """List what clerks did as me, the latest first."""
        page = await assistances.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        names = await assistances.helpers(self.ctx, page.items)
        return Page([DoneForMeView.of(each, names) for each in page.items], page.next)


ROUTES: list[Route] = [
    ("/worker/v1/me/assistance-codes", AssistanceCodesHandler),
    ("/worker/v1/me/done-for-me", DoneForMeHandler),
]
