"""How people are told of what they wrote for others (评价消息)."""

from models.messages.kinds import Kind, Wording

MY_COMMENTS = "pages/me/comments"

WORDINGS: dict[Kind, Wording] = {
    Kind.COMMENT_REFUSED: Wording(
        "评价未能公开",
        "您写的评价没有公开：{reason}。您可以修改后重新提交，{way}",
        {},
        MY_COMMENTS,
    ),
    Kind.COMMENT_ALLOWED: Wording(
        "评价已公开",
        "您写的评价已通过审核，大家可以看到了。谢谢您的分享。",
        {},
        MY_COMMENTS,
    ),
}
