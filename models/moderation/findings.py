"""Findings (检测结果): what one provider says of a text, in one vocabulary.

A provider is anything that can be asked; WeChat and the editors' own list are two.
Who cannot answer raises `Undecided`: nobody's silence lets anything through.
Source: features X-06 (provider plug-in, fail-closed).
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from miniprogram_api.errors import Advice, WeChatError
from miniprogram_api.safety import Scene
from models.base.context import Context
from models.workers import workers

if TYPE_CHECKING:
    from models.moderation.pieces import Piece

HUMAN = frozenset({Advice.HOLD, Advice.FIX_DATA, Advice.BUG, Advice.REFUSE_USER})
"""Asking again would bring the same: a person looks."""


class Says(StrEnum):
    """What a provider advises; the worst of all counts."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    REVIEW = "review"
    RISKY = "risky"


ORDER = tuple(Says)
"""From harmless to worst."""


class Finding(msgspec.Struct, kw_only=True, frozen=True):
    """What one provider said."""

    provider: str
    says: Says
    label: int = 0
    """WeChat's, such as 20001 politics; 0 is none."""
    words: tuple[str, ...] = ()
    """What was found, for moderators only."""


class Undecided(Exception):
    """A provider gave no answer; ``again`` says whether it may later."""

    def __init__(self, provider: str, *, again: bool = True) -> None:
        super().__init__(provider)
        self.provider = provider
        self.again = again


class Provider(Protocol):
    """Somebody who can be asked about a text."""

    name: str

    async def check(self, ctx: Context, piece: "Piece") -> Finding:
        """Say what one thinks of a piece; raises Undecided."""


class WeChat:
    """WeChat's own text check; the author must have been here lately."""

    name = "wechat"

    async def check(self, ctx: Context, piece: "Piece") -> Finding:
        """Ask WeChat."""
        openid = await workers.openid_of(ctx, piece.author_id)
        if openid is None:
            raise Undecided(self.name, again=False)
        try:
            verdict = await ctx.wechat.check_text(
                piece.text, openid=openid, scene=Scene.COMMENT, nickname=piece.nickname
            )
        except WeChatError as problem:
            raise Undecided(self.name, again=problem.advice not in HUMAN) from problem
        return Finding(
            provider=self.name,
            says=Says(verdict.suggest.value),
            label=verdict.label,
            words=verdict.keywords,
        )


def worst(findings: tuple[Finding, ...]) -> Says:
    """Return the worst that was said; nothing said is doubtful."""
    if not findings:
        return Says.REVIEW
    return max((each.says for each in findings), key=ORDER.index)
