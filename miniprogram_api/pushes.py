"""Turning the fields of a push into an event; WeChat's odd shapes end here.

The oddities: numbers come as text; a List is an object when it has one entry; XML
nests the List one deeper; JSON keys have had a leading space; a media verdict may
lack its errcode, carry its label as text, or be in the shape of version 1.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from miniprogram_api import events
from miniprogram_api.safety import Suggest

Fields = dict[str, Any]

SIGN_BIT = 2**31
"""Version 1 writes -1008 as the unsigned 4294966288."""


IDENTITY = (
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Event",
    "OpenID",
    "RevokeInfo",
    "trace_id",
)
"""What tells one event from another, besides its List."""


def event_of(told: Fields) -> events.Pushed:
    """Make the event of a push; what is not understood stays a plain Pushed."""
    fields: Fields = stripped(told)
    kind = str(fields.get("Event") or fields.get("MsgType") or "")
    common = {
        "kind": kind,
        "from_user": str(fields.get("FromUserName") or ""),
        "at": _instant(fields.get("CreateTime")),
        "fields": fields,
    }
    return _MAKERS.get(kind.lower(), _plain)(fields, common)


def stripped(value: Any) -> Any:
    """Strip the keys of a tree; one official sample has a space before them."""
    if isinstance(value, dict):
        return {str(key).strip(): stripped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [stripped(inner) for inner in value]
    return value


def key_of(told: Fields) -> str:
    """Name a push so that its repeats have the same name.

    Rules: the MsgId if there is one; else who, when and what, and since platform
    events share one sender, also whom and which thing it is about.
    """
    fields: Fields = stripped(told)
    if fields.get("MsgId"):
        identity: list[Any] = ["MsgId", str(fields["MsgId"])]
    else:
        identity = [str(fields.get(name) or "") for name in IDENTITY]
        identity.append(_rows(fields))
    return sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _plain(fields: Fields, common: Fields) -> events.Pushed:
    return events.Pushed(**common)


def _answered(fields: Fields, common: Fields) -> events.Pushed:
    return events.SubscribeAnswered(
        **common, openid=common["from_user"], answers=_answers(fields)
    )


def _changed(fields: Fields, common: Fields) -> events.Pushed:
    return events.SubscribeChanged(
        **common, openid=common["from_user"], answers=_answers(fields)
    )


def _answers(fields: Fields) -> tuple[events.Answered, ...]:
    return tuple(
        events.Answered(
            template_id=str(row.get("TemplateId") or ""),
            accepted=row.get("SubscribeStatusString") == "accept",
        )
        for row in _rows(fields)
    )


def _sent(fields: Fields, common: Fields) -> events.Pushed:
    results = tuple(
        events.Delivered(
            template_id=str(row.get("TemplateId") or ""),
            msgid=str(row.get("MsgID") or ""),
            errcode=_number(row.get("ErrorCode")) or 0,
            status=str(row.get("ErrorStatus") or ""),
        )
        for row in _rows(fields)
    )
    return events.SubscribeSent(**common, openid=common["from_user"], results=results)


def _media(fields: Fields, common: Fields) -> events.Pushed:
    trace_id = str(fields.get("trace_id") or "")
    if not trace_id:
        return events.Pushed(**common)
    if "isrisky" in fields or "status_code" in fields:
        suggest, label, errcode = _old_verdict(fields)
    else:
        suggest, label, errcode = _verdict(fields)
    return events.MediaChecked(
        **common, trace_id=trace_id, suggest=suggest, label=label, errcode=errcode
    )


def _verdict(fields: Fields) -> tuple[Suggest | None, int | None, int]:
    errcode = _number(fields.get("errcode")) or 0  # real pushes come without
    result = fields.get("result")
    if errcode != 0 or not isinstance(result, dict) or "suggest" not in result:
        return None, None, errcode
    return Suggest(result["suggest"]), _number(result.get("label")), errcode


def _old_verdict(fields: Fields) -> tuple[Suggest | None, int | None, int]:
    status = _number(fields.get("status_code")) or 0
    status -= 2 * SIGN_BIT if status >= SIGN_BIT else 0
    risky = _number(fields.get("isrisky"))
    if status != 0 or risky is None:
        return None, None, status
    return (Suggest.RISKY if risky else Suggest.PASS), None, 0


def _modified(fields: Fields, common: Fields) -> events.Pushed:
    return events.UserInfoModified(**common, openid=_person(fields))


def _revoked(fields: Fields, common: Fields) -> events.Pushed:
    told = str(fields.get("RevokeInfo") or "")
    kinds = tuple(int(digits) for digits in re.findall("[0-9]{1,4}", told))
    return events.AuthorizationRevoked(**common, openid=_person(fields), kinds=kinds)


def _cancelled(fields: Fields, common: Fields) -> events.Pushed:
    return events.AccountCancelled(**common, openid=_person(fields))


def _person(fields: Fields) -> str | None:
    # Not FromUserName: that is the platform.
    return str(fields["OpenID"]) if fields.get("OpenID") else None


def _rows(fields: Fields) -> list[Fields]:
    rows = fields.get("List")
    for name, inner in fields.items():
        if rows is None and name.startswith("SubscribeMsg") and isinstance(inner, dict):
            rows = inner.get("List")
    rows = rows if isinstance(rows, list) else [rows]
    return [row for row in rows if isinstance(row, dict)]


def _number(value: Any) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _instant(value: Any) -> datetime | None:
    seconds = _number(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


_MAKERS: dict[str, Callable[[Fields, Fields], events.Pushed]] = {
    "subscribe_msg_popup_event": _answered,
    "subscribe_msg_change_event": _changed,
    "subscribe_msg_sent_event": _sent,
    "wxa_media_check": _media,
    "user_info_modified": _modified,
    "user_authorization_revoke": _revoked,
    "user_authorization_cancellation": _cancelled,
}
