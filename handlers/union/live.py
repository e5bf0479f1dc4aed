"""What happens at the stations of a subtree, live and after being away (值守大屏)."""

from handlers.base.access import official
from handlers.base.changes import ChangesQuery, ChangesView
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.sockets import LiveSocket
from models.base import catching_up, push
from models.base.catching_up import TooLongAway
from models.base.pages import BadCursor
from models.base.push import Hearing
from models.messages import news
from models.stations import audience
from models.unions import officials
from models.unions.permissions import Permission
from models.workers import sessions
from models.workers.tokens import Port


class LiveHandler(LiveSocket):
    """The live line of an official."""

    shared = (push.OFFICIALS,)

    async def admit(self, token: str) -> Hearing:
        """Let an official listen to the stations within their reach."""
        by = await sessions.admit(self.ctx, token, port=Port.UNION)
        who = await officials.who(self.ctx, by=by)
        return await audience.heard_by_official(self.ctx, who)


class ChangesHandler(Handler):
    """What an official missed."""

    @endpoint(access=official(Permission.STATIONS), refusals=(BadCursor, TooLongAway))
    async def get(self, *, query: ChangesQuery) -> ChangesView:
        """List what happened at the stations I manage, the oldest first.

        The live line itself is the WebSocket ``/union/v1/live``.
        """
        hearing = await audience.heard_by_official(self.ctx, self.actor)
        found = await catching_up.changes(
            self.ctx,
            [catching_up.about(hearing.topics), news.of(self.actor.id)],
            after=query.after,
            limit=query.limit,
        )
        return ChangesView.of(found)


ROUTES: list[Route] = [
    ("/union/v1/live", LiveHandler),
    ("/union/v1/live/changes", ChangesHandler),
]
