"""What follows from a manuscript's way (稿件进展): reviewers and writers hear of it."""

from collections.abc import Iterable

from models.base.context import Context
from models.base.events import Reaction
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.policies.progress import Progress
from models.unions import officials
from models.unions.permissions import Permission


def tell_reviewers(kind: Kind) -> Reaction:
    """Make the reaction that tells whoever may review it and had no hand in it."""

    async def tell(ctx: Context, event: Progress) -> None:
        may = await officials.who_may(ctx, Permission.POLICIES_REVIEW, event.org_path)
        await _tell(ctx, kind, event, may - {*event.hands, event.by})

    return tell


def tell_hands(kind: Kind) -> Reaction:
    """Make the reaction that tells everybody who had a hand in it how it went."""

    async def tell(ctx: Context, event: Progress) -> None:
        await _tell(ctx, kind, event, {*event.hands} - {event.by})

    return tell


async def _tell(
    ctx: Context, kind: Kind, event: Progress, hearers: Iterable[str]
) -> None:
    said: Values = {"policy": event.title, "reason": event.remark.rstrip("。")}
    for staff_id in sorted(hearers):
        ref, cause = event.manuscript_id, event.id
        await inbox.tell(ctx, staff_id, kind, said, ref=ref, cause=cause)
