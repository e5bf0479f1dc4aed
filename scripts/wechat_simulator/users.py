"""People, their codes and their session keys.

By convention any code `w-<user>[-anything]` signs in openid `o-<user>`, and
`p-<number>[-anything]` is a phone button's code: 11 digits are the number, fewer are
its end. Each works once; the two kinds do not stand in for each other.
"""

import hmac
import re
import secrets
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.clock import Clock

CODE_LIFE = timedelta(minutes=5)
KEY_INTERVAL = timedelta(minutes=5)
"""A sign-in replaces the session_key at most so often."""

VISIT = timedelta(hours=2)
"""Content checks want a visit as recent as this."""

LOGINS_A_MINUTE = 100
MINUTE_S = 60

LOGIN_CODE = re.compile(r"w-([0-9A-Za-z]{1,28})(?:-.*)?")
PHONE_CODE = re.compile(r"p-([0-9]{1,11})(?:-.*)?")
OPENID = re.compile(r"o-[0-9A-Za-z]{1,28}")


@dataclass
class User:
    """One person in one app."""

    openid: str
    session_key: str
    key_since: datetime
    visited_at: datetime
    blocked: bool = False
    """High risk: may not sign in (40226)."""


@dataclass
class Issued:
    """A code that was asked for at a door, and so has an age."""

    at: datetime
    openid: str | None = None
    """For a phone code: whose it is."""


class Users:
    """Everyone, and every code that was used."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users: dict[str, User] = {}
        self._used: set[str] = set()
        self._issued: dict[str, Issued] = {}
        self._logins: Counter[tuple[str, int]] = Counter()
        self.tells_unionid = False
        """Whether the app is bound to an Open Platform account."""
        self.key_interval = KEY_INTERVAL

    def issue(self, code: str, openid: str | None = None) -> None:
        """Let the life of a code begin now, and bind it to a person."""
        self._issued[code] = Issued(self._clock.now(), openid)

    def sign_in(self, code: str) -> User:
        """Exchange a login code: 40029, 40163, 45011, 40226."""
        now = self._clock.now()
        self._pace(code)
        named = self._take(code, LOGIN_CODE, used=40163)
        user = self.of(f"o-{named}")
        if user.blocked:
            raise Errcode(40226)
        if now - user.key_since >= self.key_interval:
            self.renew_key(user)
        user.visited_at = now
        return user

    def phone(self, code: str, openid: str | None) -> str:
        """Exchange a phone code for the number: 40029."""
        digits = self._take(code, PHONE_CODE, used=40029)
        bound = self._issued.get(code, Issued(self._clock.now())).openid
        if openid and bound and openid != bound:
            raise Errcode(40029)
        return digits if len(digits) == len("13800000017") else f"138{digits:0>8}"

    def of(self, openid: str) -> User:
        """Return a person, also one who has not signed in since the start: 40003."""
        if not OPENID.fullmatch(openid):
            raise Errcode(40003)
        if openid not in self._users:
            long_ago = self._clock.now() - timedelta(days=1)
            self._users[openid] = User(openid, _new_key(), self._clock.now(), long_ago)
        return self._users[openid]

    def must_have_visited(self, openid: str) -> User:
        """Return a person who was here within two hours: 61010."""
        user = self.of(openid)
        if self._clock.now() - user.visited_at > VISIT:
            raise Errcode(61010)
        return user

    def renew_key(self, user: User) -> None:
        """Replace a session_key; the old one dies."""
        user.session_key = _new_key()
        user.key_since = self._clock.now()

    def check_signature(self, openid: str, signature: str, method: str) -> User:
        """Check the proof of a session_key in a GET: 87008, 40003, 87009."""
        if method != "hmac_sha256":
            raise Errcode(87008)
        user = self.of(openid)
        made = hmac.new(user.session_key.encode(), b"", sha256).hexdigest()
        if not hmac.compare_digest(made.encode(), signature.encode()):
            raise Errcode(87009)
        return user

    def _pace(self, code: str) -> None:
        named = LOGIN_CODE.fullmatch(code)
        minute = (named[1] if named else "", self._clock.seconds() // MINUTE_S)
        self._logins[minute] += 1
        if named and self._logins[minute] > LOGINS_A_MINUTE:
            raise Errcode(45011)

    def _take(self, code: str, shape: re.Pattern[str], *, used: int) -> str:
        named = shape.fullmatch(code)
        issued = self._issued.get(code)
        if named is None:
            raise Errcode(40029)
        if issued is not None and self._clock.now() - issued.at > CODE_LIFE:
            raise Errcode(40029)
        if code in self._used:
            raise Errcode(used)
        self._used.add(code)
        return named[1]


def _new_key() -> str:
    return b64encode(secrets.token_bytes(16)).decode()
