"""Every setting of the house: name, type, unit, default; nothing else reads them.

Each variable may also be given as ``NAME_FILE``, the path of a file that holds
the value (container secrets). A wrong or missing one stops the start with one
line that says what to do.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from app import keys
from app.keys import Get, SettingsError

Choice = TypeVar("Choice", bound=StrEnum)

SIMULATED_APPID = "wx0000000000000000"
WECHAT = "https://api.weixin.qq.com"
MONGODB = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
REDIS = "redis://127.0.0.1:6379/0"
"""Where they are on a developer's machine; production says where its own are."""

HIGHEST_PORT = 65_535
LARGEST_COUNT = 100_000


class Env(StrEnum):
    """Where we run; ``prod`` takes no secret and no server for granted."""

    DEV = "dev"
    TEST = "test"
    PROD = "prod"


class HttpLayer(StrEnum):
    """What reads requests off the wire, beneath the same doors."""

    TORNADO = "tornado"
    HTTPTOOLS = "httptools"


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """What the environment says."""

    env: Env
    """APP_ENV: dev (default), test (adds the test doors) or prod."""
    host: str
    """HOST: address to listen on; default 127.0.0.1."""
    port: int
    """PORT: TCP port; default 8080."""
    http_layer: HttpLayer
    """HTTP_LAYER: tornado (default), or httptools, which is faster; decision 0010."""
    share_port: bool
    """SHARE_PORT: 1 lets several processes listen on one port; default 0."""
    watch_host: str
    """WATCH_HOST: address that figures are shown at; default 127.0.0.1."""
    watch_port: int
    """WATCH_PORT: TCP port of this process's figures; default 0, none."""
    behind_proxy: bool
    """BEHIND_PROXY: 1 believes X-Real-Ip / X-Forwarded-For; default 0."""
    requests_at_once: int
    """REQUESTS_AT_ONCE: under way in one process before deeds are turned away;
    default 512, half a second's bookings (docs/decisions/0011-crowds.md)."""
    connections_at_once: int
    """CONNECTIONS_AT_ONCE: open in one process, WebSockets apart; default 4096."""
    live_origins: frozenset[str]
    """LIVE_ORIGINS: other sites' pages that may open sockets, ``https://host,…``."""
    ready_megabytes: int
    """READY_MEGABYTES: MiB of ready answers a process keeps; 0 none; default 64."""
    mongodb_uri: str
    """MONGODB_URI: a replica set; mongodb://127.0.0.1:27017/?replicaSet=rs0 in dev."""
    mongodb_database: str
    """MONGODB_DATABASE: default yunduan."""
    redis_url: str
    """REDIS_URL: in dev redis://127.0.0.1:6379/0."""
    redis_seconds: float
    """REDIS_SECONDS: what Redis gets to connect or to answer, which takes it less than
    a millisecond, before we do without; 0.05 to 60, default 0.5."""
    wechat_appid: str
    """WECHAT_APPID: the mini-program's; without one we talk to the simulator."""
    wechat_secret: str
    """WECHAT_SECRET: goes with it."""
    wechat_base_url: str
    """WECHAT_BASE_URL: default WeChat itself, with an AppID."""
    wechat_push_token: str
    """WECHAT_PUSH_TOKEN: the Token of the message push settings, newest first."""
    wechat_push_aes_key: str
    """WECHAT_PUSH_AES_KEY: EncodingAESKeys, 43 characters each; empty: plain mode."""
    wechat_templates: dict[str, str]
    """WECHAT_TEMPLATES: our message kinds to template ids, ``kind:id,kind:id``."""
    calendar_tables: tuple[str, ...]
    """CALENDAR_TABLES: JSON files of holiday tables, newer than the library's."""
    token_keys: dict[str, bytes]
    """TOKEN_KEYS: ``kid:base64url,…`` of 32 bytes each, newest first."""
    seal_keys: tuple[bytes, ...]
    """SEAL_KEYS: Fernet keys separated by commas, newest first."""
    blind_keys: tuple[bytes, ...]
    """BLIND_KEY: base64url of 32 bytes each, newest first; see `python -m app rekey`.
    """

    def __repr__(self) -> str:
        """Say nothing that must not stand in a log."""
        return f"Settings({self.env}, …)"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment; raises SettingsError."""
    get = _reader(environ)
    env = _choice(get, "APP_ENV", Env.DEV)
    appid = get("WECHAT_APPID", "" if env is Env.PROD else SIMULATED_APPID)
    simulated, prod = appid == SIMULATED_APPID, env is Env.PROD
    if not appid or (simulated and prod):
        raise SettingsError("WECHAT_APPID is not set; production needs a real one.")
    known = keys.read(get, own=not simulated, strict=prod)
    return Settings(
        env=env,
        host=get("HOST", "127.0.0.1"),
        port=_number(get, "PORT", 8080, most=HIGHEST_PORT),
        http_layer=_choice(get, "HTTP_LAYER", HttpLayer.TORNADO),
        share_port=_flag(get, "SHARE_PORT"),
        watch_host=get("WATCH_HOST", "127.0.0.1"),
        watch_port=_number(get, "WATCH_PORT", 0, least=0, most=HIGHEST_PORT),
        behind_proxy=_flag(get, "BEHIND_PROXY"),
        requests_at_once=_number(get, "REQUESTS_AT_ONCE", 512),
        connections_at_once=_number(get, "CONNECTIONS_AT_ONCE", 4096),
        live_origins=_origins(get),
        ready_megabytes=_number(get, "READY_MEGABYTES", 64, least=0),
        mongodb_uri=_needed(get, "MONGODB_URI", "" if prod else MONGODB),
        mongodb_database=get("MONGODB_DATABASE", "yunduan"),
        redis_url=_needed(get, "REDIS_URL", "" if prod else REDIS),
        redis_seconds=_seconds(get, "REDIS_SECONDS", "0.5", least=0.05, most=60),
        wechat_appid=appid,
        wechat_secret=known.wechat_secret,
        wechat_base_url=_needed(get, "WECHAT_BASE_URL", "" if simulated else WECHAT),
        wechat_push_token=known.push_token,
        wechat_push_aes_key=known.push_aes_key,
        wechat_templates=_pairs(get, "WECHAT_TEMPLATES"),
        calendar_tables=tuple(filter(None, get("CALENDAR_TABLES", "").split(","))),
        token_keys=known.token_keys,
        seal_keys=known.seal_keys,
        blind_keys=known.blind_keys,
    )


def _reader(environ: Mapping[str, str]) -> Get:
    def get(name: str, default: str) -> str:
        path = environ.get(f"{name}_FILE")
        if path is None:
            return environ.get(name, "").strip() or default
        try:
            return Path(path).read_text().strip()
        except OSError as problem:
            raise SettingsError(
                f"{name}_FILE: cannot read {path}: {problem.strerror}."
            ) from problem

    return get


def _needed(get: Get, name: str, default: str) -> str:
    value = get(name, default)
    if not value:
        raise SettingsError(f"{name} is not set.")
    return value


def _choice(get: Get, name: str, default: Choice) -> Choice:
    value, choices = get(name, default), type(default)
    if value not in set(choices):
        raise SettingsError(f"{name}={value}: must be one of {', '.join(choices)}.")
    return choices(value)


def _number(
    get: Get, name: str, default: int, *, least: int = 1, most: int = LARGEST_COUNT
) -> int:
    text = get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsError(f"{name}={text}: must be a number from {least} to {most}.")
    return int(text)


def _seconds(get: Get, name: str, default: str, *, least: float, most: float) -> float:
    """Read seconds, written as 5 or 0.5."""
    text = get(name, default)
    is_written_so = text.isascii() and text.replace(".", "", 1).isdigit()
    if not (is_written_so and least <= float(text) <= most):
        raise SettingsError(f"{name}={text}: must be seconds from {least} to {most}.")
    return float(text)


def _flag(get: Get, name: str) -> bool:
    value = get(name, "0")
    if value not in {"0", "1"}:
        raise SettingsError(f"{name}={value}: must be 0 or 1.")
    return value == "1"


def _origins(get: Get) -> frozenset[str]:
    """Read origins as browsers send them: no path, nothing behind the port."""
    origins = frozenset(filter(None, get("LIVE_ORIGINS", "").split(",")))
    for origin in origins:
        parts = urlsplit(origin)
        is_web = parts.scheme in {"http", "https"} and parts.netloc
        if not is_web or origin != f"{parts.scheme}://{parts.netloc}":
            raise SettingsError(f"LIVE_ORIGINS: {origin}: must be like https://host.")
    return origins


def _pairs(get: Get, name: str) -> dict[str, str]:
    text = get(name, "")
    pairs = [part.partition(":") for part in text.split(",") if part.strip()]
    if any(not (key and colon and value) for key, colon, value in pairs):
        raise SettingsError(f"{name}: must be name:value pairs separated by commas.")
    return {key.strip(): value.strip() for key, _, value in pairs}
