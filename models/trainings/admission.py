"""Admission (报名资格): whether a person fits a programme, asked of `eligibility`.

Asked when signing up, to tell and to decide, and again before a seat is offered
from the waitlist. Facts told with a request are used for it and not kept; what is
kept of the answer is which facts it rested on.
Source: features S9-01; rules §2.2, §1.7, §1.10.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from models.base.clock import day_of
from models.base.context import Context
from models.base.errors import Conflict, Invalid
from models.eligibility import facts as fact_book
from models.eligibility import questions
from models.eligibility.evaluate import Status, Verdict, evaluate
from models.eligibility.facts import Facts
from models.trainings import programmes, sessions
from models.trainings.programmes import Programme, rule_of
from models.trainings.sessions import NoSuchTrainingSession, Session
from models.workers import facts as kept_facts
from models.workers import identities

CLASSES = "client_classes"

ANYBODY = Verdict(status=Status.ELIGIBLE, conditions=())
"""What comes of a programme without a rule."""


class Admitted(msgspec.Struct, kw_only=True, frozen=True):
    """What is kept of a verdict that let somebody in."""

    status: Status
    used: tuple[str, ...] = ()
    """Names of the facts it rested on."""
    declared: tuple[str, ...] = ()
    """Those of them nobody has verified."""


class NotEligible(Conflict):
    """The person does not fit; ``details.failed`` names the conditions."""

    code = "not_eligible"
    message = "您暂时不符合这个培训的报名条件，可查看原因或看看其他培训。"


class FactsMissing(Invalid):
    """The answer depends on what we do not know; ``details.missing`` asks for it."""

    code = "facts_missing"
    message = "还需要补充几项情况才能判断报名资格，请填写后再提交。"


class DocumentsMissing(Invalid):
    """The programme wants the papers first; ``details.missing`` asks for them."""

    code = "documents_missing"
    message = "报名需要先备齐材料，请确认手头的材料后再提交。"


async def ask(
    ctx: Context,
    programme_id: str,
    session_id: str | None,
    worker_id: str | None,
    told: Mapping[str, Any],
) -> Verdict:
    """Tell whether somebody fits a programme today; nothing is kept (资格查询).

    Refuses: NoSuchProgramme, NoSuchTrainingSession, BadFacts.
    """
    programme = await programmes.find_open(ctx, programme_id)
    session = None if session_id is None else await sessions.find(ctx, session_id)
    if session is not None and session.programme_id != programme.id:
        raise NoSuchTrainingSession
    known = await facts_of(ctx, worker_id, told)
    return judge(programme, session, known, ctx.clock.now())


async def facts_of(
    ctx: Context, worker_id: str | None, told: Mapping[str, Any]
) -> Facts:
    """Put together what is kept of a person and what they tell now.

    Rules: what is told now wins; the classes of both count.
    Refuses: BadFacts.
    """
    said = fact_book.decode(dict(told), root="$.facts").values
    if worker_id is None:
        return Facts(said)
    now = ctx.clock.now()
    kept, mine, proven = await asyncio.gather(
        kept_facts.of(ctx, worker_id),
        identities.classes_of(ctx, worker_id, now),
        identities.verified_classes_of(ctx, worker_id, now),
    )
    values = {**fact_book.decode(kept).values, **said}
    named = values.get(CLASSES)
    classes = frozenset(map(str, mine))
    if isinstance(named, frozenset):
        classes |= named
    if classes:
        values[CLASSES] = classes
    verified = {CLASSES: frozenset(map(str, proven))} if proven else {}
    return Facts(values, verified)


def judge(
    programme: Programme, session: Session | None, facts: Facts, applied_at: datetime
) -> Verdict:
    """Ask the programme's rule about a person (资格判定).

    Rules: the application date is the day the request arrived, also when asked
    again later; ``deadline`` is the last day of the sign-up window.
    """
    rule = rule_of(programme)
    if rule is None:
        return ANYBODY
    at: dict[str, date] = {"application_date": day_of(applied_at)}
    if session is not None:
        at |= {"deadline": session.deadline, "event_date": day_of(session.starts_at)}
    return evaluate(rule, facts, at)


def admit(programme: Programme, verdict: Verdict) -> Admitted:
    """Let in who fits, and who only has papers to bring if the programme waits.

    Refuses: NotEligible, FactsMissing, DocumentsMissing.
    """
    if verdict.status is Status.NOT_ELIGIBLE:
        failed = [
            {
                "id": each.id,
                "says": each.says,
                "cites": each.cites,
                "because": each.because,
            }
            for each in verdict.failed
        ]
        raise NotEligible({"failed": failed})
    if verdict.status is Status.UNKNOWN:
        raise FactsMissing(_asking(verdict))
    if verdict.status is Status.NEEDS_DOCUMENT and not programme.documents_later:
        raise DocumentsMissing(_asking(verdict))
    return Admitted(status=verdict.status, used=verdict.used, declared=verdict.declared)


def classes_in(facts: Facts) -> frozenset[str]:
    """Return the client classes among the facts."""
    classes = facts.values.get(CLASSES)
    return classes if isinstance(classes, frozenset) else frozenset()


def _asking(verdict: Verdict) -> dict[str, Any]:
    asked = questions.next_questions([verdict])
    return {"missing": msgspec.to_builtins(asked)}
