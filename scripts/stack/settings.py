"""The settings that scripts/server chooses for the inn where nobody else has.

A setting in the environment goes first, as NAME or as NAME_FILE.
"""

import base64
import json
import os
import secrets
import string
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.stack.ports import free_port, is_free

NAMES = (
    "APP_ENV",
    "HOST",
    "PORT",
    "SHARE_PORT",
    "WATCH_HOST",
    "WATCH_PORT",
    "BEHIND_PROXY",
    "REQUESTS_AT_ONCE",
    "CONNECTIONS_AT_ONCE",
    "READY_MEGABYTES",
    "MONGODB_URI",
    "MONGODB_DATABASE",
    "REDIS_URL",
    "REDIS_SECONDS",
    "WECHAT_APPID",
    "WECHAT_SECRET",
    "WECHAT_BASE_URL",
    "WECHAT_PUSH_TOKEN",
    "WECHAT_PUSH_AES_KEY",
    "WECHAT_TEMPLATES",
    "TOKEN_KEYS",
    "SEAL_KEYS",
    "BLIND_KEY",
)
"""Every setting of the app; app/settings.py says what each means."""


PORTS = "ports.json"


def _key() -> str:
    """32 random bytes, the way Fernet writes them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _push_key() -> str:
    """WeChat's EncodingAESKey: 43 letters and digits, the base64 of 32 bytes."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(42)) + "A"


Makers = dict[str, Callable[[], str]]

KEYS: Makers = {
    "TOKEN_KEYS": lambda: f"k1:{_key()}",
    "SEAL_KEYS": _key,
    "BLIND_KEY": _key,
}
"""What must be random and must stay the same as long as the data."""

PUSH: Makers = {
    "WECHAT_PUSH_TOKEN": lambda: secrets.token_hex(16),
    "WECHAT_PUSH_AES_KEY": _push_key,
}
"""What we and WeChat, or its simulator, must both know."""


DEMO: Makers = {
    "DEMO_PASSWORD": lambda: secrets.token_urlsafe(9),
    "DEMO_AUTHENTICATOR": lambda: base64.b32encode(secrets.token_bytes(20)).decode(),
}
"""The way in by name of the demo inn's made-up people."""


def given(name: str) -> bool:
    """Whether somebody has set it, as NAME or as NAME_FILE."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def ours(chosen: Mapping[str, str]) -> dict[str, str]:
    """Those of our choices that nobody has made before us."""
    return {name: text for name, text in chosen.items() if not given(name)}


def kept_secrets(makers: Makers, data: Path) -> dict[str, str]:
    """This checkout's random secrets, made once and kept beside the data."""
    place = data / "secrets.env"
    known = dict(
        line.split("=", 1)
        for line in (place.read_text().splitlines() if place.exists() else ())
        if "=" in line and not line.startswith("#")
    )
    missing = {name: make() for name, make in makers.items() if name not in known}
    if missing:
        known |= missing
        lines = "".join(f"{name}={text}\n" for name, text in known.items())
        place.touch(mode=0o600)
        place.write_text(
            f"# Of this checkout only; its data are lost without it.\n{lines}"
        )
    return {name: known[name] for name in makers}


def port_for(server: str, data: Path) -> int:
    """The port a server of this checkout had before, or a free one, remembered.

    Two checkouts choose different ports, so they never meet.
    """
    known = _known_ports(data)
    port = known.get(server)
    if port is None or not is_free(port):
        port = known[server] = free_port()
        (data / PORTS).write_text(json.dumps(known))
    return port


def port_of(server: str, data: Path) -> int | None:
    """The port a server of this checkout had last, or has now."""
    return _known_ports(data).get(server)


def _known_ports(data: Path) -> dict[str, int]:
    place = data / PORTS
    known: dict[str, int] = json.loads(place.read_text()) if place.exists() else {}
    return known
