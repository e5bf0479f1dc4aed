"""How people are told of policies they care about (政策消息)."""

from models.messages.kinds import Kind, Wording

MY_POLICIES = "pages/me/saved-policies"

WORDINGS: dict[Kind, Wording] = {
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
}
