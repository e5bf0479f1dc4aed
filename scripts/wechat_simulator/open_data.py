"""Open data as a client gets it: AES-128-CBC under the person's session_key."""

import json
import os
from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BLOCK_BITS = 128


def encrypt(session_key: str, told: dict[str, Any]) -> dict[str, str]:
    """Encrypt data; the answer has the names of the client API."""
    iv = os.urandom(16)
    padder = PKCS7(BLOCK_BITS).padder()
    plain = json.dumps(told, ensure_ascii=False).encode()
    padded = padder.update(plain) + padder.finalize()
    cipher = Cipher(algorithms.AES(b64decode(session_key)), modes.CBC(iv))
    encryptor = cipher.encryptor()
    sealed = encryptor.update(padded) + encryptor.finalize()
    return {
        "encryptedData": b64encode(sealed).decode(),
        "iv": b64encode(iv).decode(),
    }
