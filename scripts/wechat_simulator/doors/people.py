"""Doors to people: their codes, what they allow, their data."""

from datetime import datetime
from typing import Any

import msgspec
from tornado.web import HTTPError

from scripts.wechat_simulator import open_data
from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.doors.base import NOT_FOUND, Body, Door


class CodeBody(Body, kw_only=True, frozen=True):
    """A code whose five minutes begin now."""

    code: str
    openid: str | None = None
    """Whose phone code it is; others who send their openid along get 40029."""


class Codes(Door):
    """POST /_simulator/codes: {code, openid?}: its five minutes begin now."""

    def post(self) -> None:
        """Issue a code."""
        asked = self.read(CodeBody)
        self.world.users.issue(asked.code, asked.openid)
        self.tell(asked)


class CreditBody(Body, kw_only=True, frozen=True):
    """How many messages a person allows."""

    openid: str
    template_id: str
    credits: int


class AnswerBody(Body, kw_only=True, frozen=True):
    """What a person answers to the dialog."""

    openid: str
    template_ids: list[str]
    accept: bool = True


class Credits(Door):
    """PUT /_simulator/credits: {openid, template_id, credits}; POST: a person answers
    the dialog {openid, template_ids, accept}, and the event is pushed; GET."""

    def get(self) -> None:
        """List the accepts that are left."""
        left = self.world.messages.credits.items()
        self.tell(
            [
                {"openid": openid, "template_id": template_id, "credits": credits}
                for (openid, template_id), credits in left
            ]
        )

    def put(self) -> None:
        """Set one count."""
        asked = self.read(CreditBody)
        key = (asked.openid, asked.template_id)
        self.world.messages.credits[key] = asked.credits
        self.get()

    def post(self) -> None:
        """Answer the dialog; an accept is one message more."""
        asked = self.read(AnswerBody)
        for template_id in asked.template_ids if asked.accept else ():
            self.world.messages.credits[asked.openid, template_id] += 1
        answer = "accept" if asked.accept else "reject"
        rows = [
            {
                "TemplateId": template_id,
                "SubscribeStatusString": answer,
                "PopupScene": "0",
            }
            for template_id in asked.template_ids
        ]
        listed: Any = rows[0] if len(rows) == 1 else rows
        event = self.world.pushes.event(
            "subscribe_msg_popup_event", asked.openid, List=listed
        )
        self.world.pushes.later(event, 0)
        self.get()


class UserBody(Body, kw_only=True, frozen=True):
    """What to change of a person."""

    blocked: bool | msgspec.UnsetType = msgspec.UNSET
    visited_at: datetime | msgspec.UnsetType = msgspec.UNSET
    renew_key: bool = False


class User(Door):
    """PUT /_simulator/users/{openid}: {blocked, visited_at, renew_key}; GET."""

    def get(self, openid: str) -> None:
        """Show a person, session_key and all."""
        self.tell(self._user(openid))

    def put(self, openid: str) -> None:
        """Change a person."""
        asked = self.read(UserBody)
        user = self._user(openid)
        if asked.blocked is not msgspec.UNSET:
            user.blocked = asked.blocked
        if asked.visited_at is not msgspec.UNSET:
            user.visited_at = asked.visited_at
        if asked.renew_key:
            self.world.users.renew_key(user)
        self.get(openid)

    def _user(self, openid: str) -> Any:
        try:
            return self.world.users.of(openid)
        except Errcode:
            raise HTTPError(NOT_FOUND) from None


class OpenData(User):
    """POST /_simulator/users/{openid}/open-data: {any}: encrypts it as a client gets
    it, watermark added: {encryptedData, iv}."""

    def post(self, openid: str) -> None:
        """Encrypt open data under the person's session_key."""
        mark = {"timestamp": self.world.clock.seconds(), "appid": self.world.appid}
        told = self.read(dict[str, Any]) | {"watermark": mark}
        self.tell(open_data.encrypt(self._user(openid).session_key, told))


ROUTES: list[tuple[str, type[Door]]] = [
    ("/_simulator/codes", Codes),
    ("/_simulator/credits", Credits),
    ("/_simulator/users/([^/]+)", User),
    ("/_simulator/users/([^/]+)/open-data", OpenData),
]
