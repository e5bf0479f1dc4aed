"""A Tornado handler that sends a constant: what no work at all costs.

python -m scripts.bench_peers.bare_tornado.server, with PORT in the environment.
"""

import asyncio
import os

import uvloop
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

ANSWER = b'{"id": "policy_0", "title": "\xe7\xa4\xba\xe4\xbe\x8b", "items": []}'


class ConstantHandler(RequestHandler):
    """Answers the same to everybody."""

    def get(self, *_: str) -> None:
        """Send the constant."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(ANSWER)


async def main() -> None:
    """Serve until ended."""
    server = HTTPServer(Application([("/.*", ConstantHandler)]))
    server.add_sockets(
        bind_sockets(int(os.environ["PORT"]), "127.0.0.1", reuse_port=True)
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main())
