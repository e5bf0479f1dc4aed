"""Matching (政策匹配): which policies are for this person, why, and what to ask next.

Every policy that is public and has a rule is asked about the person, on the dates
the rule names. Of policies that exclude each other the better one is shown as the
one to take, with the reason. Nothing is kept here; `advice` does that.
Source: rules §1.5-1.9; features S1-06, S1-09.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from models.base import regions
from models.base.context import Context
from models.eligibility import facts as known_facts
from models.eligibility.compiled import USUAL_DATE
from models.eligibility.evaluate import Status, Verdict, evaluate
from models.eligibility.facts import Facts
from models.eligibility.questions import Question, next_questions
from models.policies import history, library
from models.policies.notes import Note
from models.policies.vocabulary import Topic
from models.workers import facts as kept_facts
from models.workers import identities
from models.workers.sessions import SignedIn

ORDER = {
    Status.ELIGIBLE: 0,
    Status.NEEDS_DOCUMENT: 1,
    Status.UNKNOWN: 2,
    Status.NOT_ELIGIBLE: 3,
}
"""What one can have comes first, what one cannot last."""

MOST_QUESTIONS = 5
"""Asked one at a time; more would only be read."""


class Match(msgspec.Struct, kw_only=True, frozen=True):
    """One policy and one person."""

    note: Note
    verdict: Verdict
    better: Note | None = None
    """The policy to take instead: of this group only one can be had."""


class Matches(msgspec.Struct, kw_only=True, frozen=True):
    """Every policy that was asked, the best first, and what to ask the person."""

    items: tuple[Match, ...]
    questions: tuple[Question, ...]


class Wanted(msgspec.Struct, kw_only=True, frozen=True):
    """Which policies to ask about a person, and when."""

    at: Mapping[str, date] = {}
    """The dates of the matter, as far as they are told."""
    as_of: date | None = None
    """Ask what was in force on a past day."""
    topic: Topic | None = None
    region: str | None = None
    """Leave out what is for other places."""


async def facts_of(ctx: Context, told: dict[str, Any], by: SignedIn | None) -> Facts:
    """Join what a person tells now with what they told before; now goes first.

    Refuses: BadFacts.
    """
    if by is None:
        return known_facts.decode(told, root="$.facts")
    now = ctx.clock.now()
    classes = await identities.classes_of(ctx, by.id, now)
    verified = await identities.verified_classes_of(ctx, by.id, now)
    before: dict[str, Any] = await kept_facts.of(ctx, by.id)
    if classes:
        before["client_classes"] = sorted(classes)
    proof = {"client_classes": sorted(verified)} if verified else None
    return known_facts.decode(before | told, verified=proof, root="$.facts")


async def match(ctx: Context, facts: Facts, wanted: Wanted) -> Matches:
    """Ask every policy in force about a person (匹配).

    Refuses: NotYet.
    """
    notes = [note for note in await _notes(ctx, wanted) if _is_wanted(note, wanted)]
    today = wanted.as_of or ctx.clock.today()
    found = [
        Match(note=note, verdict=evaluate(note.rule, facts, dates))
        for note in notes
        if note.rule is not None and (dates := _dates(note, wanted, today)) is not None
    ]
    questions = next_questions(match.verdict for match in found)
    return Matches(
        items=tuple(sorted(_with_better(found), key=_rank)),
        questions=tuple(questions[:MOST_QUESTIONS]),
    )


async def _notes(ctx: Context, wanted: Wanted) -> Iterable[Note]:
    if wanted.as_of is None:
        return (await library.everything(ctx)).policies
    past = await history.all_in_force(ctx, wanted.as_of)
    return [Note.of(edition, 0) for edition in past]


def _is_wanted(note: Note, wanted: Wanted) -> bool:
    if wanted.topic is not None and note.identity.topic != wanted.topic:
        return False
    here = wanted.region
    return here is None or regions.within(here, note.identity.region)


def _dates(note: Note, wanted: Wanted, today: date) -> Mapping[str, date] | None:
    """Return the dates to look at a person; None if nothing can be had then.

    Rules: without an application date it is today, or the first day of a policy
    that is announced but does not apply yet.
    """
    applied = wanted.at.get(USUAL_DATE) or max(today, note.effective_from)
    is_over = note.effective_to is not None and note.effective_to <= applied
    if is_over or applied < note.effective_from:
        return None
    return {**wanted.at, USUAL_DATE: applied}


def _with_better(found: Sequence[Match]) -> list[Match]:
    """Point from what can be had to the better one of its group."""
    best: dict[str, Match] = {}
    for each in found:
        group = _group(each)
        if group is not None:
            best[group] = max(best.get(group, each), each, key=_worth)
    return [_pointed(each, best) for each in found]


def _pointed(each: Match, best: Mapping[str, Match]) -> Match:
    group = _group(each)
    if group is None or best[group].note.id == each.note.id:
        return each
    return msgspec.structs.replace(each, better=best[group].note)


def _group(each: Match) -> str | None:
    """Return the group of something that can be had."""
    benefit = each.note.benefit
    if benefit is None or each.verdict.status is not Status.ELIGIBLE:
        return None
    return benefit.exclusive_group


def _worth(each: Match) -> int:
    benefit = each.note.benefit
    return 0 if benefit is None else benefit.yearly_fen or 0


def _rank(each: Match) -> tuple[int, bool, int, float]:
    return (
        ORDER[each.verdict.status],
        each.better is not None,
        len(each.verdict.wants),
        -each.note.visible_from.timestamp(),
    )
