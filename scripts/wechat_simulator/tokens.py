"""Access tokens: two kinds that do not touch each other, each with a previous one.

Source: getAccessToken (every call issues a new one), getStableAccessToken (the same
one until its last five minutes; force_refresh kills it, 20 times a day).
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.clock import Clock

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(seconds=300)
"""So long before its end a token is renewed, and so long both then serve."""

FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)

TOKEN_SHAPE = re.compile("[0-9A-Za-z_-]{64,512}")


@dataclass
class Issued:
    """A token and when it ends."""

    value: str
    until: datetime


@dataclass
class Kind:
    """The current token of one kind, and older ones that still serve or served."""

    current: Issued | None = None
    older: list[Issued] = field(default_factory=list)

    def issue(self, now: datetime, *, overlap: timedelta) -> Issued:
        """Make a new current token; the old one serves for the overlap."""
        if self.current is not None:
            self.current.until = min(self.current.until, now + overlap)
            self.older = [*self.older[-20:], self.current]
        self.current = Issued(secrets.token_urlsafe(96), now + LIFE)
        return self.current


class Tokens:
    """Issues tokens and knows them again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.plain = Kind()
        self.stable = Kind()
        self._forced: list[datetime] = []

    def fetch(self) -> tuple[str, int]:
        """Issue a new token, as cgi-bin/token does."""
        now = self._clock.now()
        return self._told(self.plain.issue(now, overlap=OVERLAP))

    def fetch_stable(self, *, force: bool) -> tuple[str, int]:
        """Tell the stable token; renew it near its end, or by force."""
        now = self._clock.now()
        current = self.stable.current
        if force and self._may_force(now):
            self._forced.append(now)
            current = self.stable.issue(now, overlap=timedelta(0))
        elif current is None or current.until - now <= OVERLAP:
            current = self.stable.issue(now, overlap=OVERLAP)
        return self._told(current)

    def revoke(self) -> None:
        """Kill the stable token as if somebody else had forced a new one."""
        self.stable.issue(self._clock.now(), overlap=timedelta(0))

    def check(self, value: str) -> None:
        """Refuse a token that does not serve: 41001, 40014, 42001, 40001."""
        if not value:
            raise Errcode(41001)
        if not TOKEN_SHAPE.fullmatch(value):
            raise Errcode(40014)
        now = self._clock.now()
        for kind in (self.plain, self.stable):
            for issued in [kind.current, *kind.older]:
                if issued is not None and secrets.compare_digest(issued.value, value):
                    self._check_end(issued, kind, now)
                    return
        raise Errcode(40001)

    def _check_end(self, issued: Issued, kind: Kind, now: datetime) -> None:
        if issued.until <= now:
            raise Errcode(42001 if issued is kind.current else 40001)

    def _may_force(self, now: datetime) -> bool:
        day = [at for at in self._forced if at.date() == now.date()]
        if len(day) >= FORCED_A_DAY:
            raise Errcode(45009)
        return not day or now - day[-1] >= FORCED_APART

    def _told(self, issued: Issued) -> tuple[str, int]:
        return issued.value, int((issued.until - self._clock.now()).total_seconds())
