"""How people are told of trainings (培训消息)."""

from models.messages.kinds import Kind, Wording

MY_TRAININGS = "pages/me/trainings"

WORDINGS: dict[Kind, Wording] = {
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
    Kind.TRAINING_COMPLETED: Wording(
        "恭喜结业",
        "您已完成“{programme}”的学习，到课{attended}次、共{lessons}次。",
        {},
        MY_TRAININGS,
    ),
    Kind.TRAINING_REMINDER: Wording(
        "快开课了",
        "“{programme}”{start}在{place}开课，请安排好时间。来不了请提前取消报名。",
        {"thing1": "{programme}", "time2": "{start}", "thing3": "{place}"},
        MY_TRAININGS,
    ),
}
