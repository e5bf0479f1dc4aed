"""What follows from a changed policy (政策变化): those who care hear of it once."""

from models.base.context import Context
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.policies import announcements
from models.policies.announcements import News, PolicyChanged

KIND_OF = {
    News.UPDATED: Kind.POLICY_UPDATED,
    News.WITHDRAWN: Kind.POLICY_WITHDRAWN,
    News.SUPERSEDED: Kind.POLICY_SUPERSEDED,
}


async def tell_of_changed_policy(ctx: Context, event: PolicyChanged) -> None:
    """Tell the people of one batch, each once; then go on to the next."""
    hearers = await announcements.hearers(ctx, event)
    said: Values = {
        "policy": event.title,
        "reason": event.reason,
        "at": event.effective_at,
    }
    for worker_id in hearers:
        await inbox.tell(
            ctx,
            worker_id,
            KIND_OF[event.news],
            said,
            ref=event.policy_id,
            cause=event.announcement_id,
        )
    await announcements.go_on(ctx, event, hearers)
