"""No address that somebody sends us is ever fetched by us (SSRF)."""

import re
from pathlib import Path

from tornado.tcpserver import TCPServer

from tests.house.minimal import minimal
from tests.security.doors import DOORS, PATIENT, everybody, knock, poisoned

HOUSE = Path(__file__).parents[2]

CLIENTS = {
    "aiohttp",
    "http.client",
    "httpx",
    "requests",
    "tornado.httpclient",
    "tornado.simple_httpclient",
    "tornado.tcpclient",
    "urllib.request",
    "urllib3",
}
"""What could fetch something."""

FETCHES = {"miniprogram_api/transport.py": "WeChat's host, from the settings"}
"""The one file that does, and whom it asks."""


class Listener(TCPServer):
    """Counts who knocks."""

    heard = 0

    async def handle_stream(self, stream, address):
        self.heard += 1
        stream.close()


@PATIENT
async def test_no_address_in_any_field_is_fetched(ctx, http):
    listener = Listener()
    listener.listen(0, "127.0.0.1")
    (socket,) = listener._sockets.values()
    url = f"http://127.0.0.1:{socket.getsockname()[1]}/secret"
    people = await everybody(ctx, http)
    for door in DOORS:
        if door.has_json:
            base = minimal(door.promise.body, {}, optional=True)
            body = dict.fromkeys(base, url) | {
                name: value for name, value in base.items() if name.endswith("_id")
            }
            bodies = [body] + [
                {**base, name: url}
                for name, _, _ in poisoned(door.promise.body, url, {})
                if "." not in name
            ]
            for each in bodies[:4]:
                await knock(ctx, people.at(door), door, body=each)
    listener.stop()
    assert listener.heard == 0


def imported(path):
    """Name what a file imports."""
    return set(re.findall(r"^\s*(?:from|import) ([\w.]+)", path.read_text(), re.M))


def test_one_file_asks_anybody_anything():
    asking = {
        str(path.relative_to(HOUSE))
        for storey in ("app", "handlers", "models", "miniprogram_api")
        for path in (HOUSE / storey).rglob("*.py")
        if CLIENTS & imported(path)
    }
    assert asking == FETCHES.keys()
