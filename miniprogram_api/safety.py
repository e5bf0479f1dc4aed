"""Content checks: text at once, pictures and sound later through a push.

`errcode 0` alone says nothing; only `suggest` decides: pass → publish, review →
a person looks, risky → block. What cannot be checked is not passed.

Source: msgSecCheck and mediaCheckAsync, version 2.
"""

from enum import IntEnum, StrEnum
from typing import Annotated

import msgspec

from miniprogram_api.client import Client, understood
from miniprogram_api.errors import Unsendable
from miniprogram_api.meanings import CHECK_MEDIA, CHECK_TEXT

LONGEST_TEXT = 2500
"""Characters in one check."""


class Suggest(StrEnum):
    """What WeChat advises."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    REVIEW = "review"
    RISKY = "risky"

    @classmethod
    def _missing_(cls, value: object) -> "Suggest":
        # A word that is new to us: a person looks.
        return cls.REVIEW


class Scene(IntEnum):
    """Where the content will appear."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL = 4


class Media(IntEnum):
    """What kind of file is checked."""

    SOUND = 1
    PICTURE = 2


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the check found."""

    suggest: Suggest
    label: int
    """100 fine, 10001 advertisement, 20001 politics, 20002 pornography, 20003 abuse,
    20006 crime, 20008 fraud, 20012 vulgar, 20013 copyright, 21000 other."""
    trace_id: str
    keywords: tuple[str, ...] = ()
    """Words that were found, where the strategy names them."""


class _Result(msgspec.Struct, frozen=True):
    suggest: str
    label: int = 0


class _Detail(msgspec.Struct, frozen=True):
    errcode: int = 0
    keyword: str | None = None


class _Checked(msgspec.Struct, frozen=True):
    result: _Result
    trace_id: str = ""
    detail: tuple[_Detail, ...] = ()


class _Accepted(msgspec.Struct, frozen=True):
    trace_id: Annotated[str, msgspec.Meta(min_length=1)]


async def check_text(
    client: Client,
    content: str,
    *,
    openid: str,
    scene: Scene,
    title: str | None = None,
    nickname: str | None = None,
    signature: str | None = None,
) -> Verdict:
    """Check a text of a person who has visited within two hours.

    Refuses: Unsendable, Refused (HOLD: no recent visit, …), Unavailable.
    """
    if not 0 < len(content) <= LONGEST_TEXT:
        raise Unsendable("content", f"1 to {LONGEST_TEXT} characters")
    if signature is not None and scene is not Scene.PROFILE:
        raise Unsendable("signature", "only with a profile")
    given = {"title": title, "nickname": nickname, "signature": signature}
    asked = {"openid": openid, "scene": scene, "version": 2, "content": content}
    asked |= {key: value for key, value in given.items() if value is not None}
    answer = await client.post(CHECK_TEXT, data=asked, repeatable=True)
    checked = understood(answer, _Checked, CHECK_TEXT)
    return Verdict(
        suggest=Suggest(checked.result.suggest),
        label=checked.result.label,
        trace_id=checked.trace_id,
        keywords=tuple(
            row.keyword for row in checked.detail if row.errcode == 0 and row.keyword
        ),
    )


async def check_media(
    client: Client, url: str, media: Media, *, openid: str, scene: Scene
) -> str:
    """Have a file checked; the verdict comes as a push under the returned trace_id.

    Rules: WeChat fetches the file itself (at most 10 MB). A wrong URL is accepted
    as well and may never be answered: give up waiting after 30 to 60 minutes. The
    push may come before this call returns: keep verdicts with unknown trace_ids.
    Refuses: Refused (HOLD: no recent visit, …), Unavailable.
    """
    asked = {
        "media_url": url,
        "media_type": media,
        "version": 2,
        "scene": scene,
        "openid": openid,
    }
    answer = await client.post(CHECK_MEDIA, data=asked)
    return understood(answer, _Accepted, CHECK_MEDIA).trace_id
