"""The phone number behind a tapped getPhoneNumber button.

Source: getPhoneNumber (server API, user-info). Each successful tap costs money.
"""

from typing import Annotated

import msgspec

from miniprogram_api.client import Client, understood
from miniprogram_api.errors import Unavailable, Why
from miniprogram_api.meanings import PHONE
from miniprogram_api.private import Private


class Phone(Private, frozen=True, kw_only=True):
    """A number as WeChat knows it."""

    number: str
    """With the country code in front when it is not a Chinese one."""
    pure_number: str
    """Without any country code."""
    country_code: str
    """Digits, "86" for China."""


class _Watermark(msgspec.Struct, frozen=True):
    appid: str


class _Told(Private, frozen=True, rename="camel"):
    phone_number: Annotated[str, msgspec.Meta(min_length=1)]
    pure_phone_number: str
    country_code: str | int
    """The documented example is a number, real answers are text."""
    watermark: _Watermark


class _Answer(Private, frozen=True):
    phone_info: _Told


async def number(client: Client, code: str, *, openid: str | None = None) -> Phone:
    """Exchange a button's code, once, for the number.

    Rules: with an openid WeChat checks that the code is that person's. A lost
    answer is not asked for again, since the code may be spent.
    Refuses: Refused (TAP_AGAIN, BACK_OFF, …), Unavailable.
    """
    asked = {"code": code} | ({"openid": openid} if openid else {})
    told = understood(await client.post(PHONE, data=asked), _Answer, PHONE).phone_info
    if told.watermark.appid != client.appid:
        raise Unavailable(Why.NOT_UNDERSTOOD, PHONE, perhaps_done=True)
    return Phone(
        number=told.phone_number,
        pure_number=told.pure_phone_number,
        country_code=str(told.country_code),
    )
