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

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import plain
from models.base.errors import NotFound
from models.base.store import atomic
from models.base.units import Day
from models.eligibility import rules
from models.eligibility.rules import Rule
from models.policies import chain, wording
from models.policies.benefits import Benefit
from models.policies.carried import Attachment, Removal
from models.policies.drafts import Draft, Identity
from models.policies.texts import (
    WAS_PUBLIC,
    WAS_TO_BE,
    Because,
    Subject,
    Text,
    Withdrawal,
    shown_until,
)

NEWEST = (("visible_from", -1),)

MOST_EDITIONS = 200
"""Shown of one policy's history."""

RULES_KEPT = 16_384
"""Compiled once; checking a rule takes some milliseconds."""

REMEMBERED = timedelta(days=730)
"""How long after its end an edition is kept in every process."""


class Policy(Subject, kw_only=True, frozen=True):
    """One policy through all its editions (政策)."""

    SHELF = "policies"
    PERSONAL = personal.nobody()


class Edition(Text, kw_only=True, frozen=True):
    """One text of one policy, with all that a reader is shown."""

    ABOUT: ClassVar[type[Subject]] = Policy
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
    minor: bool
    benefit: Benefit | None
    rule: dict[str, Any] | None
    attachments: tuple[Attachment, ...] = ()
    removed: tuple[Removal, ...] = ()
    """What the one before carried and this one does not."""

    @property
    def has_rule(self) -> bool:
        """Say whether one can ask if it fits."""
        return self.rule is not None

    @classmethod
    def about(cls, subject_id: str) -> dict[str, Any]:
        """Return what a row must fulfil to be an edition of a policy."""
        return {"policy_id": subject_id}

    def applies(self, on: date) -> bool:
        """Say whether what it gives can be had on a day."""
        begun = self.effective_from <= on
        return begun and (self.effective_to is None or on < self.effective_to)


class NoSuchPolicy(NotFound):
    """No policy of this id is public, or ever was."""

    code = "no_such_policy"
    message = "没有找到该政策，请返回列表重新选择。"


@atomic()
async def publish(
    ctx: Context, policy_id: str, identity: Identity, draft: Draft, org_path: str = ""
) -> Edition:
    """Publish an edition from its moment on, ending the one before (发布).

    Rules: one public edition at any instant; a text never changes in place.
    Refuses: BadRule, OutOfOrder.
    """
    compiled(draft.rule)
    policy = await chain.make_room(
        ctx,
        Edition,
        policy_id,
        title=identity.title,
        at=draft.publish_at,
        org_path=org_path,
    )
    return await _edition(policy, identity, draft).insert(ctx)


@atomic()
async def withdraw(
    ctx: Context,
    policy_id: str,
    *,
    reason: str,
    at: datetime,
    because: Because = Because.NO_LONGER_VALID,
) -> None:
    """Take a policy back from a moment on (撤回), with the reason readers are shown.

    Refuses: NoSuchPolicy.
    """
    await _must_exist(ctx, policy_id)
    told = plain(Withdrawal(at=at, reason=reason, because=because))
    await chain.end(ctx, Edition, policy_id, at, {"withdrawn": told})


@atomic()
async def supersede(
    ctx: Context, policy_id: str, *, successor: str, at: datetime
) -> None:
    """Let another policy take a policy's place from a moment on (替代).

    Refuses: NoSuchPolicy.
    """
    await _must_exist(ctx, policy_id)
    await chain.replace(ctx, Edition, policy_id, successor, at)


async def of_policy(ctx: Context, policy_id: str) -> list[Edition]:
    """List a policy's editions that are or were public, newest first."""
    return await Edition.many(
        ctx,
        {
            "policy_id": policy_id,
            "visible_from": {"$lte": ctx.clock.now()},
            **WAS_PUBLIC,
        },
        sort=NEWEST,
        limit=MOST_EDITIONS,
    )


async def newest(ctx: Context, policy_id: str) -> Edition | None:
    """Return the last edition of a policy that was, is or will be public."""
    found = await Edition.many(
        ctx, {"policy_id": policy_id, **WAS_TO_BE}, sort=NEWEST, limit=1
    )
    return found[0] if found else None


async def newest_of(ctx: Context, policy_ids: Sequence[str]) -> dict[str, Edition]:
    """Return the newest edition of each policy that is or was public, without text."""
    rows = await (
        await Edition.shelf(ctx).aggregate(
            [
                {
                    "$match": {
                        "policy_id": {"$in": list(policy_ids)},
                        "visible_from": {"$lte": ctx.clock.now()},
                        **WAS_PUBLIC,
                    }
                },
                {"$set": {"html": "", "text": ""}},
                {"$sort": {"policy_id": 1, "visible_from": -1}},
                {"$group": {"_id": "$policy_id", "newest": {"$first": "$$ROOT"}}},
            ]
        )
    ).to_list()
    return {row["_id"]: Edition.of(row["newest"]) for row in rows}


def compiled(raw: dict[str, Any] | None) -> Rule | None:
    """Return a rule that an editor wrote, checked whole and ready to be asked.

    Refuses: BadRule.
    """
    return None if raw is None else _decoded(msgspec.json.encode(raw))


def kept_rule(raw: dict[str, Any] | None) -> Rule | None:
    """Return the rule of an edition that was published with it.

    Refuses: BadRule, where this release cannot read it.
    """
    return None if raw is None else _read(msgspec.json.encode(raw))


@lru_cache(maxsize=RULES_KEPT)
def _decoded(raw: bytes) -> Rule:
    return rules.decode(msgspec.json.decode(raw))


@lru_cache(maxsize=RULES_KEPT)
def _read(raw: bytes) -> Rule:
    return rules.read(msgspec.json.decode(raw))


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


def _edition(policy: Subject, identity: Identity, draft: Draft) -> Edition:
    html = wording.html_of(draft.body, draft.body_format)
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
        visible_to=shown_until(draft.valid_to),
        valid_to=draft.valid_to,
        minor=draft.minor,
        benefit=draft.benefit,
        rule=draft.rule,
        attachments=draft.attachments,
        removed=draft.removed,
    )
