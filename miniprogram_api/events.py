"""What WeChat can push to us, as typed events.

Source: message push, subscribe-message events, mediaCheckAsync, authorised user
information changes.
"""

from datetime import datetime
from typing import Any

from miniprogram_api.private import Private
from miniprogram_api.safety import Suggest


class Pushed(Private, frozen=True, kw_only=True):
    """Something that WeChat told us; a kind without a class of its own, too."""

    kind: str
    """The Event, or the MsgType of a message that a person typed."""
    from_user: str
    at: datetime | None
    """When WeChat made it."""
    fields: dict[str, Any]
    """Everything that was told, keys stripped."""


class Answered(Private, frozen=True, kw_only=True):
    """What a person said to one template."""

    template_id: str
    accepted: bool


class SubscribeAnswered(Pushed, frozen=True, kw_only=True):
    """A person answered the dialog: each accept is one message."""

    openid: str
    answers: tuple[Answered, ...]


class SubscribeChanged(Pushed, frozen=True, kw_only=True):
    """A person changed their mind in the service notices; only refusals come."""

    openid: str
    answers: tuple[Answered, ...]


class Delivered(Private, frozen=True, kw_only=True):
    """The final result of one send."""

    template_id: str
    msgid: str
    errcode: int
    """0 is delivered."""
    status: str


class SubscribeSent(Pushed, frozen=True, kw_only=True):
    """Sends have reached the person, or failed for good."""

    openid: str
    results: tuple[Delivered, ...]


class MediaChecked(Pushed, frozen=True, kw_only=True):
    """A picture or sound was checked, or could not be."""

    trace_id: str
    suggest: Suggest | None
    """None: not checked; never treat it as pass."""
    label: int | None
    errcode: int
    """-1008: WeChat could not fetch the file."""


class UserInfoModified(Pushed, frozen=True, kw_only=True):
    """WeChat cleaned a risky nickname or avatar: clear it or fetch it anew."""

    openid: str | None


class AuthorizationRevoked(Pushed, frozen=True, kw_only=True):
    """A person withdrew what they had allowed: delete those data."""

    openid: str | None
    kinds: tuple[int, ...]
    """1 plate, 2 address, 3 invoice, 4 bluetooth, 5 microphone, 6 nickname and avatar,
    7 camera, 8 phone, 12 WeRun, 13 location, 14 picked media, 15 picked file, 16 mail,
    18 chosen place, 19 nickname keyboard, 20 avatar component."""


class AccountCancelled(Pushed, frozen=True, kw_only=True):
    """A person closed their WeChat account: fulfil the duties of deletion."""

    openid: str | None
