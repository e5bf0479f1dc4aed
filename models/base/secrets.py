"""Seals, blind indexes and signatures, each with keys that can rotate.

A seal hides a value at rest and can be opened again (Fernet: AES-128-CBC with
HMAC-SHA256). A blind index lets us look a sealed value up without storing it.
A signature proves that a short text came from us. New keys go first; old ones
still open, find and verify until they are taken out (`models.base.rekeying`).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SIGNATURE_BYTES = 16
"""128 bits of HMAC-SHA256: short enough for a QR code, not to be guessed."""


SEAL_BEGINS = "gAAAAA"
"""Every Fernet token's first letters: version 128, and a year before 2106."""

Mark = str | tuple[str, ...]
"""What a sealed value is found by: one blind index a key, and alone a bare text.

MongoDB's unique index sees each of several, so two processes that know the same keys
never take in the same value twice, whichever key either puts first.
"""


Fulfilled = dict[str, Any]
"""A condition on a kept mark, for MongoDB."""


class Unreadable(Exception):
    """A sealed value was made with a key we no longer hold, or was changed."""


class Secrets:
    """The keys of the house; nothing here is ever logged."""

    def __init__(
        self,
        *,
        seal_keys: Sequence[bytes],
        blind_keys: Sequence[bytes],
        token_keys: Mapping[str, bytes],
    ) -> None:
        self._box = MultiFernet([Fernet(key) for key in seal_keys])
        self._newest = Fernet(seal_keys[0])
        self._seal_keys = tuple(seal_keys)
        self._blind_keys = tuple(blind_keys)
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
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as problem:
            raise Unreadable from problem

    def reseal(self, sealed: str) -> str:
        """Seal again under the newest key; raises Unreadable."""
        return self.reseal_bytes(sealed.encode()).decode()

    def is_newest(self, sealed: bytes) -> bool:
        """Say whether the newest key alone opens a seal."""
        with suppress(InvalidToken):
            self._newest.decrypt(sealed)
            return True
        return False

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
        """Return a text's blind index under the newest key; same text, same index."""
        return _mac(self._blind_keys[0], f"blind:{kind}:{text}", 32)

    def blinds(self, kind: str, text: str) -> list[str]:
        """Return a text's blind index under every key, the newest first."""
        told = f"blind:{kind}:{text}"
        return [_mac(key, told, 32) for key in self._blind_keys]

    def mark(self, kind: str, text: str) -> Mark:
        """Return what to keep beside a sealed value to find it by."""
        first, *more = self.blinds(kind, text)
        return (first, *more) if more else first

    def found_by(self, kind: str, text: str) -> Fulfilled:
        """Return what a kept mark fulfils, under whichever key it was made."""
        return any_of(self.blinds(kind, text))

    def fingerprint(self) -> str:
        """Name the keys that seal and find, in this order, without telling them."""
        told = b"".join((*self._seal_keys, *self._blind_keys))
        return _mac(hashlib.sha256(told).digest(), "fingerprint", SIGNATURE_BYTES)

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


def same_as(mark: Mark) -> Fulfilled:
    """Return what another mark of the same value fulfils."""
    return any_of([mark] if isinstance(mark, str) else mark)


def any_of(blinds: Sequence[str]) -> Fulfilled:
    """Return what a mark with one of these blind indexes fulfils.

    The type is said too, since the indexes hold what is text and nothing else.
    """
    return {"$in": list(blinds), "$type": "string"}


def _mac(key: bytes, text: str, length: int) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")[:length]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
