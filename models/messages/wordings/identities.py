"""How people are told of the verification of their identities (身份核实消息)."""

from models.messages.kinds import Kind, Wording

MY_IDENTITIES = "pages/me/identities"

WORDINGS: dict[Kind, Wording] = {
    Kind.IDENTITY_VERIFIED: Wording(
        "身份已核实",
        "您申报的“{class}”已核实，有效至{until}。政策匹配和培训报名将按已核实的身份计算。",
        {},
        MY_IDENTITIES,
    ),
    Kind.IDENTITY_REFUSED: Wording(
        "身份核实未通过",
        "您申报的“{class}”未通过核实：{reason}。请补充材料后重新申请，或到驿站当面办理。",
        {},
        MY_IDENTITIES,
    ),
    Kind.IDENTITY_REVOKED: Wording(
        "身份核实已撤销",
        "您的“{class}”核实已撤销：{reason}。如有疑问请联系所属工会，可以重新申请核实。",
        {},
        MY_IDENTITIES,
    ),
    Kind.IDENTITY_LAPSING: Wording(
        "身份核实即将到期",
        "您的“{class}”核实将于{until}到期，到期后相关政策和名额不再按已核实计算，"
        "请提前准备材料重新申请。",
        {},
        MY_IDENTITIES,
    ),
    Kind.IDENTITY_LAPSED: Wording(
        "身份核实已到期",
        "您的“{class}”核实已到期。如情况没有变化，请重新申报并申请核实。",
        {},
        MY_IDENTITIES,
    ),
}
