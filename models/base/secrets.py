"""Seals, blind indexes and signatures, each with keys that can rotate.

A seal hides a value at rest and can be opened again (Fernet: AES-128-CBC with
HMAC-SHA256). A blind index lets us look a sealed value up without storing it.
A signature proves that a short text came from us. New keys go first; old ones
still open and verify until they are taken out.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SIGNATURE_BYTES = 16
"""128 bits of HMAC-SHA256: short enough for a QR code, not to be guessed."""


class Unreadable(Exception):
    """A sealed value was made with a key we no longer hold, or was changed."""


class Secrets:
    """The keys of the house; nothing here is ever logged."""

    def __init__(
        self,
        *,
        seal_keys: Sequence[bytes],
        blind_key: bytes,
        token_keys: Mapping[str, bytes],
    ) -> None:
        self._box = MultiFernet([Fernet(key) for key in seal_keys])
        self._blind_key = blind_key
        self.token_keys = dict(token_keys)
        """Key id to key, newest first; access tokens name theirs."""

    def __repr__(self) -> str:
        """Say nothing."""
        return "Secrets(…)"

    def seal(self, text: str) -> str:
        """Hide a text at rest."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Read a sealed text back; raises Unreadable."""
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken as problem:
            raise Unreadable from problem

    def reseal(self, sealed: str) -> str:
        """Seal again under the newest key."""
        return self._box.rotate(sealed).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Hide a file's content at rest; a third longer than what it hides."""
        return self._box.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Read sealed content back; raises Unreadable."""
        try:
            return self._box.decrypt(sealed)
        except InvalidToken as problem:
            raise Unreadable from problem

    def reseal_bytes(self, sealed: bytes) -> bytes:
        """Seal content again under the newest key; raises Unreadable."""
        try:
            return self._box.rotate(sealed)
        except InvalidToken as problem:
            raise Unreadable from problem

    def blind(self, kind: str, text: str) -> str:
        """Return what to look a sealed value up by; the same text, the same index."""
        return _mac(self._blind_key, f"blind:{kind}:{text}", 32)

    def sign(self, purpose: str, text: str) -> str:
        """Sign a short text for one purpose with the newest key."""
        key = next(iter(self.token_keys.values()))
        return _mac(key, f"{purpose}:{text}", SIGNATURE_BYTES)

    def is_signed(self, purpose: str, text: str, signature: str) -> bool:
        """Say whether any current key made this signature; in constant time each."""
        given = signature.encode()
        return any(
            hmac.compare_digest(
                _mac(key, f"{purpose}:{text}", SIGNATURE_BYTES).encode(), given
            )
            for key in self.token_keys.values()
        )


def _mac(key: bytes, text: str, length: int) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()[:length]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
