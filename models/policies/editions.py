"""Editions (版本): the text of a policy from one moment to another.

A policy has one public edition at any instant::

    publish ──▶ scheduled ── publish_at ──▶ public ── visible_to ──▶ history
                    │                         └── next edition, withdraw,
                    │                             supersede: visible_to is now
                    └── withdraw ──▶ never public

Whether an edition is public is never stored: it is ``visible_from ≤ now <
visible_to``, asked in every query. When the text appears (``visible_from``) and
when the policy applies (``effective_from``) are different things.
Source: rules §1.1, §1.2, §1.4; features S1-08, S1-09.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.clock import end_of
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, NotFound
from models.base.store import atomic
from models.base.units import Day, Instant
from models.eligibility import rules
from models.eligibility.rules import Rule
from models.policies import wording
from models.policies.benefits import Benefit
from models.policies.drafts import Draft, Identity

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""An end that is not set; a value, so that one index and one comparison serve all."""

NEWEST = (("visible_from", -1),)

MOST_EDITIONS = 200
"""Shown of one policy's history."""

RULES_KEPT = 16_384
"""Compiled once; checking a rule takes some milliseconds."""

REMEMBERED = timedelta(days=730)
"""How long after its end an edition is kept in every process."""


class Policy(Document, kw_only=True, frozen=True):
    """One policy through all its editions (政策); publishing goes through it."""

    SHELF = "policies"
    PERSONAL = personal.nobody()

    title: str
    editions: int = 0
    """How many were published; also what makes two publishers wait."""
    endings: int = 0
    """How often it was withdrawn or superseded; makes these wait likewise."""


class Withdrawal(msgspec.Struct, kw_only=True, frozen=True):
    """Why a text was taken back, and when."""

    at: Instant
    reason: str


class Edition(Document, kw_only=True, frozen=True):
    """One text of one policy, with all that a reader is shown."""

    SHELF = "editions"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel([("policy_id", 1), ("visible_from", -1)]),
        IndexModel(["policy_id", "sequence"], unique=True),
        IndexModel(["visible_to"]),
    )

    policy_id: str
    sequence: int
    identity: Identity
    number: str
    summary: str
    html: str
    text: str
    """The words alone, for search."""
    effective_from: Day
    effective_to: Day | None
    visible_from: Instant
    visible_to: Instant = FOREVER
    valid_to: Day | None
    minor: bool
    benefit: Benefit | None
    rule: dict[str, Any] | None
    replaced_by: str | None = None
    """The policy that took its place."""
    withdrawn: Withdrawal | None = None

    def is_visible(self, at: datetime) -> bool:
        """Say whether the public may read it at a moment."""
        return self.visible_from <= at < self.visible_to

    def applies(self, on: date) -> bool:
        """Say whether what it gives can be had on a day."""
        begun = self.effective_from <= on
        return begun and (self.effective_to is None or on < self.effective_to)


class OutOfOrder(Conflict):
    """A later edition of this policy is already published."""

    code = "edition_out_of_order"
    message = "已有更晚发布的版本，请刷新后再发布。"


class NoSuchPolicy(NotFound):
    """No policy of this id is public, or ever was."""

    code = "no_such_policy"
    message = "没有找到该政策，请返回列表重新选择。"


@atomic()
async def publish(
    ctx: Context, policy_id: str, identity: Identity, draft: Draft
) -> Edition:
    """Publish an edition from its moment on, ending the one before (发布).

    Rules: one public edition at any instant; a text never changes in place.
    Refuses: BadRule, OutOfOrder.
    """
    compiled(draft.rule)
    policy = await Policy.change_or_make(
        ctx, policy_id, {"$set": {"title": identity.title}, "$inc": {"editions": 1}}
    )
    last = await _last(ctx, policy_id)
    if last is not None and last.visible_from >= draft.publish_at:
        raise OutOfOrder
    if last is not None and last.visible_to > draft.publish_at:
        await Edition.change(
            ctx, {"_id": last.id}, {"$set": {"visible_to": draft.publish_at}}
        )
    return await _edition(policy, identity, draft).insert(ctx)


@atomic()
async def withdraw(ctx: Context, policy_id: str, *, reason: str, at: datetime) -> None:
    """Take a policy back from a moment on (撤回), with the reason readers are shown.

    Refuses: NoSuchPolicy.
    """
    await _must_exist(ctx, policy_id)
    told = plain(Withdrawal(at=at, reason=reason))
    await _end(ctx, policy_id, at, {"withdrawn": told})


@atomic()
async def supersede(
    ctx: Context, policy_id: str, *, successor: str, at: datetime
) -> None:
    """Let another policy take a policy's place from a moment on (替代).

    Refuses: NoSuchPolicy.
    """
    await _must_exist(ctx, policy_id)
    await _end(ctx, policy_id, at, {})
    await Edition.shelf(ctx).update_many(
        {"policy_id": policy_id, "replaced_by": {"$ne": successor}},
        {"$set": {"replaced_by": successor}},
    )


async def of_policy(ctx: Context, policy_id: str) -> list[Edition]:
    """List a policy's editions that are or were public, newest first."""
    return await Edition.many(
        ctx,
        {
            "policy_id": policy_id,
            "visible_from": {"$lte": ctx.clock.now()},
            "$expr": {"$lt": ["$visible_from", "$visible_to"]},
        },
        sort=NEWEST,
        limit=MOST_EDITIONS,
    )


def compiled(raw: dict[str, Any] | None) -> Rule | None:
    """Return an edition's rule, ready to be asked.

    Refuses: BadRule.
    """
    return None if raw is None else _decoded(msgspec.json.encode(raw))


@lru_cache(maxsize=RULES_KEPT)
def _decoded(raw: bytes) -> Rule:
    return rules.decode(msgspec.json.decode(raw))


async def public_now(ctx: Context) -> list[Edition]:
    """List every edition that is public, as MongoDB has it."""
    now = ctx.clock.now()
    return await Edition.many(
        ctx, {"visible_from": {"$lte": now}, "visible_to": {"$gt": now}}, limit=0
    )


async def remembered(ctx: Context) -> list[Edition]:
    """List every edition that is, will be or lately was public, to keep at hand."""
    return await Edition.many(
        ctx,
        {"visible_to": {"$gt": ctx.clock.now() - REMEMBERED}},
        sort=[("visible_to", 1)],
        limit=0,
    )


async def _must_exist(ctx: Context, policy_id: str) -> None:
    """Refuse for an id nobody published under; and wait for who is publishing."""
    turned = await Policy.change(ctx, {"_id": policy_id}, {"$inc": {"endings": 1}})
    if turned is None:
        raise NoSuchPolicy


async def _end(
    ctx: Context, policy_id: str, at: datetime, also: dict[str, Any]
) -> None:
    """End what is or will be public at a moment; what has ended stays as it is."""
    ends = {"$max": [at, "$visible_from"]}
    literally = {name: {"$literal": value} for name, value in also.items()}
    await Edition.shelf(ctx).update_many(
        {"policy_id": policy_id, "visible_to": {"$gt": at}},
        [{"$set": {**literally, "visible_to": ends}}],
    )


async def _last(ctx: Context, policy_id: str) -> Edition | None:
    """Return the newest edition that has not been withdrawn before it was public."""
    was_to_be = {"$expr": {"$lt": ["$visible_from", "$visible_to"]}}
    found = await Edition.many(
        ctx, {"policy_id": policy_id, **was_to_be}, sort=NEWEST, limit=1
    )
    return found[0] if found else None


def _edition(policy: Policy, identity: Identity, draft: Draft) -> Edition:
    html = wording.html_of(draft.body)
    return Edition(
        id=f"edition_{policy.id.removeprefix('policy_')}_{policy.editions}",
        policy_id=policy.id,
        sequence=policy.editions,
        identity=identity,
        number=draft.number,
        summary=draft.summary,
        html=html,
        text=wording.plain_of(html),
        effective_from=draft.effective_from,
        effective_to=draft.effective_to,
        visible_from=draft.publish_at,
        visible_to=_shown_until(draft.valid_to),
        valid_to=draft.valid_to,
        minor=draft.minor,
        benefit=draft.benefit,
        rule=draft.rule,
    )


def _shown_until(valid_to: date | None) -> datetime:
    return FOREVER if valid_to is None else end_of(valid_to)
