"""Who looked at my record, over HTTP (谁看过我的资料)."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.privacy import access_log
from models.privacy.access_log import Look


class AccessLogQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on."""

    cursor: Cursor | None = None
    limit: Limit = 20


class LookView(msgspec.Struct):
    """One thing somebody did with my record."""

    id: str
    at: Instant
    who: str
    """A masked name; 本人 or 系统."""
    unit: str | None
    roles: list[str]
    deed: str
    """A sentence without its end."""
    reason: str

    @classmethod
    def of(cls, look: Look) -> "LookView":
        """Show a look."""
        return cls(
            id=look.id,
            at=look.at,
            who=look.who,
            unit=look.unit,
            roles=list(look.roles),
            deed=look.deed,
            reason=look.reason,
        )


class AccessLogHandler(Handler):
    """The audit of the worker's own record."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: AccessLogQuery) -> Page[LookView]:
        """List who saw or changed my record, why, newest first."""
        page = await access_log.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        return Page([LookView.of(look) for look in page.items], page.next)


ROUTES: list[Route] = [("/worker/v1/me/access-log", AccessLogHandler)]
