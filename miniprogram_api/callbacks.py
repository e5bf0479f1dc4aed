"""Receiving pushes: is it WeChat, is it for us, is it now, and what does it say.

With an AES key only encrypted pushes are read, also when plain text lies beside
(compatible mode): `signature` does not cover a body, `msg_signature` does.
The handler answers `success` at once, to unknown kinds too, and works later: after
5 seconds WeChat hangs up and pushes again, three times in all.

Source: message push (framework, server-ability/message-push).
"""

import hmac
import json
import re
import struct
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any
from xml.parsers.expat import ExpatError

import msgspec
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from miniprogram_api.errors import PushRefused
from miniprogram_api.events import Pushed
from miniprogram_api.pushes import event_of, key_of

SUCCESS = "success"
"""The whole answer to a push."""

FRESH_FOR = timedelta(hours=1)
"""A push signed longer ago (or ahead) is a replay; keep the keys of pushes at least
twice as long, and nothing is taken twice."""

AES_KEY = re.compile("[A-Za-z0-9+/]{43}")
IV_BYTES = 16
NOISE_BYTES = 16
LENGTH_BYTES = 4
BLOCK_BITS = 256
"""PKCS#7 with blocks of 32 bytes, although AES has 16."""


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """A push that is WeChat's and ours."""

    key: str
    """The same for every repeat of this push."""
    event: Pushed


class Callbacks:
    """Checks and reads pushes.

    Token and AES key may each be several, separated by commas: while the console's
    are being changed, pushes made with either are WeChat's.
    """

    def __init__(
        self,
        appid: str,
        token: str | None,
        aes_key: str | None,
        *,
        now: Callable[[], datetime],
        fresh_for: timedelta | None = FRESH_FOR,
    ) -> None:
        self._appid = appid
        self._tokens = tuple(token.split(",")) if token else ()
        self._keys = tuple(map(_decoded, aes_key.split(","))) if aes_key else ()
        self._now = now
        self._fresh_for = fresh_for

    def check_url(self, query: Mapping[str, str]) -> str:
        """Answer the check that the console makes of our URL.

        Rules: the answer is the bare echostr; it is plain in safe mode, too.
        Refuses: PushRefused.
        """
        self._check_signature(query, "signature")
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> Push:
        """Read a push, JSON or XML, plain or encrypted.

        Refuses: PushRefused.
        """
        if not self._keys:
            self._check_signature(query, "signature")
            told = _parse(body)
        else:
            encrypted = _parse(body).get("Encrypt")
            if not isinstance(encrypted, str):
                raise PushRefused("not encrypted")
            self._check_signature(query, "msg_signature", encrypted)
            told = _parse(self._decipher(encrypted))
        try:
            return Push(key=key_of(told), event=event_of(told))
        except RecursionError:
            raise PushRefused("not readable") from None

    def _check_signature(
        self, query: Mapping[str, str], name: str, *signed: str
    ) -> None:
        if not self._tokens:
            raise PushRefused("no token is set")
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        given = query.get(name, "").encode("utf-8", "replace")
        made = [_signature(token, timestamp, nonce, *signed) for token in self._tokens]
        if not any(hmac.compare_digest(each, given) for each in made):
            raise PushRefused("signature wrong")
        if not self._is_fresh(timestamp):
            raise PushRefused("too old")

    def _decipher(self, encrypted: str) -> bytes:
        """Read with the newest key that fits; says what the last one said."""
        *newer, oldest = self._keys
        for key in newer:
            with suppress(PushRefused):
                return _decipher(key, encrypted, self._appid)
        return _decipher(oldest, encrypted, self._appid)

    def _is_fresh(self, timestamp: str) -> bool:
        if self._fresh_for is None:
            return True
        try:
            away_s = abs(self._now().timestamp() - int(timestamp))
        except (ValueError, OverflowError):
            return False
        return away_s <= self._fresh_for.total_seconds()


def _signature(*told: str) -> bytes:
    joined = "".join(sorted(told)).encode("utf-8", "replace")
    return sha1(joined, usedforsecurity=False).hexdigest().encode()


def _decoded(aes_key: str) -> bytes:
    if not AES_KEY.fullmatch(aes_key):
        raise ValueError("EncodingAESKey is 43 letters and digits")
    return b64decode(aes_key + "=")


def _parse(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8-sig").strip()
        if text.startswith("<"):
            told = xmltodict.parse(text).get("xml")
        else:
            told = json.loads(text, strict=False)
    except (ValueError, ExpatError, RecursionError):
        raise PushRefused("not readable") from None
    if not isinstance(told, dict):
        raise PushRefused("not readable")
    return told


def _decipher(key: bytes, encrypted: str, appid: str) -> bytes:
    try:
        mode = modes.CBC(key[:IV_BYTES])
        decryptor = Cipher(algorithms.AES(key), mode).decryptor()
        padded = decryptor.update(b64decode(encrypted)) + decryptor.finalize()
        unpadder = PKCS7(BLOCK_BITS).unpadder()
        plain = unpadder.update(padded) + unpadder.finalize()
        start = NOISE_BYTES + LENGTH_BYTES
        (length,) = struct.unpack(">I", plain[NOISE_BYTES:start])
    except (ValueError, struct.error):
        raise PushRefused("not readable") from None
    addressee = plain[start + length :]
    if not hmac.compare_digest(addressee, appid.encode()):
        raise PushRefused("for another app")
    return plain[start : start + length]
