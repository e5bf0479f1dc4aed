"""The circuit: after several failures in a row WeChat is left alone for a while.

closed ── 5 failures ──▶ open ── 10 s ──▶ half-open: one call may try
   ◀───────── it worked ─────────────────────┘ └── it failed ──▶ open
"""

from collections.abc import Callable

FAILURES_TO_OPEN = 5
"""Transport failures in a row; an errcode is an answer and counts as success."""

REST_S = 10.0
"""Seconds an open circuit stays shut to everyone before one call may try."""


class Circuit:
    """Counts failures of the line and says whether to call at all."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures = 0
        self._opened_at: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether calls fail at once."""
        return self._opened_at is not None

    def admit(self) -> float | None:
        """Let a call through (None), or tell how many seconds it should wait."""
        if self._opened_at is None:
            return None
        rests = self._opened_at + REST_S - self._monotonic()
        if rests > 0 or self._trying:
            return max(rests, 1.0)
        self._trying = True
        return None

    def worked(self) -> None:
        """An answer came: the line is well."""
        self._failures = 0
        self._opened_at = None
        self._trying = False

    def failed(self) -> None:
        """No answer came; enough of them, or a failed try, open the circuit."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._opened_at = self._monotonic()
        self._trying = False

    def given_up(self) -> None:
        """The caller went away before it knew; another call may try."""
        self._trying = False
