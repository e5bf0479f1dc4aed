"""An inbox over HTTP (消息), the same for whoever is told something."""

import msgspec

from handlers.base.access import Access
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


def inbox_at(port: str, access: Access) -> list[Route]:
    """Make a port's doors to the inbox of whoever ``access`` finds."""

    class MessagesHandler(Handler):
        """The inbox of who is signed in."""

        @endpoint(access=access, refusals=(BadCursor,))
        async def get(self, *, query: MessageQuery) -> Page[MessageView]:
            """List what I was told, newest first."""
            page = await inbox.of(
                self.ctx, self.actor.id, cursor=query.cursor, limit=query.limit
            )
            return Page([MessageView.of(message) for message in page.items], page.next)

    class UnreadHandler(Handler):
        """The badge on the tab."""

        @endpoint(access=access)
        async def get(self) -> UnreadView:
            """Count what I have not read; 100 stands for more."""
            return UnreadView(await inbox.count_unread(self.ctx, self.actor.id))

    class MessageReadingHandler(Handler):
        """The reading of one message; it can be made, not undone."""

        @endpoint(access=access, refusals=(NoSuchMessage,), limit=WRITES)
        async def put(self, message_id: str) -> None:
            """Mark one message read."""
            await inbox.mark_read(self.ctx, message_id, worker_id=self.actor.id)

    class AllReadingHandler(Handler):
        """The reading of the whole inbox."""

        @endpoint(access=access, limit=WRITES)
        async def put(self) -> None:
            """Mark everything read."""
            await inbox.mark_all_read(self.ctx, worker_id=self.actor.id)

    mine = f"/{port}/v1/me/messages"
    return [
        (mine, MessagesHandler),
        (f"{mine}/unread", UnreadHandler),
        (f"{mine}/reading", AllReadingHandler),
        (f"{mine}/{{message_id}}/reading", MessageReadingHandler),
    ]
