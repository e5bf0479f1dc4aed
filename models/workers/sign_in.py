"""Sign-in (登录): a code from the phone becomes a worker and their tokens.

Source: features X-01, X-03.
"""

import msgspec

from models.base.context import Context
from models.base.errors import Forbidden
from models.workers import exchanges, sessions, workers
from models.workers.sessions import Tokens
from models.workers.tokens import Port
from models.workers.workers import State, Worker


class SignIn(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody is in."""

    worker: Worker
    tokens: Tokens
    is_new: bool
    """Whether this sign-in made the account."""


class AccountNotActive(Forbidden):
    """The account is frozen or closed."""

    code = "account_not_active"
    message = "您的账号目前不能使用，请联系所属工会或驿站工作人员。"


async def sign_in(ctx: Context, code: str, *, device: str = "") -> SignIn:
    """Let a worker in (微信登录).

    Refuses: CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable,
    AccountNotActive.
    Records: WorkerJoined.
    """
    proof = await exchanges.exchange(ctx, code)
    worker = await workers.enter(ctx, proof)
    if worker.state is not State.ACTIVE:
        raise AccountNotActive
    tokens = await sessions.start(
        ctx, owner_id=worker.id, port=Port.WORKER, device=device
    )
    is_new = worker.joined_with == proof.exchange_id
    return SignIn(worker=worker, tokens=tokens, is_new=is_new)
