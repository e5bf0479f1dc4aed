"""One request to WeChat's host and its answer, through the circuit.

An answer is a JSON object or an image; everything else is Unavailable. The URL,
which carries the token or the secret, is in no exception and no log line.
"""

import json
from collections.abc import Mapping
from socket import gaierror
from ssl import SSLCertVerificationError
from typing import Any
from urllib.parse import urlencode

from tornado.httpclient import HTTPError, HTTPResponse
from tornado.iostream import UnsatisfiableReadError
from tornado.simple_httpclient import HTTPTimeoutError, SimpleAsyncHTTPClient

from miniprogram_api.circuit import Circuit
from miniprogram_api.errors import Unavailable, Why

Answer = dict[str, Any] | bytes

IMAGES = (b"\xff\xd8", b"\x89PNG")
"""First bytes of JPEG and PNG; a JSON answer starts with a brace."""

MOST_AT_ONCE = 100
"""Requests under way at once; one more is told so at once. WeChat answers in some
100 ms, so this is a thousand a second; while it stalls, and before the circuit has
opened, this many people wait and everybody else's doors stay free."""

CROWDED_WAIT_S = 2.0
"""When to come back then: by now half of those under way have their answer."""

MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""A mini code of 1280 px is well under 1 MB."""

CONNECT_S = 3.0
"""Seconds for the line itself; a host that is there answers in far less."""

OK = 200

NEVER_SENT = (ConnectionRefusedError, gaierror, SSLCertVerificationError)
"""Broken lines over which the request cannot have gone; any other may have."""

UNSENT = ("in request queue", "resolving", "while connecting", "TLS handshake")
"""How Tornado words a time-out that came before anything was sent."""


class Transport:
    """Carries requests to one host."""

    def __init__(self, base_url: str, timeout_s: float, circuit: Circuit) -> None:
        self._base_url = base_url.rstrip("/") + "/"
        self._timeout_s = timeout_s
        self._circuit = circuit
        self._http: SimpleAsyncHTTPClient | None = None
        self._under_way = 0

    @property
    def is_resting(self) -> bool:
        """Whether the circuit is open."""
        return self._circuit.is_open

    async def carry(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any],
        body: bytes | None,
    ) -> Answer:
        """Send one request and read its answer.

        Refuses: Unavailable.
        """
        if self._under_way >= MOST_AT_ONCE:
            raise Unavailable(Why.CROWDED, endpoint, wait_s=CROWDED_WAIT_S)
        wait_s = self._circuit.admit()
        if wait_s is not None:
            raise Unavailable(Why.CIRCUIT_OPEN, endpoint, wait_s=wait_s)
        self._under_way += 1
        outcome = self._circuit.given_up  # unless we learn better
        try:
            answer = _read(await self._fetch(method, endpoint, params, body), endpoint)
            outcome = self._circuit.worked
        except Unavailable:
            outcome = self._circuit.failed
            raise
        finally:
            self._under_way -= 1
            outcome()
        return answer

    async def _fetch(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any],
        body: bytes | None,
    ) -> HTTPResponse:
        try:
            return await self._client().fetch(
                self._url(endpoint, params),
                method=method.upper(),
                body=body,
                headers={"Content-Type": "application/json"} if body else None,
                connect_timeout=min(CONNECT_S, self._timeout_s),
                request_timeout=self._timeout_s,
                follow_redirects=False,
                raise_error=False,
            )
        except (HTTPError, OSError, UnsatisfiableReadError) as failure:
            raise _unavailable(failure, endpoint) from None

    def _client(self) -> SimpleAsyncHTTPClient:
        # Made at the first call, since it belongs to the running loop.
        if self._http is None:
            self._http = SimpleAsyncHTTPClient(
                force_instance=True,
                max_clients=MOST_AT_ONCE,
                max_body_size=MAX_ANSWER_BYTES,
            )
        return self._http

    def _url(self, endpoint: str, params: Mapping[str, Any]) -> str:
        given = {key: value for key, value in params.items() if value is not None}
        return self._base_url + endpoint + ("?" + urlencode(given) if given else "")

    def close(self) -> None:
        """Let go of the line."""
        if self._http is not None:
            self._http.close()
            self._http = None


def _unavailable(failure: Exception, endpoint: str) -> Unavailable:
    if isinstance(failure, HTTPTimeoutError):
        unsent = any(words in str(failure) for words in UNSENT)
        return Unavailable(Why.TIMEOUT, endpoint, perhaps_done=not unsent)
    unsent = isinstance(failure, NEVER_SENT)
    return Unavailable(Why.CONNECTION, endpoint, perhaps_done=not unsent)


def _read(response: HTTPResponse, endpoint: str) -> Answer:
    if response.code != OK:
        raise Unavailable(Why.HTTP_STATUS, endpoint, perhaps_done=True)
    body: bytes = response.body
    if body.startswith(IMAGES):
        return body
    try:
        # WeChat has sent byte order marks and raw control characters.
        answer = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Unavailable(Why.NOT_UNDERSTOOD, endpoint, perhaps_done=True)
    return answer
