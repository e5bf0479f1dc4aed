"""Notes (摘记): what a process remembers of each text, and how search meets it.

Short on purpose: the texts themselves stay in MongoDB.
"""

from datetime import date, datetime
from typing import NamedTuple

import structlog

from models.eligibility.problems import BadRule
from models.eligibility.rules import Rule
from models.policies import editions
from models.policies.benefits import Benefit
from models.policies.drafts import Identity
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.search.entries import Entry, Kind
from models.policies.texts import FOREVER
from models.policies.vocabulary import Category
from models.workers.identities import ClientClass

log = structlog.get_logger()


class Note(NamedTuple):
    """What a process remembers of one edition."""

    id: str
    policy_id: str
    identity: Identity
    number: str
    summary: str
    effective_from: date
    effective_to: date | None
    visible_from: datetime
    visible_to: datetime
    benefit: Benefit | None
    rule: Rule | None
    revision: int
    """Another one whenever the edition changed."""

    @classmethod
    def of(cls, edition: Edition, revision: int) -> "Note":
        """Note an edition down."""
        return cls(
            id=edition.id,
            policy_id=edition.policy_id,
            identity=edition.identity,
            number=edition.number,
            summary=edition.summary,
            effective_from=edition.effective_from,
            effective_to=edition.effective_to,
            visible_from=edition.visible_from,
            visible_to=edition.visible_to,
            benefit=edition.benefit,
            rule=_compiled(edition),
            revision=revision,
        )

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to


class GuideNote(NamedTuple):
    """What a process remembers of one article's text."""

    id: str
    """The article's."""
    title: str
    category: Category
    audience: tuple[ClientClass, ...]
    summary: str
    visible_from: datetime
    visible_to: datetime
    revision: int

    @classmethod
    def of(cls, guide: Guide, revision: int) -> "GuideNote":
        """Note an article down."""
        return cls(
            id=guide.article,
            title=guide.title,
            category=guide.category,
            audience=guide.audience,
            summary=guide.summary,
            visible_from=guide.visible_from,
            visible_to=guide.visible_to,
            revision=revision,
        )

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to


def policy_entry(edition: Edition) -> Entry:
    """Return how an edition is found."""
    identity = edition.identity
    return Entry(
        id=edition.id,
        kind=Kind.POLICY,
        title=identity.title,
        tags=identity.tags,
        number=edition.number,
        summary=edition.summary,
        body=edition.text,
        region=identity.region,
        level=identity.level,
        topic=identity.topic,
        audience=identity.audience,
        published_at=edition.visible_from,
        visible_from=edition.visible_from,
        visible_to=_end(edition.visible_to),
    )


def guide_entry(guide: Guide) -> Entry:
    """Return how an article is found."""
    return Entry(
        id=guide.id,
        kind=Kind.GUIDANCE,
        title=guide.title,
        tags=guide.tags,
        summary=guide.summary,
        body=guide.text,
        region=guide.region,
        topic=guide.category,
        audience=guide.audience,
        published_at=guide.visible_from,
        visible_from=guide.visible_from,
        visible_to=_end(guide.visible_to),
    )


def _end(visible_to: datetime) -> datetime | None:
    return None if visible_to == FOREVER else visible_to


def _compiled(edition: Edition) -> Rule | None:
    """Read the rule; one that an older house kept and this cannot read is left out."""
    try:
        return editions.kept_rule(edition.rule)
    except BadRule:
        log.error("rule_unreadable", edition=edition.id)
        return None
