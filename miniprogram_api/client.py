"""wechatpy's client on an async line: its API builders work here, awaited.

wechatpy is synchronous, recurses without end on a dead token, asks for a token
even to sign in, never times out on the token itself and hands back HTML as if it
were an answer. So only its builders are used; the request path below is ours.

A call: circuit → request → answer; busy or unsent → again, at most three times;
dead token → one other token, one more time.
"""

import json
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from prometheus_client import Counter
from wechatpy.client.api import WeChatWxa
from wechatpy.client.base import BaseWeChatClient

from miniprogram_api.errors import Refused, Unavailable, WeChatError, Why
from miniprogram_api.meanings import EVERYWHERE, LOGIN, TOKEN, Advice, is_known
from miniprogram_api.shelf import Shelf
from miniprogram_api.tokens import Fetched, Tokens
from miniprogram_api.transport import Answer, Transport

log = logging.getLogger(__name__)

TRIES = 3
"""The first and two repeats."""

BACKOFF_S = 0.5
"""Seconds before the first repeat, doubled for each further one, then half of it
to all of it by chance, so that callers do not come back together."""

asked = Counter("inn_wechat_calls", "Calls of WeChat, repeats included.")
unanswered = Counter("inn_wechat_unanswered", "Calls that WeChat did not answer.")
refused = Counter(
    "inn_wechat_refusals",
    "Answers of WeChat's, by errcode; of a token only when a new one is refused too.",
    ["errcode"],
)
for each in EVERYWHERE:
    refused.labels(each)  # from 0, so that the first refusal is a rise

REPEAT_WITHIN_S = 3.0
"""Seconds after the first try within which another may begin. A try that stalls ends
after five, so whoever waits is told within eight, whatever WeChat does."""

LOUD = (Advice.ALERT_AND_STOP, Advice.BUG)
"""Advice that a person must hear of."""

LONGEST_LIFE_S = 7200
"""No access token lives longer."""

T = TypeVar("T")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked of WeChat."""

    method: str
    endpoint: str
    params: dict[str, Any]
    body: bytes | None
    repeatable: bool
    """Whether asking twice does no harm, so that a lost answer may be asked again."""

    def __repr__(self) -> str:
        return f"<Call {self.method} {self.endpoint}>"


class _Stable(msgspec.Struct, frozen=True):
    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    expires_in: int


class Client(BaseWeChatClient):
    """Asks WeChat, with the right token and within bounds."""

    wxa = WeChatWxa()

    def __init__(
        self,
        appid: str,
        secret: str,
        transport: Transport,
        shelf: Shelf,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        super().__init__(appid, auto_retry=False)
        self.secret = secret
        self._transport = transport
        self._monotonic = monotonic
        self._sleep = sleep
        self._tokens = Tokens(shelf, self.fetch_access_token, now=now, sleep=sleep)

    @property
    def access_token(self) -> str:
        """Refuse: a token is awaited, and AttributeError is what wechatpy survives."""
        raise AttributeError("the access token is awaited, not read")

    async def fetch_access_token(self) -> Fetched:
        """Ask stable_token, in normal mode, for the current token and its life."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
        }
        try:
            call = _call("post", TOKEN, data=asked, repeatable=True)
            answer = await self._ask_for_good(call)
            stable = understood(answer, _Stable, TOKEN)
        except Unavailable as failure:
            # Whatever became of the token, the call it was for has not begun.
            failure.perhaps_done = False
            raise
        return stable.access_token, max(0, min(stable.expires_in, LONGEST_LIFE_S))

    async def _request(
        self,
        method: str,
        url_or_endpoint: str,
        *,
        result_processor: Callable[[Any], Any] | None = None,
        with_token: bool = True,
        **kwargs: Any,
    ) -> Any:
        call = _call(method, url_or_endpoint, **kwargs)
        if with_token and call.endpoint != LOGIN:
            answer = await self._ask_with_token(call)
        else:
            answer = await self._ask_for_good(call)
        return result_processor(answer) if result_processor else answer

    async def _ask_with_token(self, call: Call) -> Answer:
        token = await self._tokens.current()
        try:
            return await self._ask(_signed(call, token))
        except Refused as refusal:
            if refusal.advice is not Advice.REFRESH_TOKEN:
                raise
        newer = await self._tokens.after_refusal(token)
        return await self._ask_for_good(_signed(call, newer))

    async def _ask_for_good(self, call: Call) -> Answer:
        """Ask where a token that is refused is not renewed, so that it counts."""
        try:
            return await self._ask(call)
        except Refused as refusal:
            if refusal.advice is Advice.REFRESH_TOKEN:
                _count(refusal)
            raise

    async def _ask(self, call: Call) -> Answer:
        began = self._monotonic()
        for failures in range(1, TRIES):
            try:
                return await self._ask_once(call)
            except (Refused, Unavailable) as failure:
                late = self._monotonic() - began > REPEAT_WITHIN_S
                if late or not self._worth_repeating(call, failure):
                    raise
                log.info("wechat again after: %s", failure)
            longest_s = BACKOFF_S * 2 ** (failures - 1)
            await self._sleep(random.uniform(longest_s / 2, longest_s))
        return await self._ask_once(call)

    def _worth_repeating(self, call: Call, failure: WeChatError) -> bool:
        if isinstance(failure, Unavailable):
            safe = call.repeatable or not failure.perhaps_done
            free = failure.why is not Why.CROWDED and not self._transport.is_resting
            return safe and free
        return failure.advice is Advice.RETRY

    async def _ask_once(self, call: Call) -> Answer:
        asked.inc()
        with unanswered.count_exceptions(Unavailable):
            answer = await self._transport.carry(
                call.method, call.endpoint, call.params, call.body
            )
        if isinstance(answer, dict):
            _check(answer, call.endpoint)
        return answer


def _call(
    method: str,
    endpoint: str,
    *,
    params: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    repeatable: bool | None = None,
    api_base_url: str = "",
) -> Call:
    # api_base_url is wechatpy's own idea of the host; the transport has ours.
    if "://" in endpoint:
        raise ValueError("an endpoint is a path on WeChat's host")
    body = None
    if method.lower() == "post":
        body = json.dumps(data or {}, ensure_ascii=False).encode("utf-8", "replace")
    return Call(
        method=method,
        endpoint=endpoint,
        params=params or {},
        body=body,
        repeatable=method.lower() == "get" if repeatable is None else repeatable,
    )


def _signed(call: Call, token: str) -> Call:
    return msgspec.structs.replace(call, params={**call.params, "access_token": token})


def _check(answer: dict[str, Any], endpoint: str) -> None:
    try:
        errcode = int(answer.get("errcode") or 0)  # old APIs send it as text
    except (TypeError, ValueError):
        raise Unavailable(Why.NOT_UNDERSTOOD, endpoint, perhaps_done=True) from None
    if errcode == 0:
        return
    refusal = Refused.of(errcode, str(answer.get("errmsg", "")), endpoint)
    if refusal.advice is not Advice.REFRESH_TOKEN:
        _count(refusal)
    if refusal.advice in LOUD:
        log.error("wechat refused %s", refusal)
    raise refusal


def _count(refusal: Refused) -> None:
    is_one = is_known(refusal.errcode, refusal.endpoint)
    refused.labels(refusal.errcode if is_one else "other").inc()


def understood(answer: Answer, shape: type[T], endpoint: str) -> T:
    """Read an answer as the contract promises it.

    Refuses: Unavailable.
    """
    try:
        return msgspec.convert(answer, shape, strict=False)
    except msgspec.ValidationError:
        raise Unavailable(Why.NOT_UNDERSTOOD, endpoint, perhaps_done=True) from None
