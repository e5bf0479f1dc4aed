"""Doors to what went out and what comes in: messages, mini codes, pushes."""

from typing import Any

import msgspec
from tornado.web import HTTPError

from scripts.wechat_simulator.doors.base import NOT_FOUND, Body, Door
from scripts.wechat_simulator.envelopes import Target


class Sent(Door):
    """GET /_simulator/sent?openid=&template_id=: messages that arrived; DELETE."""

    def get(self) -> None:
        """List messages, oldest first."""
        openid = self.get_query_argument("openid", "")
        template_id = self.get_query_argument("template_id", "")
        self.tell(
            [
                sent
                for sent in self.world.messages.sent
                if openid in {"", sent.openid} and template_id in {"", sent.template_id}
            ]
        )

    def delete(self) -> None:
        """Forget them."""
        self.world.messages.sent.clear()
        self.tell([])


class MiniCodes(Door):
    """GET /_simulator/mini-codes: what was drawn; POST an image: what it says."""

    def get(self) -> None:
        """List all codes."""
        self.tell(self.world.mini_codes.drawn)

    def post(self) -> None:
        """Scan a picture."""
        code = self.world.mini_codes.read(self.request.body)
        if code is None:
            raise HTTPError(NOT_FOUND)
        self.tell(code)


class PushTarget(Door):
    """PUT /_simulator/push/target: {url, token, aes_key, mode, format}; GET."""

    def get(self) -> None:
        """Tell where pushes go."""
        self.tell(self.world.pushes.target)

    def put(self) -> None:
        """Set where pushes go."""
        self.world.pushes.target = self.read(Target)
        self.get()


class PushBody(Body, kw_only=True, frozen=True):
    """One push by hand."""

    event: str = ""
    """The kind; ToUserName, CreateTime and so on are filled in."""
    openid: str = "o-1"
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    """More fields, or other ones than the filled in."""
    target: Target | None = None
    """Elsewhere than the set target."""


class Push(Door):
    """POST /_simulator/push: {event, openid, fields, target?}: push it now; GET: all
    that was pushed, with the answers."""

    def get(self) -> None:
        """List what was pushed."""
        self.tell(
            [
                {"message": message, "attempts": attempts}
                for message, attempts in self.world.pushes.delivered
            ]
        )

    async def post(self) -> None:
        """Push and tell what the callback answered, try by try."""
        asked = self.read(PushBody)
        message = self.world.pushes.event(asked.event, asked.openid) | asked.fields
        target = asked.target or self.world.pushes.target
        self.tell(await self.world.pushes.deliver(message, target))


class PushCheck(Door):
    """POST /_simulator/push/check: the console's check of the callback URL."""

    async def post(self) -> None:
        """Check the URL."""
        self.tell(await self.world.pushes.check_url(self.world.pushes.target))


class MediaPush(Door):
    """POST /_simulator/media/{trace_id}/push: push the verdict of a file now."""

    async def post(self, trace: str) -> None:
        """Push the verdict."""
        if trace not in self.world.media:
            raise HTTPError(NOT_FOUND)
        told = self.world.safety.verdict(self.world.media[trace], trace)
        pushes = self.world.pushes
        event = pushes.event("wxa_media_check", "o-1", appid=self.world.appid, **told)
        self.tell(await pushes.deliver(event, pushes.target))


ROUTES: list[tuple[str, type[Door]]] = [
    ("/_simulator/sent", Sent),
    ("/_simulator/mini-codes", MiniCodes),
    ("/_simulator/push", Push),
    ("/_simulator/push/target", PushTarget),
    ("/_simulator/push/check", PushCheck),
    ("/_simulator/media/([^/]+)/push", MediaPush),
]
