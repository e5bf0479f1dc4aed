"""Progress (稿件进展): what colleagues hear of as a manuscript goes its way.

Recorded in the transaction of the deed itself; who is told stands in the reactions.
Source: features S1-07 (remark on reject, forced publish confirmed by another).
"""

from models.base.context import Context
from models.base.events import Event, record
from models.policies.manuscripts import Manuscript
from models.unions.officials import Official


class Progress(Event, kw_only=True, frozen=True):
    """What every event of a manuscript tells."""

    manuscript_id: str
    title: str
    org_path: str
    hands: tuple[str, ...]
    """Everybody who wrote, submitted or forced it, or lent the power to."""
    by: str
    remark: str


class ManuscriptSubmitted(Progress, kw_only=True, frozen=True):
    """It waits for somebody to review it."""


class ManuscriptApproved(Progress, kw_only=True, frozen=True):
    """It passed."""


class ManuscriptRejected(Progress, kw_only=True, frozen=True):
    """It was sent back; the remark says why."""


class ManuscriptForced(Progress, kw_only=True, frozen=True):
    """It is public unreviewed; somebody else must stand up for it."""


class ManuscriptConfirmed(Progress, kw_only=True, frozen=True):
    """Somebody else stood up for what was forced."""


async def tell(
    ctx: Context,
    happened: type[Progress],
    manuscript: Manuscript,
    remark: str,
    *,
    by: Official,
) -> None:
    """Record that a manuscript went on; call it in the deed's transaction.

    Records: what happened.
    """
    event = happened(
        manuscript_id=manuscript.id,
        title=manuscript.content.title,
        org_path=manuscript.org_path,
        hands=manuscript.hands,
        by=by.id,
        remark=remark,
    )
    await record(ctx, event)


async def count_open(ctx: Context, staff_id: str) -> int:
    """Count the unfinished manuscripts that somebody has a hand in."""
    mine = {"hands": staff_id, "is_open": True}
    return await Manuscript.shelf(ctx).count_documents(mine)
