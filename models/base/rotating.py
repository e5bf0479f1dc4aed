"""Rotating codes (动态码): a text that is good for a moment, and that we made.

Each names the stretch of time it was shown in, on our clock, and is signed for one
purpose; nothing is stored to show one. A screenshot is worth nothing a moment later.
That a code is used once is for whoever reads it to say.
Source: rules §3.9, §2.9 (rotating code); features S1-20, S9-06.
"""

import re
from datetime import datetime, timedelta

import msgspec

from models.base.clock import EPOCH, SHANGHAI
from models.base.context import Context
from models.base.errors import Gone, Invalid
from models.base.units import Instant

SCREEN_SLOT = timedelta(seconds=15)
"""How long a screen shows one code."""

GRACE = timedelta(seconds=30)
"""Scanned that long after it went, a code still counts: phones are slow."""

SKEW = timedelta(seconds=2)
"""How far the clocks of two of our servers may be apart."""

NAME = r"[a-z][A-Za-z0-9_-]{1,79}"
"""An id within a code."""


class Shown(msgspec.Struct, kw_only=True, frozen=True):
    """A code, and how long to show it."""

    code: str
    refresh_at: Instant
    """Show the next one from then on."""
    good_until: Instant
    """Refused from then on."""


class BadCode(Invalid):
    """This is no code of ours, or somebody changed it."""

    code = "bad_code"
    message = "这不是有效的签到码，请对准屏幕或预约页上的码重新扫描。"


class CodeExpired(Gone):
    """It was shown too long ago; ``details`` give our time."""

    code = "expired"
    message = "签到码已过期，请刷新后扫最新的码，截图无效。"


def shape(told: str) -> re.Pattern[str]:
    """Return the pattern of codes that say this, then when, then that it is ours.

    When has at most nine digits: ten of one-minute slots are more than a calendar has.
    """
    return re.compile(
        rf"(?P<signed>{told}\.(?P<slot>[0-9]{{1,9}}))"
        r"\.(?P<signature>[A-Za-z0-9_-]{22})"
    )


def show(ctx: Context, purpose: str, told: str, length: timedelta) -> Shown:
    """Make the code that says something now."""
    slot = slot_at(ctx.clock.now(), length)
    signed = f"{told}.{slot}"
    ends = EPOCH + (slot + 1) * length
    return Shown(
        code=f"{signed}.{ctx.secrets.sign(purpose, signed)}",
        refresh_at=ends,
        good_until=ends + GRACE,
    )


def is_ours(ctx: Context, purpose: str, said: re.Match[str] | None) -> bool:
    """Say whether we signed what was read, for this purpose."""
    return said is not None and ctx.secrets.is_signed(
        purpose, said["signed"], said["signature"]
    )


def check_time(ctx: Context, said: re.Match[str], length: timedelta) -> None:
    """Go on only with a code of just now.

    Refuses: BadCode, for one from the future; CodeExpired.
    """
    now, slot = ctx.clock.now(), int(said["slot"])
    if now < EPOCH + slot * length - SKEW:
        raise BadCode
    until = EPOCH + (slot + 1) * length + GRACE
    if now >= until:
        raise CodeExpired(
            {"server_time": now.isoformat(), "good_until": until.isoformat()},
            message=f"签到码已过期，现在是{now.astimezone(SHANGHAI):%H:%M:%S}，"
            "请刷新后扫最新的码，截图无效。",
        )


def slot_at(now: datetime, length: timedelta) -> int:
    """Number the stretch of time a moment is in."""
    return (now - EPOCH) // length
