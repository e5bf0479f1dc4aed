"""Telling (措辞): a kind's sentences and card, filled in with values.

``{name}`` stands for a value the teller hands in; a moment is written as people say
it. The card's fields are WeChat's (``thing1`` …) and are cut to WeChat's limits here,
so that no message is sent in vain.
Source: wechat-api §5.
"""

from datetime import datetime

from miniprogram_api.template_values import LONGEST_THING, as_thing
from models.base.clock import SHANGHAI
from models.messages.kinds import Kind, Values
from models.messages.wordings import WORDINGS


def told(kind: Kind, values: Values) -> tuple[str, str]:
    """Return title and text of a message."""
    wording = WORDINGS[kind]
    said = {name: _said(value) for name, value in values.items()}
    return wording.title, wording.text.format_map(said)


def card(kind: Kind, values: Values) -> dict[str, str]:
    """Return the fields of a message's card, each within WeChat's limits."""
    said = {name: _said(value) for name, value in values.items()}
    return {
        field: _fitted(field, pattern.format_map(said))
        for field, pattern in WORDINGS[kind].card.items()
    }


def with_card() -> list[Kind]:
    """Return the kinds that can go to WeChat."""
    return [kind for kind, wording in WORDINGS.items() if wording.card]


def _said(value: str | int | datetime) -> str:
    if not isinstance(value, datetime):
        return str(value)
    at = value.astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _fitted(field: str, text: str) -> str:
    return as_thing(text)[:LONGEST_THING] if field.startswith("thing") else text
