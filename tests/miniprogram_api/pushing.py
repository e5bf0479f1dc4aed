"""Making pushes as the platform makes them, and reading them as the inn does."""

from datetime import UTC, datetime

from miniprogram_api.callbacks import Callbacks
from scripts.wechat_simulator import APPID
from scripts.wechat_simulator.envelopes import Format, Target, wrap

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "simulated-token"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def callbacks(aes_key=AES_KEY, token=TOKEN, appid=APPID, now=NOW):
    return Callbacks(appid, token, aes_key, now=lambda: now)


def pushed(message, *, aes_key=AES_KEY, written=Format.JSON, mode=None, **other):
    target = Target(token=TOKEN, aes_key=aes_key, format=written, mode=mode)
    return wrap(message, target, appid=other.get("appid", APPID), at=AT)


def message(kind, **more):
    common = {
        "ToUserName": "gh_000000000000",
        "FromUserName": "o-17",
        "CreateTime": str(AT),
        "MsgType": "event",
        "Event": kind,
    }
    return common | more


def answer(template_id, status):
    """One answer of a person to one template."""
    return {
        "TemplateId": template_id,
        "SubscribeStatusString": status,
        "PopupScene": "0",
    }
