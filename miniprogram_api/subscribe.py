"""Sending subscribe messages (订阅消息).

One accept by the person is one message, whenever it is sent; 43101 says that none
is left. Two sends to one person at the same time are refused (43108), so callers
send to a person one after another.

Source: subscribeMessage.send (server API).
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from miniprogram_api import template_values
from miniprogram_api.client import Client, understood
from miniprogram_api.meanings import SEND


class State(StrEnum):
    """Which build of the mini-program the card opens."""

    FORMAL = "formal"
    TRIAL = "trial"
    DEVELOPER = "developer"


class Language(StrEnum):
    """In which language WeChat writes its part of the card."""

    CHINESE = "zh_CN"
    ENGLISH = "en_US"
    HONG_KONG = "zh_HK"
    TAIWAN = "zh_TW"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """WeChat took the message; it may still fail to deliver it."""

    msgid: str | None
    """As text, since it exceeds 2^53; the later SubscribeSent event names it."""


class _Answer(msgspec.Struct, frozen=True):
    msgid: int | None = None


async def send(
    client: Client,
    openid: str,
    template_id: str,
    values: Mapping[str, str],
    *,
    page: str | None = None,
    state: State = State.FORMAL,
    lang: Language = Language.CHINESE,
) -> Sent:
    """Send one message, using up one accept.

    Rules: values are checked first; without a page the card cannot be tapped. A
    lost answer is not asked for again (`perhaps_done`): twice costs two accepts.
    Refuses: Unsendable, Refused (NO_CREDIT, DROP, FIX_DATA, …), Unavailable.
    """
    template_values.check(values)
    asked = {
        "touser": openid,
        "template_id": template_id,
        "data": {key: {"value": value} for key, value in values.items()},
        "miniprogram_state": state,
        "lang": lang,
    }
    asked |= {"page": page} if page else {}
    answer = understood(await client.post(SEND, data=asked), _Answer, SEND)
    return Sent(msgid=None if answer.msgid is None else str(answer.msgid))
