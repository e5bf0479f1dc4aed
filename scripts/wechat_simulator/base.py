"""What every endpoint of the simulated API shares: faults, quotas, token, answers."""

import asyncio
import json
import re
from types import TracebackType
from typing import Any

from tornado.web import Finish, RequestHandler

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.faults import Do, Fault
from scripts.wechat_simulator.world import World

ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9A-Fa-f]{4}")
"""Characters written as \\uXXXX, which the platform refuses or misses."""

DROPS = b'{"errcode": 0, "errmsg": "ok"}'
"""What never quite arrives."""

PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


class Endpoint(RequestHandler):
    """One endpoint; refusals are raised and answered with HTTP 200, as WeChat does."""

    needs_token = True

    def initialize(self, world: World) -> None:
        """Take the world."""
        self.world = world
        self._gone = asyncio.Event()
        self._fault: Fault | None = None

    async def prepare(self) -> None:
        """Count the call, let a fault strike, then look at quota and token."""
        path = self.request.path
        self.world.calls[path] += 1
        self.begin()
        self._fault = self.world.faults.strike(path)
        if self._fault is not None:
            await self._suffer(self._fault)
        if self.needs_token:
            self.world.tokens.check(self.get_query_argument("access_token", ""))
        self.world.quotas.spend(path)

    def begin(self) -> None:
        """Do what comes before faults, quota and token."""

    async def _suffer(self, fault: Fault) -> None:
        if fault.do in {Do.STALL, Do.SLOW}:
            await self._wait(fault.seconds)
        if fault.do is Do.DRIP:
            await self._drip(fault.seconds)
        if fault.do in {Do.STALL, Do.DROP, Do.DRIP}:
            self._close_line()
            raise Finish
        if fault.do is Do.ERRCODE:
            raise Errcode(fault.errcode)
        if fault.do is Do.STATUS:
            self.set_status(fault.status)
            raise Finish(PAGE)
        if fault.do in {Do.HTML, Do.EMPTY}:
            self.set_header("Content-Type", "text/html")
            raise Finish(PAGE if fault.do is Do.HTML else "")

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._gone.wait(), seconds)
        except TimeoutError:
            return

    async def _drip(self, seconds: float) -> None:
        """Send drop by drop, until the caller has gone."""
        self.set_header("Content-Length", str(len(DROPS)))
        for drop in DROPS:
            if not self._gone.is_set():
                self.write(bytes([drop]))
                await self.flush()
                await self._wait(seconds / len(DROPS))

    def _close_line(self) -> None:
        connection: Any = self.request.connection
        connection.stream.close()

    def on_connection_close(self) -> None:
        """End a stall when the caller has gone."""
        self._gone.set()

    def body(self) -> dict[str, Any]:
        """Read the JSON body: 47001, 40033."""
        try:
            asked = json.loads(self.request.body)
        except ValueError:
            raise Errcode(47001) from None
        if not isinstance(asked, dict) or "access_token" in asked:
            raise Errcode(47001)
        if ESCAPED.search(self.request.body):
            raise Errcode(40033)
        return asked

    def answer(self, told: dict[str, Any] | bytes) -> None:
        """Answer, unless the answer shall get lost."""
        if self._fault is not None and self._fault.do is Do.LOSE:
            self._close_line()
        if isinstance(told, bytes):
            self.set_header("Content-Type", "image/png")
            self.finish(told)
            return
        self.set_header("Content-Type", "application/json; encoding=utf-8")
        text = json.dumps(told, ensure_ascii=False)
        if self._fault is not None and self._fault.do is Do.HALF:
            text = text[: len(text) // 2]
        self.finish(text)

    def say_ok(self, **more: Any) -> None:
        """Answer errcode 0 and what goes with it."""
        self.answer({"errcode": 0, "errmsg": "ok", **more})

    def check_app(self, appid: Any, secret: Any) -> None:
        """Check who calls: 41002, 40013, 41004, 40125."""
        if not appid:
            raise Errcode(41002)
        if appid != self.world.appid:
            raise Errcode(40013)
        if not secret:
            raise Errcode(41004)
        if secret != self.world.secret:
            raise Errcode(40125)

    def get(self) -> None:
        """Refuse by default: most endpoints want POST."""
        raise Errcode(43002)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say a refusal the platform's way."""
        refusal = kwargs.get("exc_info", (None, None))[1]
        if isinstance(refusal, Errcode):
            self.set_status(200)
            self.answer({"errcode": refusal.errcode, "errmsg": refusal.errmsg})
        else:
            super().write_error(status_code, **kwargs)

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Log what is ours; a refusal is an answer."""
        if not isinstance(value, Errcode):
            super().log_exception(typ, value, tb)
