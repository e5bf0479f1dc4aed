"""The message push door (消息推送): WeChat tells us what happened on its side.

Verified and read by ``miniprogram_api``, kept once, answered ``success`` at
once; the work follows from the event. WeChat repeats a push it thinks lost, so
the same key again changes nothing.
Source: wechat-api §7.
"""

from handlers.base.access import public
from handlers.base.crowd import Yields
from handlers.base.endpoint import TEXT_MEDIA, Handler, endpoint
from handlers.base.limits import PUSHES
from handlers.base.routing import Route
from miniprogram_api.callbacks import SUCCESS
from miniprogram_api.errors import PushRefused
from models.base.errors import Forbidden
from models.messages import pushes


class NotFromWeChat(Forbidden):
    """The signature, the app or the form is not WeChat's."""

    code = "not_from_wechat"
    message = "请求未通过微信签名校验。"


class PushHandler(Handler):
    """What WeChat calls."""

    @endpoint(
        access=public, refusals=(NotFromWeChat,), media=TEXT_MEDIA, yields=Yields.NEVER
    )
    async def get(self) -> str:
        """Answer WeChat's check of our address with its own word."""
        try:
            return self.ctx.wechat.callbacks.check_url(self._query())
        except PushRefused as problem:
            raise NotFromWeChat from problem

    @endpoint(
        access=public,
        refusals=(NotFromWeChat,),
        limit=PUSHES,
        media=TEXT_MEDIA,
        yields=Yields.NEVER,
    )
    async def post(self) -> str:
        """Keep what WeChat tells and answer before working on it."""
        try:
            push = self.ctx.wechat.callbacks.open(self._query(), self.request.body)
        except PushRefused as problem:
            raise NotFromWeChat from problem
        await pushes.keep(self.ctx, push)
        return SUCCESS

    def _query(self) -> dict[str, str]:
        arguments = self.request.query_arguments
        return {
            name: values[-1].decode("utf-8", "replace")
            for name, values in arguments.items()
        }


ROUTES: list[Route] = [("/wechat/push", PushHandler)]
