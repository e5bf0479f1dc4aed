"""Attempts to sign in (登录尝试): who guesses passwords has to wait.

Names nobody has are counted alike: a lock does not tell who works for us.

Source: issue "Staff and editors" (lock-out).
"""

from models.base import attempts
from models.base.context import Context
from models.base.errors import TooMany

MOST = 5
"""Attempts in a row; a typing error or two and the authenticator's roll-over."""


class SignInLocked(TooMany):
    """Too many attempts in a row; ``Retry-After`` says when to come back."""

    code = "sign_in_locked"
    message = "尝试次数过多，账号已暂时锁定，请15分钟后再试，或用绑定的微信登录。"


async def count(ctx: Context, name: str) -> None:
    """Count an attempt on a name before looking at it.

    Refuses: SignInLocked.
    """
    await attempts.count(ctx, _key(ctx, name), most=MOST, refusal=SignInLocked)


async def forgive(ctx: Context, name: str) -> None:
    """Begin anew after a success."""
    await attempts.forgive(ctx, _key(ctx, name))


def _key(ctx: Context, name: str) -> str:
    return ctx.secrets.blind("sign_in_name", name)
