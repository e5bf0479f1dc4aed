"""How a policy is shown to its readers (政策的展示), whole, with its files."""

import msgspec

from models.base.media import Media
from models.base.units import Day, Instant
from models.policies.benefits import Benefit
from models.policies.carried import Attachment
from models.policies.editions import Edition
from models.policies.readings import Reading
from models.policies.vocabulary import LEVEL_NAMES, TOPIC_NAMES, Level, Topic
from models.workers.identities import ClientClass


class AttachmentView(msgspec.Struct):
    """A file that belongs to a text, and where to get it."""

    id: str
    name: str
    size: int
    """Bytes."""
    media_type: Media
    sha256: str
    url: str

    @classmethod
    def of(cls, attachment: Attachment, below: str) -> "AttachmentView":
        """Show a file, to be had below an address."""
        return cls(
            id=attachment.id,
            name=attachment.name,
            size=attachment.size,
            media_type=attachment.media,
            sha256=attachment.sha256,
            url=f"{below}/attachments/{attachment.id}",
        )


class PolicyView(msgspec.Struct):
    """A policy as its reader sees it."""

    id: str
    edition_id: str
    title: str
    number: str
    issuer: str
    topic: Topic
    topic_name: str
    level: Level
    level_name: str
    region: str
    tags: tuple[str, ...]
    audience: tuple[ClientClass, ...]
    summary: str
    html: str
    effective_from: Day
    effective_to: Day | None
    published_at: Instant
    valid_to: Day | None
    benefit: Benefit | None
    has_rule: bool
    """Whether one can ask if it fits: POST /worker/v1/policy-matches."""
    attachments: list[AttachmentView]
    replaced_by: str | None

    @classmethod
    def of(cls, edition: Edition | Reading) -> "PolicyView":
        """Show an edition."""
        identity = edition.identity
        return cls(
            id=edition.policy_id,
            edition_id=edition.id,
            title=identity.title,
            number=edition.number,
            issuer=identity.issuer,
            topic=identity.topic,
            topic_name=TOPIC_NAMES[identity.topic],
            level=identity.level,
            level_name=LEVEL_NAMES[identity.level],
            region=identity.region,
            tags=identity.tags,
            audience=identity.audience,
            summary=edition.summary,
            html=edition.html,
            effective_from=edition.effective_from,
            effective_to=edition.effective_to,
            published_at=edition.visible_from,
            valid_to=edition.valid_to,
            benefit=edition.benefit,
            has_rule=edition.has_rule,
            attachments=[
                AttachmentView.of(each, f"/worker/v1/policies/{edition.policy_id}")
                for each in edition.attachments
            ],
            replaced_by=edition.replaced_by,
        )
