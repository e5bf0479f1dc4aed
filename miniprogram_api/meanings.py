"""Every errcode of the contract, and what a caller does about it: one page.

Source: the error tables of the server API pages (code2Session, getAccessToken,
getPhoneNumber, getwxacodeunlimit, subscribe send, content checks, checkSessionKey,
clear_quota) and, where those are silent, what long-lived SDKs do.
"""

from enum import StrEnum
from typing import NamedTuple

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400


class Advice(StrEnum):
    """What the caller does next."""

    RETRY = "retry"
    """Busy. Tried again here already; later may work."""
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a word, not a password
    """The access token is dead. Refreshed and tried once here already."""
    SIGN_IN_AGAIN = "sign_in_again"
    """The client calls wx.login and comes back with a new code."""
    TAP_AGAIN = "tap_again"
    """The person taps the phone-number button again."""
    REFUSE_USER = "refuse_user"
    """WeChat blocks this person; tell them, never retry."""
    DROP = "drop"
    """The addressee or thing does not exist; forget this piece of work."""
    NO_CREDIT = "no_credit"
    """The person has not (or no longer) allowed this message; zero the credit."""
    FIX_DATA = "fix_data"
    """What we sent breaks a rule; the same again is refused again."""
    HOLD = "hold"
    """Not decided; keep the content hidden until a person has looked."""
    BACK_OFF = "back_off"
    """Too fast, or no answer; wait `wait_s`, then the same call may work."""
    STOP_FOR_TODAY = "stop_for_today"
    """A daily allowance is used up."""
    ALERT_AND_STOP = "alert_and_stop"
    """Configuration or a ban; only an administrator can help."""
    BUG = "bug"
    """Our program is wrong."""
    GIVE_UP = "give_up"
    """Not in this table; this piece of work has failed, report it."""


class Meaning(NamedTuple):
    """What an errcode says."""

    advice: Advice
    means: str
    wait_s: int | None = None
    """Seconds until the same call makes sense again; None: not by waiting."""


A = Advice

TOKEN = "cgi-bin/stable_token"  # noqa: S105
LOGIN = "sns/jscode2session"
PHONE = "wxa/business/getuserphonenumber"
MINI_CODE = "wxa/getwxacodeunlimit"
SEND = "cgi-bin/message/subscribe/send"
CHECK_TEXT = "wxa/msg_sec_check"
CHECK_MEDIA = "wxa/media_check_async"
CHECK_SESSION = "wxa/checksession"
RESET_SESSION = "wxa/resetusersessionkey"
CLEAR_QUOTA = "cgi-bin/clear_quota"

EVERYWHERE: dict[int, Meaning] = {
    -1: Meaning(A.RETRY, "system busy", 1),
    40001: Meaning(A.REFRESH_TOKEN, "token invalid or not the newest"),
    40014: Meaning(A.REFRESH_TOKEN, "token malformed"),
    42001: Meaning(A.REFRESH_TOKEN, "token expired"),
    40002: Meaning(A.BUG, "grant_type wrong"),
    40003: Meaning(A.DROP, "openid invalid or of another app"),
    40013: Meaning(A.ALERT_AND_STOP, "appid invalid"),
    40029: Meaning(A.SIGN_IN_AGAIN, "code invalid, expired or of another kind"),
    40033: Meaning(A.BUG, "escaped characters in the body"),
    40037: Meaning(A.ALERT_AND_STOP, "template id wrong"),
    40097: Meaning(A.BUG, "bad argument"),
    40125: Meaning(A.ALERT_AND_STOP, "secret invalid"),
    40129: Meaning(A.FIX_DATA, "scene has forbidden characters"),
    40163: Meaning(A.SIGN_IN_AGAIN, "code already used"),
    40164: Meaning(A.ALERT_AND_STOP, "our IP is not on the white list"),
    40165: Meaning(A.BUG, "page path wrong"),
    40169: Meaning(A.FIX_DATA, "scene missing or too long"),
    40226: Meaning(A.REFUSE_USER, "high-risk user"),
    40243: Meaning(A.ALERT_AND_STOP, "secret frozen", 10 * MINUTE_S),
    41001: Meaning(A.BUG, "token missing"),
    41002: Meaning(A.BUG, "appid missing"),
    41004: Meaning(A.BUG, "secret missing"),
    41030: Meaning(A.ALERT_AND_STOP, "page not in the released app"),
    43002: Meaning(A.BUG, "must be POST"),
    43101: Meaning(A.NO_CREDIT, "not subscribed, refused, or used up"),
    43107: Meaning(A.ALERT_AND_STOP, "subscribe messages banned"),
    43108: Meaning(A.BACK_OFF, "two sends to one person at once", 2),
    45009: Meaning(A.STOP_FOR_TODAY, "daily allowance used up", DAY_S),
    45011: Meaning(A.BACK_OFF, "too often this minute", MINUTE_S),
    45168: Meaning(A.FIX_DATA, "sensitive words"),
    47001: Meaning(A.BUG, "body not parseable"),
    47003: Meaning(A.FIX_DATA, "a template value breaks its rule"),
    48001: Meaning(A.ALERT_AND_STOP, "API not granted"),
    48004: Meaning(A.ALERT_AND_STOP, "API banned"),
    48006: Meaning(A.ALERT_AND_STOP, "no clearing of quotas left this month"),
    50002: Meaning(A.ALERT_AND_STOP, "account limited"),
    61004: Meaning(A.ALERT_AND_STOP, "our IP is not on the white list"),
    61010: Meaning(A.HOLD, "the person has not visited for two hours"),
    85400: Meaning(A.FIX_DATA, "too many long-lived links"),
    85401: Meaning(A.FIX_DATA, "link expiry out of range"),
    87008: Meaning(A.BUG, "sig_method wrong"),
    87009: Meaning(A.SIGN_IN_AGAIN, "session signature wrong"),
    87014: Meaning(A.HOLD, "content at risk (the old check)"),
    89503: Meaning(A.ALERT_AND_STOP, "our IP waits for the administrator", HOUR_S),
    89506: Meaning(A.ALERT_AND_STOP, "our IP was refused for a day", DAY_S),
    89507: Meaning(A.ALERT_AND_STOP, "our IP was refused for an hour", HOUR_S),
}
"""What a code means unless its endpoint says otherwise."""

AT: dict[tuple[str, int], Meaning] = {
    (TOKEN, 40001): Meaning(A.ALERT_AND_STOP, "secret wrong"),
    (PHONE, 40029): Meaning(A.TAP_AGAIN, "phone code bad, used or foreign"),
    (PHONE, 40163): Meaning(A.TAP_AGAIN, "phone code used"),
    (MINI_CODE, 45009): Meaning(A.BACK_OFF, "too often this minute", MINUTE_S),
}
"""Codes that mean something else at one endpoint."""


def meaning_of(errcode: int, endpoint: str) -> Meaning:
    """Say what an errcode of an endpoint means for the caller."""
    here = AT.get((endpoint, errcode)) or EVERYWHERE.get(errcode)
    return here or Meaning(A.GIVE_UP, "not in our table")


def is_known(errcode: int, endpoint: str) -> bool:
    """Say whether the contract knows an errcode."""
    return (endpoint, errcode) in AT or errcode in EVERYWHERE
