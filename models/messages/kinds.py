"""Every kind of message (消息): its sentences, and its card in WeChat.

One line a kind. ``{name}`` stands for a value the teller hands in; a moment is
written as people say it. The card's fields are WeChat's (``thing1`` …) and are
cut to WeChat's limits here, so that no message is sent in vain.
Source: screens 消息; wechat-api §5.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from miniprogram_api.template_values import LONGEST_THING, as_thing
from models.base.clock import SHANGHAI

Values = Mapping[str, str | int | datetime]


class Kind(StrEnum):
    """What a message is about."""

    BOOKING_MADE = "booking_made"
    BOOKING_REMINDER = "booking_reminder"
    BOOKING_ENDING = "booking_ending"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_CALLED_OFF = "booking_called_off"
    BOOKING_RELOCATED = "booking_relocated"
    BOOKING_CUT_SHORT = "booking_cut_short"
    BOOKING_MISSED = "booking_missed"
    BOOKING_SUSPENDED = "booking_suspended"
    BOOKING_EXTENDED = "booking_extended"
    NO_SHOW_UNDONE = "no_show_undone"
    ENROLMENT_MADE = "enrolment_made"
    ENROLMENT_CANCELLED = "enrolment_cancelled"
    WAITLIST_JOINED = "waitlist_joined"
    WAITLIST_ENDED = "waitlist_ended"
    SEAT_OFFERED = "seat_offered"
    OFFER_LAPSED = "offer_lapsed"
    ELIGIBILITY_LOST = "eligibility_lost"
    TRAINING_REMINDER = "training_reminder"
    GRANT_GIVEN = "grant_given"
    EMERGENCY_OPENED = "emergency_opened"
    TRAINING_CALLED_OFF = "training_called_off"
    TRAINING_MOVED = "training_moved"
    TRAINING_MOVED_CLASH = "training_moved_clash"
    ENROLMENT_REMOVED = "enrolment_removed"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_CALLED_OFF = "erasure_called_off"
    POLICY_UPDATED = "policy_updated"
    POLICY_WITHDRAWN = "policy_withdrawn"
    POLICY_SUPERSEDED = "policy_superseded"


class Wording(NamedTuple):
    """How one kind is told."""

    title: str
    text: str
    card: Mapping[str, str]
    """WeChat's fields; empty for what only goes to the inbox."""
    page: str
    urgent: bool = False
    """Goes out at night too: waiting would make it worthless."""


MY_BOOKINGS = "pages/me/bookings"
MY_TRAININGS = "pages/me/trainings"
DESK = "pages/staff/desk"
MY_PRIVACY = "pages/me/privacy"
MY_POLICIES = "pages/me/saved-policies"

WORDINGS: dict[Kind, Wording] = {
    Kind.BOOKING_MADE: Wording(
        "预约成功",
        "您已预约{station}{what}，时间{start}至{end}。"
        "请提前10分钟到站，出示预约码或扫驿站动态码签到。",
        {},
        MY_BOOKINGS,
    ),
    Kind.BOOKING_REMINDER: Wording(
        "预约快到了",
        "您预约的{station}{what}{start}开始，超过10分钟未签到将自动释放。"
        "来不了请提前取消，把位置让给别人。",
        {"thing1": "{station}", "time2": "{start}", "thing3": "来不了请提前取消"},
        MY_BOOKINGS,
        urgent=True,
    ),
    Kind.BOOKING_ENDING: Wording(
        "充电即将结束",
        "您在{station}的{what}将于{end}到时，请按时取走设备，后面还有人在等。",
        {"thing1": "{station}", "time2": "{end}", "thing3": "请按时取走设备"},
        MY_BOOKINGS,
        urgent=True,
    ),
    Kind.BOOKING_CANCELLED: Wording(
        "预约已取消",
        "您在{station}{start}的预约已取消，位置已经放出。需要时可以重新预约。",
        {},
        MY_BOOKINGS,
    ),
    Kind.BOOKING_CALLED_OFF: Wording(
        "驿站取消了预约",
        "很抱歉，您在{station}{start}的预约已由驿站取消，不记爽约。原因：{reason}。"
        "给您带来不便，请改约其他时段或附近的驿站。",
        {"thing1": "{station}", "time2": "{start}", "thing3": "驿站取消，不记爽约"},
        MY_BOOKINGS,
        urgent=True,
    ),
    Kind.BOOKING_RELOCATED: Wording(
        "预约有调整",
        "您的预约已调整为{station}{what}，时间{start}至{end}，预约码不变。原因：{reason}。"
        "不方便的话可以取消后另约，15分钟以前取消不记爽约。",
        {"thing1": "{station}", "time2": "{start}", "thing3": "预约有调整，请查看"},
        MY_BOOKINGS,
        urgent=True,
    ),
    Kind.BOOKING_CUT_SHORT: Wording(
        "驿站临时关闭",
        "很抱歉，{station}临时关闭，您的使用已提前结束，请带好随身物品。原因：{reason}。",
        {"thing1": "{station}", "time2": "{end}", "thing3": "使用提前结束，请取走设备"},
        MY_BOOKINGS,
        urgent=True,
    ),
    Kind.BOOKING_MISSED: Wording(
        "预约已过时",
        "您预约的{station}（{start}）没有按时签到，位置已释放给其他人，"
        "记爽约一次。30天内累计三次将暂停预约，到站扫码随到随用不受影响。",
        {},
        MY_BOOKINGS,
    ),
    Kind.BOOKING_SUSPENDED: Wording(
        "预约已暂停",
        "因30天内多次爽约，您的预约暂停至{until}。"
        "期间仍可到站扫码使用空闲充电口，急救服务始终可用。",
        {},
        MY_BOOKINGS,
    ),
    Kind.BOOKING_EXTENDED: Wording(
        "已续用一个时段",
        "您在{station}的{what}已续用至{end}，请按时取走设备。",
        {},
        MY_BOOKINGS,
    ),
    Kind.NO_SHOW_UNDONE: Wording(
        "爽约记录已撤销",
        "您在{station}（{start}）的爽约记录已由工作人员撤销，{what}仍为您保留，"
        "请在10分钟内签到使用。",
        {},
        MY_BOOKINGS,
    ),
    Kind.ENROLMENT_MADE: Wording(
        "报名成功",
        "您已报名“{programme}”，{start}在{place}开课。请带好身份证件按时到课。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "{place}"},
        MY_TRAININGS,
    ),
    Kind.ENROLMENT_CANCELLED: Wording(
        "报名已取消",
        "您已取消“{programme}”的报名，名额已放出。想再参加可以重新报名。",
        {},
        MY_TRAININGS,
    ),
    Kind.WAITLIST_JOINED: Wording(
        "已加入候补",
        "“{programme}”目前满员，您已排入候补第{position}位。有名额时会为您保留并通知您。",
        {},
        MY_TRAININGS,
    ),
    Kind.SEAT_OFFERED: Wording(
        "候补轮到您了",
        "“{programme}”有一个名额为您保留到{until}，请尽快确认，过时将让给下一位。",
        {"thing1": "{programme}", "time2": "{until}", "thing3": "请尽快确认名额"},
        MY_TRAININGS,
        urgent=True,
    ),
    Kind.OFFER_LAPSED: Wording(
        "保留名额已过时",
        "“{programme}”为您保留的名额没有在{until}前确认，已让给下一位。"
        "您可以重新报名或排队候补。",
        {},
        MY_TRAININGS,
    ),
    Kind.WAITLIST_ENDED: Wording(
        "候补已结束",
        "“{programme}”即将开课，候补到此结束，这次没有轮到您。"
        "可以看看其他班次，或关注下一期。",
        {},
        MY_TRAININGS,
    ),
    Kind.ELIGIBILITY_LOST: Wording(
        "暂不符合报名条件",
        "“{programme}”轮到您时，您填写的情况已不符合报名条件，名额已让给下一位。"
        "如情况有变，请更新资料后重新报名。",
        {},
        MY_TRAININGS,
    ),
    Kind.TRAINING_CALLED_OFF: Wording(
        "培训取消了",
        "“{programme}”原定{start}的这一期已取消：{reason}。"
        "您的名额和时间已放开，不作任何不良记录。请看看其他班次。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "本期已取消"},
        MY_TRAININGS,
        urgent=True,
    ),
    Kind.TRAINING_MOVED: Wording(
        "培训改期了",
        "“{programme}”由{old_start}（{old_place}）改为{start}（{place}）：{reason}。"
        "开课前您随时可以免费取消报名。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "{place}"},
        MY_TRAININGS,
        urgent=True,
    ),
    Kind.TRAINING_MOVED_CLASH: Wording(
        "培训改期，与您的安排冲突",
        "“{programme}”由{old_start}（{old_place}）改为{start}（{place}）：{reason}。"
        "这个时间您已有“{clash}”，请取消其中一项；开课前取消报名不受限制。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "与您的安排冲突"},
        MY_TRAININGS,
        urgent=True,
    ),
    Kind.ENROLMENT_REMOVED: Wording(
        "报名已由主办单位取消",
        "主办单位取消了您“{programme}”的报名：{reason}。如有疑问请联系主办单位。",
        {},
        MY_TRAININGS,
    ),
    Kind.TRAINING_REMINDER: Wording(
        "快开课了",
        "“{programme}”{start}在{place}开课，请安排好时间。来不了请提前取消报名。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "{place}"},
        MY_TRAININGS,
    ),
    Kind.ERASURE_ASKED: Wording(
        "已收到注销申请",
        "您的账号将于{until}注销，个人资料随之删除，不能恢复。"
        "如非本人操作或改变主意，请在此之前重新登录或撤销申请。",
        {},
        MY_PRIVACY,
    ),
    Kind.ERASURE_CALLED_OFF: Wording(
        "注销申请已撤销",
        "您的账号继续保留，资料没有变化。如不是您本人登录，请检查登录设备。",
        {},
        MY_PRIVACY,
    ),
    Kind.POLICY_UPDATED: Wording(
        "政策有更新",
        "您关注的《{policy}》已更新，请查看最新内容，需要时重新匹配是否符合条件。",
        {"thing1": "{policy}", "time2": "{at}", "thing3": "内容已更新，请查看"},
        MY_POLICIES,
    ),
    Kind.POLICY_WITHDRAWN: Wording(
        "政策已撤回",
        "您关注的《{policy}》已撤回：{reason} 如正在办理，请先拨打12351咨询。",
        {"thing1": "{policy}", "time2": "{at}", "thing3": "已撤回，请查看原因"},
        MY_POLICIES,
    ),
    Kind.POLICY_SUPERSEDED: Wording(
        "政策已被替代",
        "您关注的《{policy}》已由新政策替代，请打开原政策查看替代的新政策。",
        {"thing1": "{policy}", "time2": "{at}", "thing3": "已由新政策替代"},
        MY_POLICIES,
    ),
    Kind.GRANT_GIVEN: Wording(
        "获得新的权限",
        "您在{unit}获得了新的权限，{start}起生效，登录后台即可查看。如有疑问请联系授权人。",
        {},
        DESK,
    ),
    Kind.EMERGENCY_OPENED: Wording(
        "应急授权已开启",
        "{unit}的应急管理权限已由两人确认开启，{until}自动收回。请尽快核实情况。",
        {},
        DESK,
        urgent=True,
    ),
}


def told(kind: Kind, values: Values) -> tuple[str, str]:
    """Return title and text of a message."""
    wording = WORDINGS[kind]
    said = {name: _said(value) for name, value in values.items()}
    return wording.title, wording.text.format_map(said)


def card(kind: Kind, values: Values) -> dict[str, str]:
    """Return the fields of a message's card, each within WeChat's limits."""
    said = {name: _said(value) for name, value in values.items()}
    return {
        field: _fitted(field, pattern.format_map(said))
        for field, pattern in WORDINGS[kind].card.items()
    }


def with_card() -> list[Kind]:
    """Return the kinds that can go to WeChat."""
    return [kind for kind, wording in WORDINGS.items() if wording.card]


def _said(value: str | int | datetime) -> str:
    if not isinstance(value, datetime):
        return str(value)
    at = value.astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _fitted(field: str, text: str) -> str:
    return as_thing(text)[:LONGEST_THING] if field.startswith("thing") else text
