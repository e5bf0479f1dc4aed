"""How a push is written, encrypted and signed.

Source: message push (framework, server-ability/message-push).
"""

import json
import os
import secrets
import struct
from base64 import b64decode, b64encode
from enum import StrEnum
from hashlib import sha1
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_BITS = 256
"""PKCS#7 with blocks of 32 bytes."""

Fields = dict[str, Any]


class Mode(StrEnum):
    """How a push is wrapped."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class Format(StrEnum):
    """How a push is written."""

    JSON = "json"
    XML = "xml"


class Target(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where pushes go and how, as set in the console."""

    url: str = ""
    token: str = "simulated-token"  # noqa: S105 - public, like the simulator
    aes_key: str = ""
    mode: Mode | None = None
    """Without it: safe with a key, else plain."""
    format: Format = Format.JSON

    def wrapped(self) -> Mode:
        """Tell the mode in force."""
        return self.mode or (Mode.SAFE if self.aes_key else Mode.PLAIN)


def wrap(
    message: Fields, target: Target, *, appid: str, at: int
) -> tuple[dict[str, str], bytes]:
    """Write, encrypt and sign a message: the query and the body of a push."""
    plain = _written(message, target.format).encode()
    query = signed_query(target.token, at)
    if target.wrapped() is Mode.PLAIN:
        return query, plain
    sealed = _encrypt(target.aes_key, plain, appid)
    query |= {
        "openid": str(message.get("FromUserName", "")),
        "encrypt_type": "aes",
        "msg_signature": sign(target.token, query["timestamp"], query["nonce"], sealed),
    }
    outer: Fields = {"ToUserName": message.get("ToUserName", ""), "Encrypt": sealed}
    if target.wrapped() is Mode.COMPATIBLE:
        outer = message | outer
    return query, _written(outer, target.format).encode()


def signed_query(token: str, at: int) -> dict[str, str]:
    """Sign a moment: the part of the query that every push has."""
    timestamp, nonce = str(at), str(secrets.randbelow(10**10))
    signature = sign(token, timestamp, nonce)
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce}


def sign(*parts: str) -> str:
    """Sign words the platform's way."""
    joined = "".join(sorted(parts)).encode()
    return sha1(joined, usedforsecurity=False).hexdigest()


def _encrypt(aes_key: str, plain: bytes, appid: str) -> str:
    key = b64decode(aes_key + "=")
    full = os.urandom(16) + struct.pack(">I", len(plain)) + plain + appid.encode()
    padder = PKCS7(BLOCK_BITS).padder()
    padded = padder.update(full) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def _written(message: Fields, written: Format) -> str:
    if written is Format.JSON:
        return json.dumps(message, ensure_ascii=False)
    if "List" in message:
        # XML nests the list one deeper, in an element named after the event.
        nest = "".join(word.title() for word in str(message["Event"]).split("_"))
        rest = {key: value for key, value in message.items() if key != "List"}
        message = rest | {nest: {"List": message["List"]}}
    return _element("xml", message)


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        inner = "".join(_element(key, each) for key, each in value.items())
    elif isinstance(value, str) and "]]>" not in value:
        inner = f"<![CDATA[{value}]]>"
    else:
        inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"
