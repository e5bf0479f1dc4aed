"""My agenda over HTTP (我的日程): where I am already needed."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.agenda import hours
from models.agenda.hours import Taken
from models.base.pages import Page
from models.base.units import Instant


class TakenView(msgspec.Struct):
    """One stretch of my time."""

    ref: str
    """The booking or enrolment it belongs to."""
    kind: str
    title: str
    starts_at: Instant
    ends_at: Instant
    binding: bool
    """Whether I must be there, so that nothing else fits in."""

    @classmethod
    def of(cls, taken: Taken) -> "TakenView":
        """Show taken hours."""
        return cls(
            ref=taken.ref,
            kind=taken.kind,
            title=taken.title,
            starts_at=taken.start,
            ends_at=taken.end,
            binding=taken.binding,
        )


class AgendaHandler(Handler):
    """The signed-in worker's hours."""

    @endpoint(access=worker)
    async def get(self) -> Page[TakenView]:
        """List my taken hours that have not ended, soonest first."""
        ahead = await hours.of(self.ctx, self.actor.id)
        return Page([TakenView.of(each) for each in ahead])


ROUTES: list[Route] = [("/worker/v1/me/agenda", AgendaHandler)]
