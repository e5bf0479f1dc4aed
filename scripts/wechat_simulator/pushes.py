"""Pushing to a callback URL; three times if the answer is late or bad."""

import asyncio
import secrets
from typing import Any
from urllib.parse import urlencode

import msgspec
from tornado.httpclient import HTTPError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.envelopes import (
    Fields,
    Format,
    Target,
    signed_query,
    wrap,
)

TRIES = 3
PATIENCE_S = 5.0
OK = 200


class Attempt(msgspec.Struct, kw_only=True, frozen=True):
    """One delivery and what the callback answered."""

    status: int
    """599: no answer within five seconds."""
    body: str


class Pushes:
    """Delivers events."""

    def __init__(self, appid: str, clock: Clock) -> None:
        self._appid = appid
        self._clock = clock
        self.target = Target()
        self.delivered: list[tuple[Fields, list[Attempt]]] = []
        self._http: SimpleAsyncHTTPClient | None = None
        self._tasks: set[asyncio.Task[list[Attempt]]] = set()

    async def deliver(self, message: Fields, target: Target) -> list[Attempt]:
        """Push a message; again, as WeChat does, while the answer is late or bad."""
        attempts: list[Attempt] = []
        for _ in range(TRIES):
            query, body = wrap(
                message, target, appid=self._appid, at=self._clock.seconds()
            )
            attempts.append(await self._post(target.url, query, body, target.format))
            if attempts[-1].status == OK:
                break
        self.delivered.append((message, attempts))
        return attempts

    async def check_url(self, target: Target) -> Attempt:
        """Do the check that the console makes of a URL."""
        query = signed_query(target.token, self._clock.seconds())
        query["echostr"] = secrets.token_hex(8)
        answer = await self._fetch(f"{target.url}?{urlencode(query)}")
        good = answer.status == OK and answer.body == query["echostr"]
        return Attempt(status=answer.status, body="ok" if good else answer.body)

    def later(self, message: Fields, delay_s: float) -> None:
        """Push a message to the set target after a while, if one is set."""
        if not self.target.url:
            return

        async def push() -> list[Attempt]:
            await asyncio.sleep(delay_s)
            return await self.deliver(message, self.target)

        task = asyncio.create_task(push())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def event(self, kind: str, openid: str, **more: Any) -> Fields:
        """Make an event as the platform words it."""
        return {
            "ToUserName": "gh_000000000000",
            "FromUserName": openid,
            "CreateTime": self._clock.seconds(),
            "MsgType": "event",
            "Event": kind,
            **more,
        }

    async def _post(
        self, url: str, query: dict[str, str], body: bytes, written: Format
    ) -> Attempt:
        kind = "application/json" if written is Format.JSON else "text/xml"
        return await self._fetch(
            f"{url}?{urlencode(query)}",
            method="POST",
            body=body,
            headers={"Content-Type": kind},
        )

    async def _fetch(self, url: str, **request: Any) -> Attempt:
        if self._http is None:
            self._http = SimpleAsyncHTTPClient(force_instance=True)
        try:
            answer = await self._http.fetch(
                url, raise_error=False, request_timeout=PATIENCE_S, **request
            )
        except (HTTPError, OSError) as failure:
            return Attempt(status=599, body=type(failure).__name__)
        return Attempt(status=answer.code, body=answer.body.decode("utf-8", "replace"))

    async def close(self) -> None:
        """Push nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            self._http.close()
