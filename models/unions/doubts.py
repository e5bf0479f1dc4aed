"""Doubts (权限变动): who listens live is looked at anew when their rights may differ.

The same stream that carries what happened carries a session's end, a role taken
away, a grant ended or a unit moved, and in the same order. Whoever it concerns
hears nothing more from that very moment until the door's own question was asked
again; an official's rights may come from somebody else's, so all of them are.

Source: rules 7.2, 7.3; features X-12.
"""

from models.base import push
from models.base.changes import Change, Follower
from models.base.context import Context
from models.base.feed import Feed
from models.unions.grants import Grant
from models.unions.staff import Staff
from models.unions.units import Unit
from models.workers.sessions import Session


class Doubts:
    """Hears of every change of rights, for the ears of one process."""

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Ask to be told."""
        self._feed = ctx.the(Feed)
        follower.on(Session.SHELF, self._session)
        follower.on(Staff.SHELF, self._staff)
        follower.on(Grant.SHELF, self._tree)
        follower.on(Unit.SHELF, self._tree)

    def _session(self, change: Change) -> None:
        if change.row is None or change.row.get("revoked_at") is not None:
            self._feed.doubt(push.session(change.id))

    def _staff(self, change: Change) -> None:
        self._feed.doubt(push.person(change.id), push.OFFICIALS)

    def _tree(self, _: Change) -> None:
        self._feed.doubt(push.OFFICIALS)
