"""What happens at a station, live and after being away (值守大屏、值守台)."""

from handlers.base.access import staff
from handlers.base.changes import ChangesQuery, ChangesView
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.sockets import LiveSocket
from models.base import catching_up
from models.base.catching_up import TooLongAway
from models.base.pages import BadCursor
from models.base.push import Hearing
from models.stations import audience
from models.unions import staff as members
from models.workers import sessions
from models.workers.tokens import Port


class LiveHandler(LiveSocket):
    """The live line of staff."""

    async def admit(self, token: str) -> Hearing:
        """Let staff listen to their stations, and to what they are called to."""
        by = await sessions.admit(self.ctx, token, port=Port.STATION)
        return audience.heard_by_staff(await members.who(self.ctx, by=by))


class ChangesHandler(Handler):
    """What staff missed."""

    @endpoint(access=staff, refusals=(BadCursor, TooLongAway))
    async def get(self, *, query: ChangesQuery) -> ChangesView:
        """List what happened at my stations since I was away, the oldest first.

        The live line itself is the WebSocket ``/station/v1/live``.
        """
        hearing = audience.heard_by_staff(self.actor)
        found = await catching_up.changes(
            self.ctx,
            [catching_up.about(hearing.topics)],
            after=query.after,
            limit=query.limit,
        )
        return ChangesView.of(found)


ROUTES: list[Route] = [
    ("/station/v1/live", LiveHandler),
    ("/station/v1/live/changes", ChangesHandler),
]
