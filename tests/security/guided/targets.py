"""Every target of guided fuzzing: what is fed, and what it is fed with at first."""

import json
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from models.eligibility.operators import Op
from models.eligibility.vocabulary import FACTS, MOMENTS
from scripts.wechat_simulator import APPID
from tests.miniprogram_api.pushing import AT, NOW
from tests.models.base import samples
from tests.security.guided import feeds, requests


class Target(NamedTuple):
    """What is fed, and how sound input looks."""

    feed: Callable[[bytes], bool]
    """Says whether it was sound."""
    seeds: tuple[bytes, ...]
    """Sound ones, all of them."""
    words: tuple[str, ...] = ()
    """What sound input is made of."""


def said(*told: Any) -> tuple[bytes, ...]:
    """Return each as JSON."""
    return tuple(json.dumps(each, ensure_ascii=False).encode() for each in told)


def leaf(fact: str, op: Op, **more: Any) -> dict[str, Any]:
    """Return one condition of a rule."""
    told = {"id": f"{fact}_1", "says": "条件", "cites": "第一条"}
    return told | {"fact": fact, "op": op, **more}


(PUSH,) = said(
    {
        "ToUserName": "gh_0",
        "FromUserName": "o-1",
        "CreateTime": str(AT),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": [{"TemplateId": "t", "SubscribeStatusString": "accept"}],
    }
)
XML = (
    b"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><MsgType>event</MsgType>"
    b"<Event>wxa_media_check</Event><trace_id>1</trace_id></xml>"
)
OF_AGE = leaf("birth_date", Op.AGE_BETWEEN, min=16, max=60)
RENTS = leaf("renting", Op.EQ, value=True)
OWED = leaf("wages_owed", Op.EQ, value=True)
FILES = (samples.pdf(), samples.png(), samples.jpeg(), samples.docx(), samples.ofd())
SLOT = int(NOW.timestamp()) // 15

TARGETS = {
    "heads": Target(
        requests.heads,
        (
            b"GET / HTTP/1.1\r\nHost: inn\r\n\r\n",
            b"POST /a?b=c HTTP/1.0\r\nContent-Length: 5\r\nX: y\r\nX: z\r\n\r\n",
        ),
        (
            "\r\n",
            " HTTP/1.1",
            "Transfer-Encoding: chunked",
            "Content-Length: ",
            "Connection: Upgrade",
            "Upgrade: websocket",
        ),
    ),
    "chunks": Target(
        requests.chunks,
        (b"\x035\r\nhello\r\n0\r\n\r\n", b"\x012\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
    ),
    "queries": Target(
        requests.queries,
        (b"q=a&topic=social_insurance&limit=20", b"region=410184&cursor=W10"),
        ("&", "=", "%00", "topic", "level", "audience", "work_region"),
    ),
    "calls_for_help": Target(
        requests.calls_for_help,
        said({"kind": "burn", "for_self": False, "phone": "120", "note": "烫伤"}),
        ('"kind"', '"phone"', '"note"', '"tap_id"', '"scene"', "\\ud800"),
    ),
    "cursors": Target(
        feeds.cursors,
        said("policy_one", 17, [1, "a", None], [1764813600000, 0, 1, "p"]),
    ),
    "pushes": Target(feeds.pushes, (PUSH, XML), ("<![CDATA[", "]]>", "<xml>", "List")),
    "sealed_pushes": Target(
        feeds.sealed_pushes,
        (bytes(16) + struct.pack(">I", len(PUSH)) + PUSH + APPID.encode(),),
    ),
    "open_data": Target(
        feeds.open_data,
        said({"phone": "1", "watermark": {"appid": APPID, "timestamp": AT}}),
        ('"watermark"', '"appid"', '"timestamp"', APPID),
    ),
    "access_tokens": Target(feeds.access_tokens, (feeds.OURS,)),
    "scanned": Target(
        feeds.scanned,
        (
            f"v1.station_one.phone_charging.in.{SLOT}".encode(),
            f"v1.station_one.visit.in.{SLOT}".encode(),
            f"w1.worker_one.booking_one.{SLOT // 4}".encode(),
        ),
        ("visit", ".out."),
    ),
    "opening_hours": Target(
        feeds.opening_hours,
        said(
            {"weekly": {"mon": ["08:00-20:00"]}},
            {
                "weekly": {"mon": ["08:00-12:00", "22:00-06:00"]},
                "special": [{"day": "2026-11-24", "intervals": [], "reason": "检修"}],
                "closures": [{"from": "2026-11-23T02:00:00Z", "reason": "停电"}],
            },
        ),
        ('"weekly"', '"special"', '"closures"', "24:00", '"mon"', '"holiday"'),
    ),
    "rule_trees": Target(
        feeds.rule_trees,
        said(OF_AGE, {"all": [OF_AGE, {"not": {"any": [RENTS, OWED]}}]}),
        ('"all"', '"any"', '"not"', *map(json.dumps, [*Op, *FACTS])),
    ),
    "what_one_says": Target(
        feeds.what_one_says,
        said({"renting": True, "children": 1}, {"application_date": "2026-11-23"}),
        tuple(map(json.dumps, [*FACTS, *MOMENTS])),
    ),
    "searches": Target(
        feeds.searches,
        tuple(
            each.encode()
            for each in (
                "社保补贴\n灵活就业社保补贴办法",
                "高温津贴2025\n高溫津貼，２０２５年",
                "sbbt\n工会社保补贴",
            )
        ),
        ("\n", "社保", "补贴", "aed", "…", "①", "\u200b", "ﬁ", "多少"),
    ),
    "uploads": Target(feeds.uploads, tuple(b"name\n" + file for file in FILES)),
}
