"""Advice (匹配记录): a match as it was given, kept for its person alone.

It says which editions, which facts, which answers and when, so that what somebody
was told can be looked up later; its person may delete it. Sensitive facts are kept
only under the consent `facts`, and forgotten with it.
Source: rules §1.10; PIPL (个人信息保护法) art. 28, 29.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Day, Instant
from models.eligibility import facts as known_facts
from models.eligibility.evaluate import Status
from models.eligibility.facts import Facts, Values
from models.eligibility.vocabulary import SENSITIVE
from models.policies.matching import Match, Matches, Wanted
from models.workers import consents
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired
from models.workers.sessions import SignedIn

KEPT_ANSWERS = 100
"""Answers of one match that are kept: those that were not a plain no come first."""

FITTING = frozenset({Status.ELIGIBLE, Status.NEEDS_DOCUMENT})
"""Somebody told this may act on it, so they hear when the policy changes."""


class Answer(msgspec.Struct, kw_only=True, frozen=True):
    """What was said of one edition."""

    edition_id: str
    policy_id: str
    title: str
    status: Status


class Advice(Document, kw_only=True, frozen=True):
    """A match as it was given."""

    SHELF = "advice"
    PERSONAL = personal.deleted("政策匹配记录", "worker_id", opened=("sealed_facts",))
    INDEXES = (
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel(["fitting", "worker_id"]),
    )

    worker_id: str
    at: Instant
    dates: dict[str, Day]
    """Those the person named."""
    as_of: Day | None
    sealed_facts: str | None
    """JSON of the facts that the answers rest on, sealed; None when forgotten."""
    verified: tuple[str, ...]
    """Those of the facts that the union had seen proof of."""
    answers: tuple[Answer, ...]
    fitting: tuple[str, ...] = ()
    """The policies that the person can have; of these a change is told."""

    def __repr__(self) -> str:
        return f"<Advice {self.id}>"


class NoSuchAdvice(NotFound):
    """This person has no such match on record."""

    code = "no_such_match"
    message = "没有找到这条匹配记录，可能已删除。"


async def keep(
    ctx: Context, matches: Matches, facts: Facts, wanted: Wanted, *, by: SignedIn
) -> Advice:
    """Keep a match for its person (保存匹配记录).

    Rules: only the facts that the answers rest on; sensitive ones under consent.
    """
    whole = _advice(ctx, matches, facts, wanted, by=by)
    if not any(SENSITIVE[name] for name in _used(matches, facts)):
        return await whole.insert(ctx)
    try:
        await consents.require(ctx, by.id, Purpose.FACTS)
        return await _keep_sensitive(ctx, whole)
    except ConsentRequired:
        ordinary = Facts(_ordinary(facts.values), _ordinary(facts.verified))
        return await _advice(ctx, matches, ordinary, wanted, by=by).insert(ctx)


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None, limit: int
) -> Page[Advice]:
    """List a person's matches, newest first.

    Refuses: BadCursor.
    """
    return await Advice.page(ctx, {"worker_id": by.id}, cursor=cursor, limit=limit)


def facts_used(ctx: Context, advice: Advice) -> dict[str, Any]:
    """Return the facts of a match, to its person."""
    if advice.sealed_facts is None:
        return {}
    used: dict[str, Any] = msgspec.json.decode(ctx.secrets.open(advice.sealed_facts))
    return used


async def forget(ctx: Context, match_id: str, *, by: SignedIn) -> None:
    """Delete a match from the record (删除匹配记录).

    Refuses: NoSuchAdvice.
    """
    gone = await Advice.shelf(ctx).delete_one({"_id": match_id, "worker_id": by.id})
    if not gone.deleted_count:
        raise NoSuchAdvice


async def forget_facts(ctx: Context, worker_id: str, *, until: datetime) -> None:
    """Forget the facts of the matches before a worker took the consent back."""
    await Advice.shelf(ctx).update_many(
        {"worker_id": worker_id, "at": {"$lte": until}},
        {"$set": {"sealed_facts": None}},
    )


@atomic()
async def _keep_sensitive(ctx: Context, whole: Advice) -> Advice:
    await consents.hold(ctx, whole.worker_id, Purpose.FACTS)
    return await whole.insert(ctx)


def _ordinary(values: Values) -> Values:
    return {name: values[name] for name in values if not SENSITIVE[name]}


def _used(matches: Matches, facts: Facts) -> Values:
    names = {name for each in matches.items for name in each.verdict.used}
    return {name: facts.values[name] for name in facts.values if name in names}


def _advice(
    ctx: Context, matches: Matches, facts: Facts, wanted: Wanted, *, by: SignedIn
) -> Advice:
    used = _used(matches, facts)
    told = msgspec.json.encode(known_facts.encode(used)).decode()
    return Advice(
        id=ctx.new_id("match"),
        worker_id=by.id,
        at=ctx.clock.now(),
        dates=dict(wanted.at),
        as_of=wanted.as_of,
        sealed_facts=ctx.secrets.seal(told),
        verified=tuple(name for name in used if facts.is_verified(name)),
        answers=tuple(_answers(matches.items)),
        fitting=tuple(sorted({e.note.policy_id for e in matches.items if _fits(e)})),
    )


def _fits(match: Match) -> bool:
    return match.verdict.status in FITTING


def _answers(items: Iterable[Match]) -> list[Answer]:
    """Return the answers in their order, which has every plain no at the end."""
    return [
        Answer(
            edition_id=each.note.id,
            policy_id=each.note.policy_id,
            title=each.note.identity.title,
            status=each.verdict.status,
        )
        for each in list(items)[:KEPT_ANSWERS]
    ]
