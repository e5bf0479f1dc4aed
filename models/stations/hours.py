"""Opening hours (开放时间): when a station's door opens, and when staff are there.

Four layers; the latest wins, always with its reason::

    weekly ──▶ national calendar ──▶ special day ──▶ closure
    mon…sun    holiday, make-up day   this one day    from … until, at once

An interval that runs past midnight belongs to the day it starts on; the next day
begins where the night before it ends. Days of a year whose holidays are not
loaded follow the week and are marked provisional; `calendar` says why.

Source: rules 3.2 (开放时间), feature S1-15.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from models.base import holidays
from models.base.calendar import NO_LOCAL_DAYS, LocalDays
from models.base.clock import day_of, end_of, start_of
from models.base.units import Instant
from models.stations.intervals import (
    DAY,
    BadHours,
    OpenInterval,
    moment_of,
    spans_of,
    stretches,
)
from models.stations.overrides import (
    Closure,
    SpecialDay,
    check_closures,
    check_special,
)
from models.stations.weekly import (
    MADE_UP,
    PROVISIONAL,
    DayRule,
    Weekly,
    check_weekly,
    rule_for,
)

ONE_DAY = timedelta(days=1)

HORIZON = 35
"""Days to look ahead for the next change; beyond them it is out of sight."""

REMEMBERED = 2048
"""Days of stations kept worked out (one station's day is one), some 2 KB each."""

OUT_OF_HOURS = "非开放时段"
DAY_OFF = "当日不开放"
EVERYDAY = frozenset({"", MADE_UP, PROVISIONAL})
"""Reasons of days that do not explain why the door is shut."""


class Status(StrEnum):
    """What somebody at the door finds."""

    OPEN = "open"
    """Open, and staff are there."""
    UNATTENDED = "unattended"
    """Open, but nobody is there: no first-aid kit is handed out."""
    CLOSED = "closed"


class State(NamedTuple):
    """How a station is at a moment."""

    status: Status
    reason: str
    """Why; empty only while open on an ordinary day."""
    changes_at: Instant | None
    """When the status turns into another; None if that is out of sight."""
    provisional: bool
    """The year's holidays are not loaded: the hours may still change."""


class Hours(
    Weekly, kw_only=True, frozen=True, forbid_unknown_fields=True, cache_hash=True
):
    """All that a station says of its opening (开放时间)."""

    special: tuple[SpecialDay, ...] = ()
    """Of two for one day the later in the list counts."""
    closures: tuple[Closure, ...] = ()
    """Of two at one moment the later in the list gives the reason."""

    def planned_intervals(
        self, day: date, local: LocalDays = NO_LOCAL_DAYS
    ) -> list[OpenInterval]:
        """Return the day's intervals as if nothing had happened: without closures."""
        return list(_planned(self, day, local, holidays.edition()))

    def open_intervals(
        self, day: date, local: LocalDays = NO_LOCAL_DAYS
    ) -> list[OpenInterval]:
        """Return when the station is open, of what starts on a day (开放时段)."""
        left = self.planned_intervals(day, local)
        for closure in self.closures:
            shut = closure.since, closure.until
            left = [part for one in left for part in one.without(*shut)]
        return left

    def state_at(self, now: datetime, local: LocalDays = NO_LOCAL_DAYS) -> State:
        """Say how the station is, and until when (当前状态)."""
        starts, states = _states(self, day_of(now), local, holidays.edition())
        return states[bisect_right(starts, now) - 1]

    def opens_next(
        self, now: datetime, local: LocalDays = NO_LOCAL_DAYS
    ) -> datetime | None:
        """Return when the door opens: now if it is open, None if out of sight."""
        state = self.state_at(now, local)
        return state.changes_at if state.status is Status.CLOSED else now


def parse(raw: dict[str, Any]) -> Hours:
    """Read hours as somebody wrote them, in YAML or a form.

    Refuses: BadHours, with the path of what is wrong.
    """
    try:
        return check(msgspec.convert(raw, Hours))
    except msgspec.ValidationError as wrong:
        _, _, path = str(wrong).partition(" - at `")
        raise BadHours({"path": path.rstrip("`") or "$"}) from wrong


def check(hours: Hours) -> Hours:
    """Make sure that hours of the right shape also make sense, and return them.

    Refuses: BadHours, with the path of what is wrong.
    """
    check_weekly(hours)
    check_special(hours.special)
    check_closures(hours.closures)
    return hours


@lru_cache(maxsize=2 * REMEMBERED)
def _planned(
    hours: Hours, day: date, local: LocalDays, _edition: Hashable
) -> tuple[OpenInterval, ...]:
    rule = _rule(hours, day, local)
    last_night = spans_of(_rule(hours, day - ONE_DAY, local).opened)
    woken = max((end - DAY for _, end in last_night), default=0)
    return tuple(
        OpenInterval(
            moment_of(day, max(start, woken)),
            moment_of(day, end),
            attended,
            rule.reason,
            rule.provisional,
        )
        for start, end, attended in stretches(rule.opened, rule.attended)
        if end > woken
    )


def _rule(hours: Hours, day: date, local: LocalDays) -> DayRule:
    ordinary = rule_for(hours, day, local)
    for special in reversed(hours.special):
        if special.day == day:
            staffed = special.attended
            return DayRule(
                opened=special.intervals,
                attended=ordinary.attended if staffed is None else staffed,
                reason=special.reason,
                provisional=False,
            )
    return ordinary


@lru_cache(maxsize=REMEMBERED)
def _states(
    hours: Hours, day: date, local: LocalDays, _edition: Hashable
) -> tuple[list[datetime], list[State]]:
    """Work out the states of a civil day, and the moments they begin at."""
    turns = _turns(hours, day, local)
    begins, state = turns[-1]
    changes_at = _first_other(hours, day, local, state.status)
    states: list[State] = []
    for moment, earlier in reversed(turns):
        if earlier.status is not state.status:
            changes_at = begins
        states.append(earlier._replace(changes_at=changes_at))
        begins, state = moment, earlier
    return [moment for moment, _ in turns], states[::-1]


def _first_other(
    hours: Hours, day: date, local: LocalDays, status: Status
) -> datetime | None:
    """Return the first moment after a day at which the status is another."""
    if status is Status.CLOSED:
        day = max([day, *_closed_up_to(hours, end_of(day))])
    for ahead in range(1, HORIZON + 1):
        for moment, state in _turns(hours, day + ONE_DAY * ahead, local):
            if state.status is not status:
                return moment
    return None


def _closed_up_to(hours: Hours, midnight: datetime) -> Iterator[date]:
    """Name the days before which a closure leaves nothing to look for."""
    for closure in hours.closures:
        if closure.until is not None and closure.covers(midnight):
            yield day_of(closure.until) - ONE_DAY


def _turns(hours: Hours, day: date, local: LocalDays) -> list[tuple[datetime, State]]:
    """Return what a civil day is made of, from midnight to midnight."""
    first, beyond = start_of(day), end_of(day)
    opened = hours.open_intervals(day - ONE_DAY, local)
    opened += hours.open_intervals(day, local)
    rims = {rim for stretch in opened for rim in stretch[:2]}
    rims |= {rim for shut in hours.closures for rim in (shut.since, shut.until) if rim}
    moments = sorted({first} | {rim for rim in rims if first < rim < beyond})
    rule = _rule(hours, day, local)
    return [(moment, _state(hours, rule, opened, moment)) for moment in moments]


def _state(
    hours: Hours, rule: DayRule, opened: list[OpenInterval], moment: datetime
) -> State:
    for start, end, attended, reason, provisional in opened:
        if start <= moment < end:
            status = Status.OPEN if attended else Status.UNATTENDED
            return State(status, reason, None, provisional)
    for closure in reversed(hours.closures):
        if closure.covers(moment):
            return State(Status.CLOSED, closure.reason, None, provisional=False)
    reason = rule.reason
    if reason in EVERYDAY:
        reason = OUT_OF_HOURS if rule.opened else DAY_OFF
    return State(Status.CLOSED, reason, None, rule.provisional)
