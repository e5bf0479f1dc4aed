"""What happens to a worker's own things, live and after being away (实时提示)."""

from handlers.base.access import worker
from handlers.base.changes import ChangesQuery, ChangesView
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.sockets import LiveSocket
from models.base import catching_up, push
from models.base.catching_up import TooLongAway
from models.base.pages import BadCursor
from models.base.push import Hearing
from models.messages import news
from models.workers import sessions
from models.workers.tokens import Port


class LiveHandler(LiveSocket):
    """The live line of a worker."""

    async def admit(self, token: str) -> Hearing:
        """Let a worker listen to their own things."""
        by = await sessions.admit(self.ctx, token, port=Port.WORKER)
        return Hearing(frozenset({push.worker(by.id), push.inbox(by.id)}))


class ChangesHandler(Handler):
    """What a worker missed."""

    @endpoint(access=worker, refusals=(BadCursor, TooLongAway))
    async def get(self, *, query: ChangesQuery) -> ChangesView:
        """List what happened to my things since I was away, the oldest first.

        The live line itself is the WebSocket ``/worker/v1/live``.
        """
        mine = self.actor.id
        found = await catching_up.changes(
            self.ctx,
            [catching_up.about([push.worker(mine)]), news.of(mine)],
            after=query.after,
            limit=query.limit,
        )
        return ChangesView.of(found)


ROUTES: list[Route] = [
    ("/worker/v1/live", LiveHandler),
    ("/worker/v1/live/changes", ChangesHandler),
]
