"""Subscribe messages: credits, templates, and everything that was sent."""

import secrets
from collections import Counter
from typing import Any

import msgspec

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.values import keeps_rule

STATES = {"formal", "trial", "developer"}
LANGUAGES = {"zh_CN", "en_US", "zh_HK", "zh_TW"}
MSGID_START = 2**61
"""Message ids exceed what JavaScript can count."""


class Sent(msgspec.Struct, kw_only=True, frozen=True):
    """A message that reached a person's WeChat."""

    msgid: str
    openid: str
    template_id: str
    values: dict[str, str]
    page: str | None
    state: str
    lang: str
    at: str


class Messages:
    """Who may be sent what, and what was sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.credits: Counter[tuple[str, str]] = Counter()
        """Accepts left, by openid and template."""
        self.unlimited = False
        """Whether everybody always accepts; handy while looking around."""
        self.templates: dict[str, list[str]] = {}
        """Keys of each template; while empty every template id is known."""
        self.sensitive: list[str] = ["敏感词"]
        self.pages: list[str] = []
        """Pages of the released app; while empty every page is there."""
        self.sent: list[Sent] = []
        self._sending: set[str] = set()

    def begin(self, openid: str) -> None:
        """Begin a send to a person: 43108 while another is under way."""
        if openid in self._sending:
            raise Errcode(43108)
        self._sending.add(openid)

    def end(self, openid: str) -> None:
        """End it."""
        self._sending.discard(openid)

    def send(self, openid: str, asked: dict[str, Any]) -> Sent:
        """Send one message: 40037, 47003, 45168, 41030, 40097, 43101."""
        template_id = str(asked.get("template_id", ""))
        values = self._values(template_id, asked.get("data"))
        page = asked.get("page")
        state = asked.get("miniprogram_state", "formal")
        lang = asked.get("lang", "zh_CN")
        if self.pages and page and str(page).split("?")[0] not in self.pages:
            raise Errcode(41030)
        if state not in STATES or lang not in LANGUAGES:
            raise Errcode(40097)
        self._spend(openid, template_id)
        sent = Sent(
            msgid=str(MSGID_START + secrets.randbelow(2**60)),
            openid=openid,
            template_id=template_id,
            values=values,
            page=page,
            state=state,
            lang=lang,
            at=self._clock.now().isoformat(),
        )
        self.sent.append(sent)
        return sent

    def _values(self, template_id: str, data: Any) -> dict[str, str]:
        known = self.templates.get(template_id)
        if not template_id or (self.templates and known is None):
            raise Errcode(40037)
        if not isinstance(data, dict) or not data:
            raise Errcode(47003, "data is empty")
        values = {key: _value(key, data.get(key)) for key in known or data}
        for key, value in values.items():
            if not keeps_rule(key, value):
                raise Errcode(47003, f"data.{key}.value invalid")
            if any(word in value for word in self.sensitive):
                raise Errcode(45168)
        return values

    def _spend(self, openid: str, template_id: str) -> None:
        if self.unlimited:
            return
        if self.credits[openid, template_id] < 1:
            raise Errcode(43101)
        self.credits[openid, template_id] -= 1


def _value(key: str, given: Any) -> str:
    value = given.get("value") if isinstance(given, dict) else None
    if value is None or not str(value).strip():
        raise Errcode(47003, f"data.{key}.value is empty")
    return str(value)
