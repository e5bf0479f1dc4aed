"""Coming back (登录即撤销注销): who signs in while leaving stays.

Source: features X-10.
"""

from msgspec import structs

from models.base.context import Context
from models.privacy import erasures
from models.workers import sign_in as workers_sign_in
from models.workers.sign_in import AccountNotActive, SignIn


async def sign_in(ctx: Context, code: str, *, device: str = "") -> SignIn:
    """Let a worker in (微信登录); if they were leaving, they stay.

    Refuses: CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable,
    AccountNotActive.
    Records: WorkerJoined, ErasureCalledOff.
    """
    entered = await workers_sign_in.sign_in(ctx, code, device=device)
    if entered.worker.leaving_at is None:
        return entered
    if await erasures.stay(ctx, entered.worker.id) is None:
        raise AccountNotActive
    return structs.replace(
        entered, worker=structs.replace(entered.worker, leaving_at=None)
    )
