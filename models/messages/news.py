"""A new message in the inbox, told live (新消息提示).

A message is its own record, so no event is written for it: whoever listens hears
of the message itself. One that is planned is told when it is planned, with the
moment it will be there to read.

Source: features X-07.
"""

from models.base import push
from models.base.catching_up import Place, Source
from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.feed import Feed, News
from models.base.ids import first_id
from models.messages.inbox import Message

KIND = "message"

OLDEST_FIRST = (("_id", 1),)


class InboxNews:
    """Tells the ears of one process of new messages."""

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told of every new message."""
        self._feed = ctx.the(Feed)
        follower.on(Message.SHELF, self._heard, only_new=True)

    def _heard(self, change: Change) -> None:
        if change.row is not None:
            message = Message.of(change.row)
            self._feed.tell(_news(message), [push.inbox(message.worker_id)])


def of(person_id: str) -> Source:
    """Return the messages of a person that are there to read."""

    async def find(ctx: Context, place: Place, limit: int) -> list[News]:
        where = {
            "worker_id": person_id,
            "_id": {"$gte": first_id(KIND, place.at)},
            "dropped": False,
            "due_at": {"$lte": ctx.clock.now()},
            "$or": [{"due_at": {"$gt": place.at}}, {"_id": {"$gt": place.id}}],
        }
        found = await Message.many(ctx, where, sort=OLDEST_FIRST, limit=limit)
        return [_news(message) for message in found]

    return find


def _news(message: Message) -> News:
    return News(id=message.id, kind=KIND, at=message.due_at, ref=message.ref)
