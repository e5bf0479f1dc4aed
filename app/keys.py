"""The secrets a house is given: read, and refused where anybody could work them out.

Outside production the simulator's own serve, and keys made from their names. In
production none of them does, nor one that was typed instead of drawn, nor one that
stands in two places. Of keys that rotate several may be given, the newest first.

Source: OWASP ASVS 5.0, 13.3 (secret management) and 11.2 (cryptographic keys).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

import msgspec
from cryptography.fernet import Fernet

Get = Callable[[str, str], str]

SIMULATED_SECRET = "simulated-secret"  # noqa: S105 - the simulator's, public
SIMULATED_TOKEN = "simulated-token"  # noqa: S105 - the simulator's, public

KEY_BYTES = 32
FEWEST_BYTES = 16
"""Different ones among 32; drawn at random, 30 are usual."""
TYPED = range(0x20, 0x7F)
"""Bytes that a keyboard makes; 32 of them in a row nobody drew."""

AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
"""WeChat's EncodingAESKey: the base64 of 32 bytes."""

SHORTEST_TOKEN = 16
"""Characters of the push token; WeChat takes up to 32 letters and digits."""

APP_SECRET = re.compile(r"[0-9a-f]{32}")
"""WeChat's AppSecret, as its console writes it."""


class SettingsError(Exception):
    """A setting is wrong or missing; the text is for the person who starts us."""


class Keys(msgspec.Struct, kw_only=True, frozen=True):
    """Every secret of the house."""

    wechat_secret: str
    push_token: str
    push_aes_key: str
    token_keys: dict[str, bytes]
    seal_keys: tuple[bytes, ...]
    blind_keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        """Say nothing."""
        return "Keys(…)"


def read(get: Get, *, own: bool, strict: bool) -> Keys:
    """Read the secrets; raises SettingsError.

    own: a real app is at stake, and nothing made up here serves.
    strict: production: what is weak, public or used twice does not serve either.
    """
    keys = Keys(
        wechat_secret=_told(get, "WECHAT_SECRET", "" if own else SIMULATED_SECRET),
        push_token=_told(get, "WECHAT_PUSH_TOKEN", "" if own else SIMULATED_TOKEN),
        push_aes_key=_push_key(get, needed=strict),
        token_keys=_token_keys(_secret(get, "TOKEN_KEYS", own=own)),
        seal_keys=_seal_keys(_secret(get, "SEAL_KEYS", own=own)),
        blind_keys=_blind_keys(_secret(get, "BLIND_KEY", own=own)),
    )
    if strict:
        _check(keys)
    return keys


def _told(get: Get, name: str, default: str) -> str:
    value = get(name, default)
    if not value:
        raise SettingsError(f"{name} is not set.")
    return value


def _secret(get: Get, name: str, *, own: bool) -> str:
    value = get(name, "")
    if not value and own:
        raise SettingsError(f"{name} is not set; a real app needs its own.")
    return value or made_up(name)


def made_up(name: str) -> str:
    """Return the key that anybody can work out, for the simulator only."""
    seed = hashlib.sha256(f"only for development: {name}".encode()).digest()
    return base64.urlsafe_b64encode(seed).decode()


def _push_key(get: Get, *, needed: bool) -> str:
    """Read the push keys; without one a push's body could be anybody's."""
    told = get("WECHAT_PUSH_AES_KEY", "")
    if told and not all(map(AES_KEY.fullmatch, told.split(","))):
        raise SettingsError("WECHAT_PUSH_AES_KEY: 43 characters each.")
    if not told and needed:
        raise SettingsError("WECHAT_PUSH_AES_KEY is not set; use WeChat's safe mode.")
    return told


def _token_keys(told: str) -> dict[str, bytes]:
    if ":" not in told:
        told = f"dev:{told}"
    parts = [part.strip().partition(":") for part in told.split(",")]
    keys = {kid: _key("TOKEN_KEYS", key) for kid, _, key in parts}
    if len(keys) != len(parts) or not all(keys):
        raise SettingsError("TOKEN_KEYS: each must have a name (kid) of its own.")
    return keys


def _seal_keys(told: str) -> tuple[bytes, ...]:
    keys = tuple(part.strip().encode() for part in told.split(","))
    try:
        for key in keys:
            Fernet(key)
    except ValueError as problem:
        raise SettingsError(
            "SEAL_KEYS: each must be a Fernet key, 32 bytes of base64url."
        ) from problem
    return keys


def _blind_keys(told: str) -> tuple[bytes, ...]:
    return tuple(_key("BLIND_KEY", part.strip()) for part in told.split(","))


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as problem:
        raise SettingsError(f"{name}: not base64url.") from problem
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{name}: must hold {KEY_BYTES} bytes, holds {len(key)}.")
    return key


def _check(keys: Keys) -> None:
    """Refuse what an attacker would try first."""
    raw = _raw_keys(keys)
    for name, key in raw:
        _check_strong(name, key)
    _check_single(raw)
    if not APP_SECRET.fullmatch(keys.wechat_secret):
        raise SettingsError("WECHAT_SECRET: an AppSecret is 32 hex digits; see WeChat.")
    for token in keys.push_token.split(","):
        if len(token) < SHORTEST_TOKEN or len(set(token)) < SHORTEST_TOKEN // 2:
            raise SettingsError(
                f"WECHAT_PUSH_TOKEN: {SHORTEST_TOKEN} random characters at least."
            )


def _raw_keys(keys: Keys) -> Sequence[tuple[str, bytes]]:
    decode = base64.urlsafe_b64decode
    return [
        *(("TOKEN_KEYS", key) for key in keys.token_keys.values()),
        *(("SEAL_KEYS", decode(key)) for key in keys.seal_keys),
        *(("BLIND_KEY", key) for key in keys.blind_keys),
        *(
            ("WECHAT_PUSH_AES_KEY", base64.b64decode(key + "="))
            for key in keys.push_aes_key.split(",")
        ),
    ]


def _check_strong(name: str, key: bytes) -> None:
    public = {
        base64.urlsafe_b64decode(made_up(each))
        for each in ("TOKEN_KEYS", "SEAL_KEYS", "BLIND_KEY")
    }
    if key in public:
        raise SettingsError(f"{name}: this is a development key; make one of your own.")
    is_typed = all(byte in TYPED for byte in key)
    if is_typed or len(set(key)) < FEWEST_BYTES:
        raise SettingsError(
            f"{name}: not random; make it with scripts.stack.new_secrets."
        )


def _check_single(raw: Iterable[tuple[str, bytes]]) -> None:
    seen: dict[bytes, str] = {}
    for name, key in raw:
        if key in seen:
            raise SettingsError(f"{name}: the same key as in {seen[key]}.")
        seen[key] = name
