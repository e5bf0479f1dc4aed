"""How people are told of bookings, walk-ins and strikes (预约消息)."""

from models.messages.kinds import Kind, Wording

MY_BOOKINGS = "pages/me/bookings"

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
    Kind.POWER_CUT_DUE: Wording(
        "充电即将断电",
        "您在{station}的{what}已于{end}到时，电源即将断开，请尽快把车移走，让给后面的人。",
        {"thing1": "{station}", "time2": "{end}", "thing3": "已到时，电源即将断开"},
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
    Kind.APPEAL_ACCEPTED: Wording(
        "申诉已通过",
        "您对{station}（{start}）爽约记录的申诉已通过，该记录已撤销，"
        "不再计入暂停预约。",
        {},
        MY_BOOKINGS,
    ),
    Kind.APPEAL_REFUSED: Wording(
        "申诉未通过",
        "您对{station}（{start}）爽约记录的申诉未通过：{reason}。"
        "到站扫码使用和急救不受影响，如有疑问请到驿站咨询。",
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
}
