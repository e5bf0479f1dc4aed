"""How officials are told of manuscripts (稿件消息); to their inbox only."""

from models.messages.kinds import Kind, Wording

MANUSCRIPTS = "pages/staff/manuscripts"

WORDINGS: dict[Kind, Wording] = {
    Kind.MANUSCRIPT_WAITS: Wording(
        "有稿件待审核",
        "《{policy}》已提交审核，请到后台“待我审核”中查看并处理。",
        {},
        MANUSCRIPTS,
    ),
    Kind.MANUSCRIPT_APPROVED: Wording(
        "稿件已通过审核",
        "《{policy}》已通过审核，请到后台稿件列表查看发布安排。",
        {},
        MANUSCRIPTS,
    ),
    Kind.MANUSCRIPT_REJECTED: Wording(
        "稿件已退回",
        "《{policy}》已退回：{reason}。请修改后重新提交审核。",
        {},
        MANUSCRIPTS,
    ),
    Kind.MANUSCRIPT_FORCED: Wording(
        "强制发布待确认",
        "《{policy}》未经审核已强制发布：{reason}。请尽快到后台核对并确认，有误请撤回。",
        {},
        MANUSCRIPTS,
        urgent=True,
    ),
    Kind.MANUSCRIPT_CONFIRMED: Wording(
        "强制发布已确认",
        "您参与的《{policy}》已由另一位同事确认，无需再处理。",
        {},
        MANUSCRIPTS,
    ),
}
