"""Whether a kept session_key is still the valid one, and replacing it.

Source: checkSessionKey, ResetUserSessionKey. The key is never sent: both calls
carry a signature made with it.
"""

import hmac
from hashlib import sha256

from miniprogram_api.client import Client, understood
from miniprogram_api.errors import Refused
from miniprogram_api.login import Session
from miniprogram_api.meanings import CHECK_SESSION, RESET_SESSION

SIGNATURE_WRONG = 87009


def signature(session_key: str, body: bytes = b"") -> str:
    """Sign a body; the key is the base64 text itself, a GET has an empty body."""
    return hmac.new(session_key.encode(), body, sha256).hexdigest()


async def is_valid(client: Client, openid: str, session_key: str) -> bool:
    """Ask whether this is the person's current session_key.

    Refuses: Refused, Unavailable.
    """
    try:
        await client.get(CHECK_SESSION, params=_proof(openid, session_key))
    except Refused as refusal:
        if refusal.errcode != SIGNATURE_WRONG:
            raise
        return False
    return True


async def reset(client: Client, openid: str, session_key: str) -> Session:
    """Have the session_key replaced; the old one dies, its end stays the same.

    Refuses: Refused (SIGN_IN_AGAIN: the old key is no longer valid), Unavailable.
    """
    proof = _proof(openid, session_key)
    answer = await client.get(RESET_SESSION, params=proof, repeatable=False)
    return understood(answer, Session, RESET_SESSION)


def _proof(openid: str, session_key: str) -> dict[str, str]:
    return {
        "openid": openid,
        "signature": signature(session_key),
        "sig_method": "hmac_sha256",
    }
