"""Sign-in: a wx.login code becomes an openid and a session_key.

Source: code2Session (server API, user-login). No access token is involved.
"""

from typing import Annotated

import msgspec

from miniprogram_api.client import Client, understood
from miniprogram_api.meanings import LOGIN
from miniprogram_api.private import Private


class Session(Private, frozen=True, kw_only=True):
    """Who signed in, and the key that never leaves the server."""

    openid: Annotated[str, msgspec.Meta(min_length=1)]
    session_key: Annotated[str, msgspec.Meta(min_length=1)]
    """Base64 of 16 bytes; a later sign-in may replace it."""
    unionid: str | None = None
    """Only for an app bound to an Open Platform account."""


async def sign_in(client: Client, code: str) -> Session:
    """Exchange a login code, once.

    Rules: a code lives five minutes and works once; when an answer was lost, the
    repeat finds the code used, and the client starts over with a new one.
    Refuses: Refused (SIGN_IN_AGAIN, REFUSE_USER, BACK_OFF, …), Unavailable.
    """
    answer = await client.wxa.code_to_session(code)
    return understood(answer, Session, LOGIN)
