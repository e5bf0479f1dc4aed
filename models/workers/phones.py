"""Phones (手机号): one number an account, bound with WeChat's own proof.

The number is sealed; its blind index is unique, so two accounts can never hold
one number. It is there under the consent `phone` and goes when that goes.

Source: features X-02; wechat-api 3.
"""

import phonenumbers

from miniprogram_api.errors import Advice, WeChatError
from models.base.context import Context
from models.base.errors import Conflict, Invalid
from models.base.store import atomic
from models.workers import consents, workers
from models.workers.consent_texts import Purpose
from models.workers.sessions import SignedIn
from models.workers.wechat import unavailable
from models.workers.workers import PHONE, AccountGone, State, Worker

HOME = "CN"


class PhoneCodeInvalid(Invalid):
    """The button's code is dead or another person's; a new tap gives a new one."""

    code = "phone_code_invalid"
    message = "手机号授权已失效，请再点一次“获取手机号”。"


class PhoneNotUsable(Invalid):
    """What WeChat gave is no number one could call."""

    code = "phone_not_usable"
    message = "这个号码暂不支持绑定，请在微信里换绑手机号后再试。"


class PhoneInUse(Conflict):
    """Another account holds this number."""

    code = "phone_in_use"
    message = "该手机号已绑定其他账号，请用原微信登录解绑，或到驿站请工作人员协助。"


async def bind(ctx: Context, code: str, *, by: SignedIn) -> Worker:
    """Keep the number behind a tapped button, in place of any other (绑定手机号).

    Refuses: ConsentRequired, AccountGone, PhoneCodeInvalid, PhoneNotUsable,
    PhoneInUse, WeChatUnavailable.
    """
    await consents.require(ctx, by.id, Purpose.PHONE)
    worker = await workers.me(ctx, by=by)
    number = await _ask_wechat(ctx, code, ctx.secrets.open(worker.openid))
    return await _keep(ctx, by.id, number)


async def unbind(ctx: Context, *, by: SignedIn) -> None:
    """Forget the number; without one nothing changes (解绑手机号)."""
    await forget(ctx, by.id)


async def forget(ctx: Context, worker_id: str) -> None:
    """Delete what is kept of a number."""
    nothing = {"phone": None, "phone_blind": None}
    await Worker.change(ctx, {"_id": worker_id}, {"$set": nothing})


def normalise(number: str) -> str:
    """Write a number as E.164, such as +8613800001234.

    Refuses: PhoneNotUsable.
    """
    try:
        parsed = phonenumbers.parse(number, HOME)
    except phonenumbers.NumberParseException as problem:
        raise PhoneNotUsable from problem
    if not phonenumbers.is_possible_number(parsed):
        raise PhoneNotUsable
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


async def _ask_wechat(ctx: Context, code: str, openid: str) -> str:
    try:
        phone = await ctx.wechat.phone_number(code, openid=openid)
    except WeChatError as error:
        if error.advice is Advice.TAP_AGAIN:
            raise PhoneCodeInvalid from error
        raise unavailable(error) from error
    return normalise(f"+{phone.country_code.lstrip('+')} {phone.pure_number}")


@atomic(duplicate=PhoneInUse)
async def _keep(ctx: Context, worker_id: str, number: str) -> Worker:
    await consents.hold(ctx, worker_id, Purpose.PHONE)
    worker = await Worker.change(
        ctx,
        where={"_id": worker_id, "state": State.ACTIVE},
        update={
            "$set": {
                "phone": ctx.secrets.seal(number),
                "phone_blind": ctx.secrets.mark(PHONE, number),
            }
        },
    )
    if worker is None:
        raise AccountGone
    return worker
