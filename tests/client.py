"""A JSON client on a real socket, as a mini-program would be."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import msgspec
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.application import Front
from app.wiring import House

PATIENCE_SECONDS = 100
"""It ends a wait for an answer that never comes, and proves nothing."""


@dataclass
class Answer:
    """What came back: status, decoded body, headers."""

    status: int
    body: Any
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HTTPResponse) -> "Answer":
        """Read an answer; a body that is JSON is decoded."""
        kind = response.headers.get("Content-Type", "")
        body: Any = response.body
        if kind.startswith("application/json") and body:
            body = msgspec.json.decode(body)
        return cls(response.code, body, dict(response.headers))

    @property
    def code(self) -> str:
        """The word of a refusal."""
        return str(self.body["code"])


@dataclass
class Client:
    """Calls one house; ``as_`` gives the same client with somebody's token."""

    url: str
    front: Front | None = None
    token: str | None = None
    http: AsyncHTTPClient = field(
        default_factory=lambda: SimpleAsyncHTTPClient(
            force_instance=True, max_clients=500
        )
    )
    lines: list[Any] = field(default_factory=list)
    """Sockets opened by this client, to be closed with it."""

    def as_(self, token: str) -> "Client":
        """Return the client of somebody signed in."""
        return Client(self.url, self.front, token, self.http, self.lines)

    async def sign_in(self, code: str, *, port: str = "worker") -> "Client":
        """Sign in by a code of the simulator, such as ``w-17``."""
        answer = await self.post(f"/{port}/v1/auth/sign-in", {"code": code})
        assert answer.status in {200, 201}, answer.body
        return self.as_(answer.body["access_token"])

    async def get(self, path: str, **options: Any) -> Answer:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        """POST a JSON body."""
        return await self.call("POST", path, body, **options)

    async def put(self, path: str, body: Any = None, **options: Any) -> Answer:
        """PUT a JSON body."""
        return await self.call("PUT", path, body, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> Answer:
        """PATCH with a JSON body."""
        return await self.call("PATCH", path, body, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        """DELETE."""
        return await self.call("DELETE", path, **options)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Call; ``key`` is the Idempotency-Key. A bytes body is sent as it is."""
        sent = dict(headers or {})
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        raw = body if isinstance(body, bytes) else None
        if body is not None and raw is None:
            raw = msgspec.json.encode(body)
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        response = await self.http.fetch(
            self.url + path,
            method=method,
            body=raw,
            headers=sent,
            raise_error=False,
            allow_nonstandard_methods=True,
            connect_timeout=PATIENCE_SECONDS,
            request_timeout=PATIENCE_SECONDS,
        )
        return Answer.of(response)

    async def close(self) -> None:
        """Close the client and the doors it talked to."""
        for line in self.lines:
            line.close()
        self.http.close()
        if self.front is not None:
            await self.front.close()


async def serve(house: House, *, port: int = 0) -> Client:
    """Open a house's doors, on a free port unless told, and return a client of it."""
    front = Front(house)
    port = front.open(port=port)
    return Client(f"http://127.0.0.1:{port}", front)


async def together(*calls: Any) -> list[Any]:
    """Make calls at the same time; answers in the order of the calls."""
    return await asyncio.gather(*calls)
