"""What it means for a person when WeChat does not do as asked."""

import math

from miniprogram_api.errors import WeChatError
from models.base.errors import Unavailable


class WeChatUnavailable(Unavailable):
    """WeChat gave no answer that helps; the same again later may work."""

    code = "wechat_unavailable"
    message = "微信服务暂时没有响应，请稍后再试。"


def unavailable(error: WeChatError) -> WeChatUnavailable:
    """Say so to the person, and when to come back; the gateway has told the log."""
    refusal = WeChatUnavailable()
    wait_s = getattr(error, "wait_s", None)
    if wait_s is not None:
        refusal.retry_after = math.ceil(wait_s)
    return refusal
