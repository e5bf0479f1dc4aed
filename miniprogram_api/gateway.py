"""WeChat, as the house sees it: one object, everything the house may ask.

gateway = Gateway(appid, secret, now=clock.now, monotonic=clock.monotonic, …)
session = await gateway.sign_in(code)
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from miniprogram_api import (
    decrypt,
    login,
    phone,
    qrcodes,
    quotas,
    safety,
    sessions,
    subscribe,
)
from miniprogram_api.callbacks import FRESH_FOR, Callbacks
from miniprogram_api.circuit import Circuit
from miniprogram_api.client import Client
from miniprogram_api.shelf import Shelf
from miniprogram_api.transport import Transport

REAL_HOST = "https://api.weixin.qq.com"
TIMEOUT_S = 5.0
"""Seconds for one request; with its repeats a call ends within three more."""


class Gateway:
    """Speaks to WeChat for one mini-program. Belongs to the loop that first uses it.

    Every verb may raise Refused and Unavailable; what the caller then does is in
    their `advice`.
    """

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        base_url: str = REAL_HOST,
        redis: Redis | None = None,
        push_token: str | None = None,
        push_aes_key: str | None = None,
        push_fresh_for: timedelta | None = FRESH_FOR,
        timeout_s: float = TIMEOUT_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._appid = appid
        self._now = now
        self._transport = Transport(base_url, timeout_s, Circuit(monotonic))
        self.client = Client(
            appid,
            secret,
            self._transport,
            Shelf(redis, appid),
            now=now,
            monotonic=monotonic,
            sleep=sleep,
        )
        """wechatpy's builders are under `.wxa`, awaited; for what has no verb here."""
        self.callbacks = Callbacks(
            appid, push_token, push_aes_key, now=now, fresh_for=push_fresh_for
        )

    def __repr__(self) -> str:
        return f"<Gateway {self._appid}>"

    async def sign_in(self, code: str) -> login.Session:
        """Exchange a wx.login code for who signed in."""
        return await login.sign_in(self.client, code)

    async def phone_number(
        self, code: str, *, openid: str | None = None
    ) -> phone.Phone:
        """Exchange a phone button's code for the number."""
        return await phone.number(self.client, code, openid=openid)

    async def mini_code(
        self,
        scene: str,
        page: str,
        *,
        version: qrcodes.Version = qrcodes.Version.RELEASE,
        check_page: bool = True,
        width_px: int = qrcodes.USUAL_PX,
        transparent: bool = False,
    ) -> bytes:
        """Draw a mini-program code that opens a page with a scene."""
        return await qrcodes.mini_code(
            self.client,
            scene,
            page,
            version=version,
            check_page=check_page,
            width_px=width_px,
            transparent=transparent,
        )

    async def send_subscribe(
        self,
        openid: str,
        template_id: str,
        values: Mapping[str, str],
        *,
        page: str | None = None,
        state: subscribe.State = subscribe.State.FORMAL,
    ) -> subscribe.Sent:
        """Send a subscribe message, using up one accept."""
        return await subscribe.send(
            self.client, openid, template_id, values, page=page, state=state
        )

    async def check_text(
        self,
        content: str,
        *,
        openid: str,
        scene: safety.Scene,
        title: str | None = None,
        nickname: str | None = None,
        signature: str | None = None,
    ) -> safety.Verdict:
        """Check a text before others see it."""
        return await safety.check_text(
            self.client,
            content,
            openid=openid,
            scene=scene,
            title=title,
            nickname=nickname,
            signature=signature,
        )

    async def check_media(
        self, url: str, media: safety.Media, *, openid: str, scene: safety.Scene
    ) -> str:
        """Have a file checked; returns the trace_id of the push that will come."""
        return await safety.check_media(
            self.client, url, media, openid=openid, scene=scene
        )

    async def session_is_valid(self, openid: str, session_key: str) -> bool:
        """Ask whether a kept session_key is still the person's current one."""
        return await sessions.is_valid(self.client, openid, session_key)

    async def reset_session(self, openid: str, session_key: str) -> login.Session:
        """Have a session_key replaced."""
        return await sessions.reset(self.client, openid, session_key)

    async def clear_quota(self, *, by_secret: bool = False) -> None:
        """Set the day's counts to zero, ten times a month at most."""
        await quotas.clear(self.client, by_secret=by_secret)

    def decrypt(self, session_key: str, encrypted: str, iv: str) -> dict[str, Any]:
        """Read encrypted open data; raises OpenDataUnreadable."""
        return decrypt.decrypt(
            session_key, encrypted, iv, appid=self._appid, now=self._now()
        )

    async def close(self) -> None:
        """Let go of the line; Redis is its owner's to close."""
        self._transport.close()
