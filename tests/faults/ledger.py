"""What people asked of the inn and what it answered, try by try.

A deed is asked for with one Idempotency-Key till it is decided::

    asked ──▶ acknowledged    2xx, or "you have done that": it must be there, once
      ▲  └──▶ refused         the world says no: it must have left nothing
      └────── again           503, still running, or no answer at all

Whatever else comes back (500, a refusal without a way on) is kept as wrong.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.client import Answer

NO_ANSWER = 599
"""Tornado's word for a connection that broke or an answer that never came."""

SENTENCE = re.compile(r"[\u4e00-\u9fff].*。")
"""A Chinese sentence with its end."""

WAIT = "Retry-After"
ASK_AGAIN = {429, 503}


class Came(StrEnum):
    """What one try brought."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    BUSY = "busy"
    """503 with all that belongs to it: ask again."""
    RUNNING = "running"
    """The first try has not ended yet: ask again."""
    UNANSWERED = "unanswered"
    WRONG = "wrong"


@dataclass(frozen=True)
class Try:
    """One call and what came of it, on the loop's clock."""

    began: float
    ended: float
    came: Came
    answer: Answer | None

    @property
    def seconds(self) -> float:
        """How long somebody waited."""
        return self.ended - self.began


@dataclass
class Deed:
    """One thing somebody wants done, under one key."""

    who: str
    what: str
    path: str
    body: Any
    key: str
    about: str = ""
    """The id of what it ends; it makes something otherwise."""
    tries: list[Try] = field(default_factory=list)

    @property
    def last(self) -> Try:
        """The try that decided, or the latest."""
        return self.tries[-1]

    @property
    def acknowledged(self) -> bool:
        """Whether somebody was told that it is done."""
        return bool(self.tries) and self.last.came is Came.ACKNOWLEDGED

    @property
    def is_decided(self) -> bool:
        """Whether there is nothing left to ask."""
        return bool(self.tries) and self.last.came in {
            Came.ACKNOWLEDGED,
            Came.REFUSED,
            Came.WRONG,
        }

    @property
    def result(self) -> str:
        """The id of what the acknowledged deed made or ended."""
        if self.about:
            return self.about
        answer = self.last.answer
        assert answer is not None
        told = answer.body.get("details", answer.body)
        return str(told.get("booking_id") or told.get("enrolment_id") or told["id"])


class Ledger:
    """Every deed of a run."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    @property
    def acknowledged(self) -> list[Deed]:
        """The deeds that must be there."""
        return [deed for deed in self.deeds if deed.acknowledged]

    @property
    def came(self) -> Counter[Came]:
        """How many tries ended how."""
        return Counter(each.came for deed in self.deeds for each in deed.tries)

    @property
    def undecided(self) -> list[Deed]:
        """Deeds that nobody asked for to the end."""
        return [deed for deed in self.deeds if not deed.is_decided]

    @property
    def wrong(self) -> list[str]:
        """What should never be answered."""
        return [
            f"{deed.what}: {each.answer and (each.answer.status, each.answer.body)}"
            for deed in self.deeds
            for each in deed.tries
            if each.came is Came.WRONG
        ]

    @property
    def longest(self) -> float:
        """Seconds that a thumb waited for one answer, at the most."""
        return max((t.seconds for d in self.deeds for t in d.tries), default=0.0)

    def back_after(self, moment: float) -> float | None:
        """Return the seconds from a moment to the first deed begun and done since."""
        ended = [
            each.ended
            for deed in self.deeds
            for each in deed.tries
            if each.came is Came.ACKNOWLEDGED and each.began >= moment
        ]
        return min(ended) - moment if ended else None


def judge(answer: Answer, already: frozenset[str]) -> Came:
    """Say what an answer means to somebody who wants the thing done.

    already: words of refusals that say "you have done that".
    """
    if answer.status == NO_ANSWER:
        return Came.UNANSWERED
    if answer.status < 400:
        return Came.ACKNOWLEDGED
    if not _is_a_refusal(answer):
        return Came.WRONG
    if answer.status in ASK_AGAIN:
        return Came.BUSY
    if answer.code == "in_progress":
        return Came.RUNNING
    return Came.ACKNOWLEDGED if _is_done(answer, already) else Came.REFUSED


def _is_a_refusal(answer: Answer) -> bool:
    """Whether it says in Chinese what to do, and when it is worth asking again."""
    if not isinstance(answer.body, dict):
        return False
    if not SENTENCE.fullmatch(answer.body.get("message", "")):
        return False
    if answer.status in ASK_AGAIN:
        return answer.headers.get(WAIT, "").isdecimal()
    return answer.status < 500


def _is_done(answer: Answer, already: frozenset[str]) -> bool:
    state = answer.body["details"].get("state", "")
    return bool({answer.code, f"{answer.code}:{state}"} & already)
