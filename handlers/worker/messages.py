"""The inbox over HTTP (消息)."""

import msgspec

from handlers.base.access import worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.paging import Limit
from handlers.base.routing import Route
from models.base.pages import BadCursor, Page
from models.base.units import Instant
from models.messages import inbox
from models.messages.inbox import Message, NoSuchMessage
from models.messages.kinds import Kind


class MessageQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on, and how many."""

    cursor: str | None = None
    limit: Limit = 20


class MessageView(msgspec.Struct):
    """A message as its reader sees it."""

    id: str
    kind: Kind
    title: str
    text: str
    ref: str
    at: Instant
    is_read: bool

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        """Show a message."""
        return cls(
            id=message.id,
            kind=message.kind,
            title=message.title,
            text=message.text,
            ref=message.ref,
            at=message.due_at,
            is_read=message.read_at is not None,
        )


class UnreadView(msgspec.Struct):
    """The badge."""

    unread: int


class MessagesHandler(Handler):
    """The signed-in worker's inbox."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: MessageQuery) -> Page[MessageView]:
        """List what I was told, newest first."""
        page = await inbox.of(
            self.ctx, self.actor.id, cursor=query.cursor, limit=query.limit
        )
        return Page([MessageView.of(message) for message in page.items], page.next)


class UnreadHandler(Handler):
    """The badge on the tab."""

    @endpoint(access=worker)
    async def get(self) -> UnreadView:
        """Count what I have not read; 100 stands for more."""
        return UnreadView(await inbox.count_unread(self.ctx, self.actor.id))


class MessageReadingHandler(Handler):
    """The reading of one message; it can be made, not undone."""

    @endpoint(access=worker, refusals=(NoSuchMessage,), limit=WRITES)
    async def put(self, message_id: str) -> None:
        """Mark one message read."""
        await inbox.mark_read(self.ctx, message_id, worker_id=self.actor.id)


class AllReadingHandler(Handler):
    """The reading of the whole inbox."""

    @endpoint(access=worker, limit=WRITES)
    async def put(self) -> None:
        """Mark everything read."""
        await inbox.mark_all_read(self.ctx, worker_id=self.actor.id)


ROUTES: list[Route] = [
    ("/worker/v1/me/messages", MessagesHandler),
    ("/worker/v1/me/messages/unread", UnreadHandler),
    ("/worker/v1/me/messages/reading", AllReadingHandler),
    ("/worker/v1/me/messages/{message_id}/reading", MessageReadingHandler),
]
