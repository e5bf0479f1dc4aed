"""What follows from what people decide about their data (个人信息)."""

from models.assisted.assistances import AssistanceGiven
from models.base.context import Context
from models.messages import inbox
from models.messages.kinds import Kind
from models.messages.pushes import (
    WeChatAccountCancelled,
    WeChatPermissionRevoked,
    WeChatProfileModified,
)
from models.policies import advice
from models.privacy import erasures
from models.workers import revoked
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentWithdrawn


async def forget_facts(ctx: Context, event: ConsentWithdrawn) -> None:
    """Matches keep no facts of somebody who took the consent back."""
    if event.purpose is Purpose.FACTS and event.at is not None:
        await advice.forget_facts(ctx, event.worker_id, until=event.at)


async def forget_revoked(ctx: Context, event: WeChatPermissionRevoked) -> None:
    """Forget what was taken back in WeChat."""
    at = event.at or ctx.clock.now()
    await revoked.forget(ctx, event.worker_id, event.kinds, at=at)


async def forget_nickname(ctx: Context, event: WeChatProfileModified) -> None:
    """Show no name that WeChat has cleaned."""
    await revoked.forget_nickname(ctx, event.worker_id)


async def forget_cancelled(ctx: Context, event: WeChatAccountCancelled) -> None:
    """Begin to forget who closed their WeChat account."""
    await erasures.begin_for_cancelled(ctx, event.worker_id)


async def tell_of_erasure(ctx: Context, event: erasures.ErasureAsked) -> None:
    """Say until when it can be called off."""
    await inbox.tell(
        ctx,
        event.worker_id,
        Kind.ERASURE_ASKED,
        {"until": event.until},
        ref=event.erasure_id,
        cause=event.id,
    )


async def tell_of_staying(ctx: Context, event: erasures.ErasureCalledOff) -> None:
    """Say that nothing is deleted; to a thief's victim it says who was there."""
    await inbox.tell(
        ctx,
        event.worker_id,
        Kind.ERASURE_CALLED_OFF,
        {},
        ref=event.erasure_id,
        cause=event.id,
    )


async def tell_of_assistance(ctx: Context, event: AssistanceGiven) -> None:
    """Say what was done for somebody, and where."""
    await inbox.tell(
        ctx,
        event.worker_id,
        Kind.DONE_FOR_YOU,
        {"station": event.station_name, "what": event.what.label},
        ref=event.assistance_id,
        cause=event.id,
    )
