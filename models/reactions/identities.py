"""What follows from the union's word on an identity (身份核实)."""

from datetime import datetime

from models.base.context import Context
from models.base.events import Reaction
from models.members.verifications import VerificationEvent
from models.messages import inbox
from models.messages.kinds import Kind


def tell_of_identity(kind: Kind) -> Reaction:
    """Tell the worker what was found, and why or until when."""

    async def tell(ctx: Context, event: VerificationEvent) -> None:
        said: dict[str, str | int | datetime] = {"class": event.client_class.label}
        for name, word in (("reason", "reason"), ("valid_until", "until")):
            if hasattr(event, name):
                said[word] = getattr(event, name)
        ref = event.verification_id
        await inbox.tell(ctx, event.worker_id, kind, said, ref=ref, cause=event.id)

    return tell
