"""Refresh tokens (刷新令牌): a chain whose next link only this house can compute.

::

    t0 ──▶ t1 = ⟨t0⟩ ──▶ t2 = ⟨t1⟩ ──▶ …        ⟨t⟩: keyed with the house's blind key

The first is random; each use gives the next. Only a hash of the newest is kept
(and of the one before). Three things follow. A reply that was lost is answered
again with the very same successor, and nothing readable had to be kept for it.
Whoever stole a token cannot compute what comes after it. And an old token can be
told from an invented one, since walking on from it leads to the newest: so
theft is noticed, while a stranger who saw a session's id cannot end it.
"""

import hashlib
import secrets as randomness
from base64 import urlsafe_b64encode

from models.base.secrets import Secrets

LONGEST_TOKEN = 128
"""Characters; ours have 78."""

SECRET_BYTES = 32


def first(session_id: str) -> str:
    """Make the first token of a session."""
    return f"{session_id}.{randomness.token_urlsafe(SECRET_BYTES)}"


def session_of(token: str) -> str:
    """Return the id of the session a token claims to be of."""
    return token.partition(".")[0]


def successor(secrets: Secrets, token: str) -> str:
    """Return the token that follows."""
    return _links(secrets, token)[0]


def same_successor(secrets: Secrets, token: str, newest: str) -> str:
    """Return the token that followed: under whichever key, it is the newest one."""
    links = _links(secrets, token)
    return next((link for link in links if mark(link) == newest), links[0])


def _links(secrets: Secrets, token: str) -> list[str]:
    """Return what may follow, under each key."""
    blinds = secrets.blinds("refresh", token)
    return [f"{session_of(token)}.{blind}" for blind in blinds]


def mark(token: str) -> str:
    """Return what is kept of a token; from 256 random bits a plain hash is safe."""
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()


def leads_to(secrets: Secrets, token: str, newest: str, *, turns: int) -> bool:
    """Say whether a token was the chain's once: within so many turns it is newest."""
    for _ in range(turns):
        token = successor(secrets, token)
        if mark(token) == newest:
            return True
    return False
