"""Reading what the client got encrypted: old-way phone numbers and WeRun steps.

AES-128-CBC under the session_key, PKCS#7, then JSON with a watermark that names
the app and the moment. Every way to be wrong gives the same OpenDataUnreadable.

Source: signature and open-data decryption (framework, open-ability/signature).
"""

import hmac
import json
from base64 import b64decode
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from miniprogram_api.errors import OpenDataUnreadable

KEY_BYTES = 16
BLOCK_BITS = 128

FRESH_FOR = timedelta(minutes=10)
"""The client fetches and sends at once; older data is somebody's recording."""

WRONG = (
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
    msgspec.ValidationError,
)
"""Base64, cipher, padding, UTF-8 and JSON all fail with some ValueError."""


class _Watermark(msgspec.Struct, frozen=True):
    appid: str
    timestamp: int


class _Marked(msgspec.Struct, frozen=True):
    watermark: _Watermark


def decrypt(
    session_key: str,
    encrypted: str,
    iv: str,
    *,
    appid: str,
    now: datetime,
    fresh_for: timedelta = FRESH_FOR,
) -> dict[str, Any]:
    """Read open data that was made for our app a moment ago.

    Rules: unknown fields stay in; the watermark must name us and be fresh.
    Refuses: OpenDataUnreadable.
    """
    try:
        plain = _decipher(session_key, encrypted, iv)
        told: dict[str, Any] = json.loads(plain.decode(), strict=False)
        mark = msgspec.convert(told, _Marked).watermark
        away_s = abs(now.timestamp() - mark.timestamp)
    except WRONG:
        raise OpenDataUnreadable from None
    if mark.appid != appid or away_s > fresh_for.total_seconds():
        raise OpenDataUnreadable
    return told


def _decipher(session_key: str, encrypted: str, iv: str) -> bytes:
    key = b64decode(session_key, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a session_key is 16 bytes")
    mode = modes.CBC(b64decode(iv, validate=True))
    decryptor = Cipher(algorithms.AES(key), mode).decryptor()
    padded = decryptor.update(b64decode(encrypted, validate=True))
    padded += decryptor.finalize()
    unpadder = PKCS7(BLOCK_BITS).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def is_signed(raw_data: str, signature: str, session_key: str) -> bool:
    """Whether rawData is what WeChat gave the client (signature of wx.getUserInfo)."""
    made = sha1((raw_data + session_key).encode(), usedforsecurity=False)
    return hmac.compare_digest(made.hexdigest().encode(), signature.encode())
