"""Drafts of sessions (班次草稿): what an editor says, and whether it can be held.

Every impossible combination is refused with the path of what stands wrong.
Source: rules §2.1, §2.3.
"""

from datetime import datetime, timedelta
from typing import Any, NoReturn

import msgspec

from models.base.errors import Invalid
from models.base.units import Instant, Minutes, Places
from models.trainings.programmes import Place
from models.trainings.sessions import Group, Meeting
from models.workers.identities import ClientClass

LONGEST = timedelta(days=3 * 366)
"""A degree takes two and a half years (seed S9)."""

HORIZON = timedelta(days=10 * 366)
"""Nobody plans beyond; moments at the edge of the calendar cannot even be kept."""


class GroupDraft(msgspec.Struct, kw_only=True, frozen=True):
    """A cap for some classes, within the seats."""

    name: str
    classes: tuple[ClientClass, ...]
    seats: Places


class SessionDraft(msgspec.Struct, kw_only=True, frozen=True):
    """One run of a programme, as an editor writes it."""

    meetings: tuple[Meeting, ...]
    place: Place
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    latest_offer_hours: int
    offer_minutes: Minutes
    seats: Places
    groups: tuple[GroupDraft, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """When the first lesson begins."""
        return self.meetings[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """When the last lesson ends."""
        return self.meetings[-1].ends_at

    def fields(self) -> dict[str, Any]:
        """Return what of a session follows from this draft."""
        given = msgspec.structs.asdict(self)
        groups = tuple(
            Group(
                name=each.name,
                classes=each.classes,
                seats=each.seats,
                left=each.seats,
            )
            for each in self.groups
        )
        return {
            **given,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "left": self.seats,
            "groups": groups,
        }


class BadSession(Invalid):
    """The session cannot be held like that; ``details.path`` says what is wrong."""

    code = "bad_session"
    message = "班次安排有误，请按提示修改。"


def check(draft: SessionDraft, now: datetime) -> None:
    """Make sure that a session can be held as written.

    Refuses: BadSession.
    """
    check_meetings(draft.meetings, now)
    if draft.sign_up_opens < now - HORIZON:
        _wrong("$.sign_up_opens", "报名开始时间太早，请检查。")
    _check_windows(draft)
    _check_groups(draft)


def check_meetings(meetings: tuple[Meeting, ...], now: datetime) -> None:
    """Make sure that lessons lie ahead, one after the other.

    Refuses: BadSession.
    """
    if not meetings:
        _wrong("$.meetings", "请至少安排一次课。")
    if meetings[0].starts_at > now + HORIZON:
        _wrong("$.meetings[0].starts_at", "请安排在十年之内。")
    if meetings[0].starts_at <= now:
        _wrong("$.meetings[0].starts_at", "第一次课须晚于现在。")
    before = now
    for place, each in enumerate(meetings):
        if each.ends_at <= each.starts_at:
            _wrong(f"$.meetings[{place}].ends_at", "下课时间须晚于上课时间。")
        if each.starts_at < before:
            _wrong(f"$.meetings[{place}].starts_at", "各次课须按先后排列，不能重叠。")
        before = each.ends_at
    if before - meetings[0].starts_at > LONGEST:
        _wrong("$.meetings", "一期培训最长三年，请分期开设。")


def _check_windows(draft: SessionDraft) -> None:
    if draft.sign_up_closes <= draft.sign_up_opens:
        _wrong("$.sign_up_closes", "报名截止须晚于报名开始。")
    if draft.sign_up_closes > draft.starts_at:
        _wrong("$.sign_up_closes", "报名截止不能晚于开课。")
    if not draft.sign_up_opens < draft.cancel_until <= draft.starts_at:
        _wrong("$.cancel_until", "取消截止须在报名开始之后、开课之前。")
    last_offer = draft.starts_at - timedelta(hours=draft.latest_offer_hours)
    if last_offer <= draft.sign_up_opens:
        _wrong("$.latest_offer_hours", "最晚递补时间须晚于报名开始。")
    if draft.offer_minutes < 1:
        _wrong("$.offer_minutes", "保留名额至少一分钟。")


def _check_groups(draft: SessionDraft) -> None:
    if draft.seats < 1:
        _wrong("$.seats", "名额至少为一。")
    seen: set[str] = set()
    for place, group in enumerate(draft.groups):
        path = f"$.groups[{place}]"
        if group.name in seen:
            _wrong(f"{path}.name", "分组名称不能重复。")
        if not group.classes:
            _wrong(f"{path}.classes", "请写明分组面向哪些人员。")
        if not 1 <= group.seats <= draft.seats:
            _wrong(f"{path}.seats", "分组名额须在一和总名额之间。")
        seen.add(group.name)


def _wrong(path: str, message: str) -> NoReturn:
    raise BadSession({"path": path}, message=message)
