"""What can go wrong with WeChat, and what a caller does about it.

WeChatError
 ├── Refused             WeChat answered with an errcode; `advice` says what to do
 ├── Unavailable         no usable answer: time-out, broken line, HTML, open circuit
 ├── Unsendable          we would be refused, so nothing was sent
 ├── OpenDataUnreadable  encryptedData that cannot be read or trusted
 └── PushRefused         a push that WeChat did not send, or not to us

No text here ever holds a secret, a token, an openid or a code: WeChat's errmsg is
searched for three harmless things (rid, field name, caller IP) and then dropped.
"""

import re
from enum import StrEnum
from typing import Self

from miniprogram_api.meanings import Advice, Meaning, meaning_of

__all__ = [
    "Advice",
    "OpenDataUnreadable",
    "PushRefused",
    "Refused",
    "Unavailable",
    "Unsendable",
    "WeChatError",
    "Why",
]

_RID = re.compile(r"rid: ?([0-9a-fA-F]{6,12}(?:-[0-9a-fA-F]{6,12}){2})")
_FIELD = re.compile(r"\bdata\.([A-Za-z_]{1,24}\d{0,3})\b")
_IP = re.compile(r"\b(\d{1,3}(?:\.\d{1,3}){3})\b")


class WeChatError(Exception):
    """Something about WeChat did not work; `advice` says what the caller does."""

    advice: Advice = Advice.GIVE_UP


class Refused(WeChatError):
    """WeChat answered, and the answer is an errcode."""

    def __init__(
        self, errcode: int, endpoint: str, *, rid: str = "", hint: str = ""
    ) -> None:
        self.errcode = errcode
        self.endpoint = endpoint
        self.rid = rid
        """WeChat's request id; their support can look it up for seven days."""
        self.hint = hint
        """The field that is wrong (47003) or our IP (40164), when WeChat names it."""
        self.meaning: Meaning = meaning_of(errcode, endpoint)
        self.advice = self.meaning.advice
        super().__init__(str(self))

    @classmethod
    def of(cls, errcode: int, errmsg: str, endpoint: str) -> Self:
        """Keep what is harmless of an errmsg, and nothing else."""
        rid = _RID.search(errmsg)
        hint = _FIELD.search(errmsg) or _IP.search(errmsg)
        return cls(
            errcode,
            endpoint,
            rid=rid[1] if rid else "",
            hint=hint[1] if hint else "",
        )

    @property
    def wait_s(self) -> int | None:
        """Seconds to wait before this call makes sense again; None: not by waiting."""
        return self.meaning.wait_s

    def __str__(self) -> str:
        told = f"{self.endpoint}: {self.errcode} {self.meaning.means} → {self.advice}"
        told += f" ({self.hint})" if self.hint else ""
        return told + (f" rid {self.rid}" if self.rid else "")


class Why(StrEnum):
    """Why there is no usable answer."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    HTTP_STATUS = "http_status"
    NOT_UNDERSTOOD = "not_understood"
    """HTML where JSON belongs, or JSON without what the contract promises."""
    CIRCUIT_OPEN = "circuit_open"
    CROWDED = "crowded"
    """As many calls as we make at once are under way; nothing was sent."""


class Unavailable(WeChatError):
    """No usable answer came; ask again later.

    A call that `perhaps_done` may have taken effect although nobody said so:
    repeat it only if twice does no harm.
    """

    advice = Advice.BACK_OFF

    def __init__(
        self,
        why: Why,
        endpoint: str,
        *,
        perhaps_done: bool = False,
        wait_s: float | None = None,
    ) -> None:
        self.why = why
        self.endpoint = endpoint
        self.perhaps_done = perhaps_done
        self.wait_s = wait_s
        """Seconds until another try makes sense, when known (an open circuit)."""
        super().__init__(f"{endpoint}: {why}")


class Unsendable(WeChatError):
    """WeChat would refuse this value; nothing was sent."""

    advice = Advice.FIX_DATA

    def __init__(self, field: str, rule: str) -> None:
        self.field = field
        self.rule = rule
        super().__init__(f"{field}: {rule}")


class OpenDataUnreadable(WeChatError):
    """Encrypted open data is malformed, foreign, old or under another key.

    In practice the session_key has changed: the client signs in again, fetches
    the data again and sends both. Why it failed is not told, to nobody.
    """

    advice = Advice.SIGN_IN_AGAIN

    def __init__(self) -> None:
        super().__init__("open data cannot be read")


class PushRefused(WeChatError):
    """A push is not from WeChat, not for us, too old or not readable."""

    advice = Advice.DROP

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"push refused: {why}")
