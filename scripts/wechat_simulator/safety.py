"""Content checks: words that are risky or doubtful, and files judged by their URL."""

import secrets
from typing import Any

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.clock import Clock

LONGEST_TEXT = 2500
SCENES = {1, 2, 3, 4}
PROFILE = 1
FINE, OTHER, CRIME = 100, 21000, 20006
UNREACHABLE = -1008


class Safety:
    """Judges texts at once and files a moment later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.risky: list[str] = ["违禁词", "赌博"]
        self.doubtful: list[str] = ["可疑词"]

    def check_text(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer as version 2 does; without `version` as version 1 did."""
        content = asked.get("content")
        if not isinstance(content, str) or not 0 < len(content) <= LONGEST_TEXT:
            raise Errcode(40097)
        if asked.get("version") != 2:  # noqa: PLR2004
            if self._judge(content)[0] == "risky":
                raise Errcode(87014)
            return {}
        _check_scene(asked)
        parts = [asked.get(name) or "" for name in ("title", "nickname", "signature")]
        suggest, label, word = self._judge(" ".join([content, *parts]))
        detail = {
            "strategy": "keyword" if word else "content_model",
            "errcode": 0,
            "suggest": suggest,
            "label": label,
        }
        detail |= {"level": 90, "keyword": word} if word else {"prob": 90}
        return {
            "result": {"suggest": suggest, "label": label},
            "detail": [detail],
            "trace_id": trace_id(),
        }

    def verdict(self, url: str, trace: str) -> dict[str, Any]:
        """Judge a file by its URL, as the fields of the event that follows.

        `missing` in the URL could not be fetched, `risky` and `review` are so.
        """
        told: dict[str, Any] = {"trace_id": trace, "version": 2}
        if "missing" in url:
            return told | {"errcode": UNREACHABLE, "errmsg": "download fail"}
        suggest, label = "pass", FINE
        if "risky" in url:
            suggest, label = "risky", CRIME
        elif "review" in url:
            suggest, label = "review", OTHER
        detail = {
            "strategy": "content_model",
            "errcode": 0,
            "suggest": suggest,
            "label": label,
            "prob": 90,
        }
        return told | {
            "errcode": 0,
            "errmsg": "ok",
            "result": {"suggest": suggest, "label": label},
            "detail": [detail],
        }

    def accept_media(self, asked: dict[str, Any]) -> str:
        """Take a file to check; any URL will do: 40097."""
        _check_scene(asked)
        if asked.get("media_type") not in {1, 2} or not asked.get("media_url"):
            raise Errcode(40097)
        return trace_id()

    def _judge(self, text: str) -> tuple[str, int, str | None]:
        for words, suggest, label in (
            (self.risky, "risky", CRIME),
            (self.doubtful, "review", OTHER),
        ):
            for word in words:
                if word in text:
                    return suggest, label, word
        return "pass", FINE, None


def _check_scene(asked: dict[str, Any]) -> None:
    scene = asked.get("scene")
    if scene not in SCENES or (asked.get("signature") and scene != PROFILE):
        raise Errcode(40097)


def trace_id() -> str:
    """Make a trace id in WeChat's shape."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
