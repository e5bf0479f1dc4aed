"""How people are told of their data, accounts and powers (账号消息)."""

from models.messages.kinds import Kind, Wording

DESK = "pages/staff/desk"
DONE_FOR_ME = "pages/me/done-for-me"
MY_PRIVACY = "pages/me/privacy"

WORDINGS: dict[Kind, Wording] = {
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
    Kind.DONE_FOR_YOU: Wording(
        "工作人员已为您办理",
        "{station}的工作人员凭您的办理码为您办理了{what}。"
        "如需更改，您可以自行取消或修改；如非本人要求，请联系该驿站。",
        {},
        DONE_FOR_ME,
    ),
    Kind.GRANT_GIVEN: Wording(
        "获得新的权限",
        "您在{unit}获得了新的权限，{start}起生效，登录后台即可查看。如有疑问请联系授权人。",
        {},
        DESK,
    ),
    Kind.COLLEAGUE_LEFT: Wording(
        "同事离岗，请安排交接",
        "{name}已离岗，授权和代理已收回，{desk}。如需恢复或补充人手，请到后台处理。",
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
    Kind.KIT_RUNS_OUT: Wording(
        "急救物资提醒",
        "{station}的{what}{reason}，请及时补充或更换，并在值守台登记。",
        {},
        DESK,
    ),
}
