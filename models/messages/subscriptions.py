"""What a person answered when asked for cards (订阅授权), and what to ask for next.

One tap may ask for three templates; one accept of one template is one card.
"Always keep this choice" only hides the dialog, so the client asks again at
every booking and sign-up, and reports each answer here.
Source: screens (subscription messages); wechat-api §5.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from models.base.context import Context
from models.messages import credits
from models.messages.credits import Source
from models.messages.kinds import Kind
from models.messages.telling import with_card
from models.messages.wordings import WORDINGS

MOST_ASKED = 3
"""Templates a tap; older clients refuse more."""

ENOUGH = 3
"""Cards of one kind in hand; no need to ask for more of it."""


class Answer(StrEnum):
    """What WeChat's dialog returns for one template."""

    ACCEPT = "accept"
    REJECT = "reject"
    BAN = "ban"
    """The template was taken down by WeChat."""
    FILTER = "filter"
    """Two templates with one title: this one was not asked for."""


class Offer(NamedTuple):
    """One kind of card and how many the person still allows."""

    kind: Kind
    title: str
    template_id: str
    left: int


async def report(
    ctx: Context, worker_id: str, answers: Mapping[Kind, Answer], *, tap: str
) -> None:
    """Count what was accepted; again with the same tap changes nothing."""
    for kind, answer in answers.items():
        if answer is Answer.ACCEPT:
            await credits.grant(ctx, worker_id, kind, source=Source.CLIENT, tap=tap)


async def offers(ctx: Context, worker_id: str) -> list[Offer]:
    """List the kinds that have a card, with what is left of each."""
    left = await credits.left(ctx, worker_id)
    return [
        Offer(kind, WORDINGS[kind].title, ctx.templates[kind], left[kind])
        for kind in with_card()
        if kind in ctx.templates
    ]


def worth_asking(offers: Sequence[Offer]) -> list[str]:
    """Return the template ids to ask for at the next tap, scarcest first."""
    scarce = sorted((o for o in offers if o.left < ENOUGH), key=lambda o: o.left)
    return [offer.template_id for offer in scarce[:MOST_ASKED]]


def kind_of(ctx: Context, template_id: str) -> Kind | None:
    """Return our kind of a template, or None if it is not ours (any more)."""
    return next(
        (Kind(kind) for kind, known in ctx.templates.items() if known == template_id),
        None,
    )
