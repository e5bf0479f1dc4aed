"""What a person took back in WeChat itself (微信侧撤回授权), forgotten here too.

WeChat names what was withdrawn by a number. What of it we keep goes, and the consent
it was kept under is withdrawn with it; of the rest (a camera, a step count) nothing
was ever kept.

Source: wechat-api §7 (user_authorization_revoke); features X-08.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from models.base.context import Context
from models.workers import consents, phones, withdrawals
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentNotGiven
from models.workers.sessions import SignedIn
from models.workers.workers import Worker

NICKNAME = frozenset({6, 19, 20})
"""Nickname and avatar, however they were filled in."""

PHONE = 8

PLACES = frozenset({13, 18})
"""Where somebody is, and a place they picked."""


async def forget(
    ctx: Context, worker_id: str, kinds: Iterable[int], *, at: datetime
) -> None:
    """Forget what was withdrawn in WeChat; what was agreed to since then stands."""
    withdrawn = frozenset(kinds)
    if withdrawn & NICKNAME:
        await forget_nickname(ctx, worker_id)
    if PHONE in withdrawn and await _withdraw(ctx, worker_id, Purpose.PHONE, at):
        await phones.forget(ctx, worker_id)
    if withdrawn & PLACES:
        await _withdraw(ctx, worker_id, Purpose.LOCATION, at)


async def forget_nickname(ctx: Context, worker_id: str) -> None:
    """Delete the name somebody chose to be called."""
    await Worker.change(ctx, {"_id": worker_id}, {"$set": {"nickname": None}})


async def _withdraw(
    ctx: Context, worker_id: str, purpose: Purpose, at: datetime
) -> bool:
    """Withdraw a consent unless it was given anew since; then nothing is forgotten."""
    by = SignedIn(id=worker_id, session_id="")
    given = (await consents.of(ctx, by=by)).get(purpose)
    if given is not None and given.at > at:
        return False
    with suppress(ConsentNotGiven):
        await withdrawals.withdraw(ctx, purpose, by=by)
    return True
