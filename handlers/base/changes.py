"""What happened, as it is told live and to whoever was away: the same few words."""

from typing import Annotated

import msgspec

from handlers.base.paging import MOST_ITEMS, Limit
from models.base.catching_up import Changes
from models.base.feed import News
from models.base.pages import LONGEST_CURSOR
from models.base.units import Instant

After = Annotated[
    str,
    msgspec.Meta(
        max_length=LONGEST_CURSOR, description="The `after` you were given last."
    ),
]


class ChangesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on; nothing for who begins now."""

    after: After | None = None
    limit: Limit = MOST_ITEMS


class ChangeView(msgspec.Struct):
    """One thing that happened; the other doors of this port say more."""

    id: str
    """The same thing told again has the same id."""
    kind: str
    at: Instant
    """A message that is planned has the moment it will be there to read."""
    ref: str
    """The id of the booking, check-in or alert; of a message, what it is about."""
    station_id: str | None
    state: str | None
    """How the booking or alert stands since."""

    @classmethod
    def of(cls, news: News) -> "ChangeView":
        """Show one thing that happened."""
        return cls(
            id=news.id,
            kind=news.kind,
            at=news.at,
            ref=news.ref,
            station_id=news.station_id,
            state=news.state,
        )


class ChangesView(msgspec.Struct):
    """What happened after a cursor, the oldest first."""

    items: list[ChangeView]
    """The last two minutes may be told again: know them by their ids."""
    after: str
    """To come back with; there always is one."""
    more: bool
    """Whether to ask again at once."""

    @classmethod
    def of(cls, changes: Changes) -> "ChangesView":
        """Show a stretch of the feed."""
        items = [ChangeView.of(news) for news in changes.items]
        return cls(items=items, after=changes.after, more=changes.more)
