"""Publishes the demo's policies, guidance and synonyms; again changes nothing."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from models.base.context import Context
from models.policies import editions, guides, synonyms
from models.policies.benefits import Benefit
from models.policies.drafts import Draft, Identity
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.search.synonyms import Group
from models.policies.vocabulary import Category, Level, Topic
from models.unions import units
from models.workers.identities import ClientClass

HERE = Path(__file__).parent

T = TypeVar("T")

CITY, ZONE, ZONES_REGION = "unit_zhengzhou", "unit_gaoxin", "410172"
"""Who answers for what: the zone for its own texts, the city for all others."""

AT_ONCE = 8
"""Policies published side by side."""


class EditionRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One edition as its author wrote it."""

    number: str
    summary: str
    body: str
    effective_from: date
    effective_to: date | None
    publish_at: datetime
    valid_to: date | None
    minor: bool
    benefit: Benefit | None
    rule: dict[str, Any] | None
    test_persons: list[dict[str, Any]] = []
    """Tried by the tests, not kept."""


class WithdrawalRow(msgspec.Struct, kw_only=True, frozen=True):
    """When and why it was taken back."""

    at: datetime
    reason: str


class PolicyRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One policy as its author wrote it."""

    slug: str
    title: str
    topic: Topic
    level: Level
    region: str
    issuer: str
    tags: tuple[str, ...]
    audience: tuple[ClientClass, ...]
    editions: list[EditionRow]
    replaced_by: str | None = None
    withdrawn: WithdrawalRow | None = None


class GuideRow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One article as its author wrote it."""

    slug: str
    title: str
    category: Category
    audience: tuple[ClientClass, ...]
    region: str
    summary: str
    tags: tuple[str, ...]
    body: str
    published_on: date
    valid_to: date | None

    @property
    def id(self) -> str:
        """The article's id."""
        return f"guide_{self.slug.replace('-', '_')}"


class Counts(msgspec.Struct, kw_only=True, frozen=True):
    """How many were new."""

    editions: int
    guides: int
    synonyms: int


async def load(ctx: Context) -> Counts:
    """Publish what is not published yet; returns how many that were."""
    rows = policy_rows()
    return Counts(
        editions=await _load_policies(ctx, rows),
        guides=await _load_guides(ctx, guide_rows()),
        synonyms=await synonyms.put(ctx, synonym_rows()),
    )


def policy_rows() -> list[PolicyRow]:
    """Read all policies."""
    return list(_read("policies", list[PolicyRow]))


def guide_rows() -> list[GuideRow]:
    """Read all articles."""
    return list(_read("guidance", list[GuideRow]))


def synonym_rows() -> list[Group]:
    """Read the table of synonyms."""
    return msgspec.convert(_yaml(HERE / "synonyms.yaml"), list[Group])


def policy_id(slug: str) -> str:
    """Return the id of a demo policy."""
    return f"policy_{slug.replace('-', '_')}"


def _read(folder: str, shape: type[list[T]]) -> Iterator[T]:
    for path in sorted((HERE / folder).glob("*.yaml")):
        yield from msgspec.convert(_yaml(path), shape)


def _yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(), loader)  # noqa: S506 - a safe one, in C


async def _load_policies(ctx: Context, rows: list[PolicyRow]) -> int:
    found = Edition.shelf(ctx).find(
        {}, {"policy_id": 1, "replaced_by": 1, "withdrawn": 1}
    )
    known: dict[str, list[dict[str, Any]]] = {}
    for each in await found.to_list():
        known.setdefault(each["policy_id"], []).append(each)
    begins = {row.slug: row.editions[0].publish_at for row in rows}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(row: PolicyRow) -> int:
        async with gate:
            return await _load_policy(
                ctx, row, known.get(policy_id(row.slug), []), begins
            )

    return sum(await asyncio.gather(*map(one, rows)))


async def _load_policy(
    ctx: Context,
    row: PolicyRow,
    known: list[dict[str, Any]],
    begins: dict[str, datetime],
) -> int:
    id_ = policy_id(row.slug)
    identity = Identity(
        title=row.title,
        topic=row.topic,
        level=row.level,
        region=row.region,
        issuer=row.issuer,
        tags=row.tags,
        audience=row.audience,
    )
    missing = row.editions[len(known) :]
    org_path = await _answers_for(ctx, row.region) if missing else ""
    for edition in missing:
        await editions.publish(ctx, id_, identity, _draft(edition), org_path)
    is_withdrawn = any(each.get("withdrawn") for each in known)
    if row.withdrawn is not None and not is_withdrawn:
        reason, at = row.withdrawn.reason, row.withdrawn.at
        await editions.withdraw(ctx, id_, reason=reason, at=at)
    is_replaced = any(each.get("replaced_by") for each in known)
    if row.replaced_by is not None and not is_replaced:
        successor, at = policy_id(row.replaced_by), begins[row.replaced_by]
        await editions.supersede(ctx, id_, successor=successor, at=at)
    return len(missing)


async def _answers_for(ctx: Context, region: str) -> str:
    """Return where the unit stands that looks after a region's texts."""
    return await units.path_of(ctx, ZONE if region == ZONES_REGION else CITY)


def _draft(row: EditionRow) -> Draft:
    return Draft(
        number=row.number,
        summary=row.summary,
        body=row.body,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        publish_at=row.publish_at,
        valid_to=row.valid_to,
        minor=row.minor,
        benefit=row.benefit,
        rule=row.rule,
    )


async def _load_guides(ctx: Context, rows: list[GuideRow]) -> int:
    known = set(await Guide.shelf(ctx).distinct("_id"))
    new = 0
    for row in rows:
        if row.id not in known:
            path = await _answers_for(ctx, row.region)
            new += await publish_guide(ctx, row, org_path=path)
    return new


async def publish_guide(ctx: Context, row: GuideRow, *, org_path: str) -> bool:
    """Put an article before the public; False when it is there already."""
    return await guides.publish(
        ctx,
        row.id,
        title=row.title,
        category=row.category,
        audience=row.audience,
        region=row.region,
        summary=row.summary,
        tags=row.tags,
        body=row.body,
        published_on=row.published_on,
        valid_to=row.valid_to,
        org_path=org_path,
    )
