"""Matching over HTTP (政策匹配): what fits me, why, and what I was told before."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.access import worker, worker_if_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES, per_minute
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.worker.policy_lists import Region
from models.base.pages import BadCursor, Page
from models.base.units import Day, Instant
from models.eligibility import facts as known_facts
from models.eligibility.evaluate import Condition, Status, Truth
from models.eligibility.facts import BadFacts
from models.eligibility.questions import Question
from models.policies import advice, matching
from models.policies.advice import Advice, Answer, NoSuchAdvice
from models.policies.benefits import Benefit
from models.policies.history import NotYet
from models.policies.matching import Match, Matches, Wanted
from models.policies.notes import Note
from models.policies.vocabulary import LEVEL_NAMES, TOPIC_NAMES, Level, Topic

MATCHES = per_minute("matches", 600)
"""One call a question; without signing in, an address may be a whole carrier's."""

FEN_A_YUAN = 100

NOTICE = "结果根据您填写的情况得出，仅供参考，能否办理以经办窗口审核为准。"

MostValues = Meta(max_length=60, description="Fact names to values; see `questions`.")


class MatchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is known of the person; signed in, beside what they told before."""

    facts: Annotated[dict[str, Any], MostValues] = {}
    at: Annotated[dict[str, Any], MostValues] = {}
    """Dates of the matter: application_date, deadline, hiring_date, event_date."""
    as_of: Day | None = None
    """Ask what was in force on this past day."""
    topic: Topic | None = None
    region: Region | None = None
    """Leave out what is for other places."""
    keep: bool = True
    """Signed in, keep the answer under my matches."""


class MatchesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on, how many."""

    cursor: Cursor | None = None
    limit: Limit = 20


class ReasonView(msgspec.Struct):
    """One condition of the policy, and what became of it."""

    id: str
    says: str
    cites: str
    verdict: Truth
    must_be: bool
    because: str | None

    @classmethod
    def of(cls, condition: Condition) -> "ReasonView":
        """Show a condition."""
        return cls(
            id=condition.id,
            says=condition.says,
            cites=condition.cites,
            verdict=condition.verdict,
            must_be=condition.must_be,
            because=condition.because,
        )


class BetterView(msgspec.Struct):
    """The one to take instead, and why."""

    policy_id: str
    title: str
    why: str

    @classmethod
    def of(cls, note: Note, better: Note) -> "BetterView":
        """Say why one of two that exclude each other is better."""
        title = better.identity.title
        return cls(better.policy_id, title, _why(note.benefit, better.benefit, title))


class MatchView(msgspec.Struct, kw_only=True):
    """One policy and me."""

    policy_id: str
    edition_id: str
    title: str
    summary: str
    topic: Topic
    topic_name: str
    level: Level
    level_name: str
    effective_from: Day
    status: Status
    declared_only: bool
    """It rests on what nobody has verified; papers are looked at when applying."""
    reasons: list[ReasonView]
    """The conditions the answer rests on."""
    missing: tuple[str, ...]
    """Facts that can still change the answer, the best to ask first."""
    benefit: Benefit | None
    better: BetterView | None

    @classmethod
    def of(cls, match: Match) -> "MatchView":
        """Show a match."""
        note, verdict, better = match.note, match.verdict, match.better
        identity = note.identity
        return cls(
            policy_id=note.policy_id,
            edition_id=note.id,
            title=identity.title,
            summary=note.summary,
            topic=identity.topic,
            topic_name=TOPIC_NAMES[identity.topic],
            level=identity.level,
            level_name=LEVEL_NAMES[identity.level],
            effective_from=note.effective_from,
            status=verdict.status,
            declared_only=bool(verdict.declared),
            reasons=[
                ReasonView.of(each) for each in verdict.conditions if each.decides
            ],
            missing=verdict.missing,
            benefit=note.benefit,
            better=None if better is None else BetterView.of(note, better),
        )


class MatchesView(msgspec.Struct, kw_only=True):
    """Everything that was looked at, the best first."""

    id: str | None
    """Under which it is kept; null when it is not."""
    items: list[MatchView]
    questions: tuple[Question, ...]
    """What to ask next over all of them, the best first."""
    notice: str

    @classmethod
    def of(cls, matches: Matches, kept: Advice | None) -> "MatchesView":
        """Show matches."""
        return cls(
            id=None if kept is None else kept.id,
            items=[MatchView.of(each) for each in matches.items],
            questions=matches.questions,
            notice=NOTICE,
        )


class KeptMatchView(msgspec.Struct, kw_only=True):
    """What I was told, and on what it rested."""

    id: str
    at: Instant
    dates: dict[str, Day]
    as_of: Day | None
    facts: dict[str, Any]
    """Those the answers rested on; sensitive ones only under the consent `facts`."""
    verified: tuple[str, ...]
    """Those of them that the union had seen proof of."""
    answers: tuple[Answer, ...]


class MatchesHandler(Handler):
    """What fits a person."""

    @endpoint(access=worker_if_any, refusals=(BadFacts, NotYet), limit=MATCHES)
    async def post(self, *, body: MatchRequest) -> MatchesView:
        """Tell which policies fit, why, and what to ask next; signed in, keep it."""
        wanted = Wanted(
            at=known_facts.decode_dates(body.at),
            as_of=body.as_of,
            topic=body.topic,
            region=body.region,
        )
        facts = await matching.facts_of(self.ctx, body.facts, self.actor)
        found = await matching.match(self.ctx, facts, wanted)
        kept = None
        if self.actor is not None and body.keep:
            kept = await advice.keep(self.ctx, found, facts, wanted, by=self.actor)
        return MatchesView.of(found, kept)


class MyMatchesHandler(Handler):
    """What I was told before."""

    @endpoint(access=worker, refusals=(BadCursor,))
    async def get(self, *, query: MatchesQuery) -> Page[KeptMatchView]:
        """List my matches, newest first."""
        page = await advice.of(
            self.ctx, by=self.actor, cursor=query.cursor, limit=query.limit
        )
        return Page([self._shown(each) for each in page.items], page.next)

    def _shown(self, kept: Advice) -> KeptMatchView:
        return KeptMatchView(
            id=kept.id,
            at=kept.at,
            dates=kept.dates,
            as_of=kept.as_of,
            facts=advice.facts_used(self.ctx, kept),
            verified=kept.verified,
            answers=kept.answers,
        )


class MyMatchHandler(Handler):
    """One of them."""

    @endpoint(access=worker, status=204, refusals=(NoSuchAdvice,), limit=WRITES)
    async def delete(self, match_id: str) -> None:
        """Delete a match from my record."""
        await advice.forget(self.ctx, match_id, by=self.actor)


def _why(mine: Benefit | None, better: Benefit | None, title: str) -> str:
    here = None if mine is None else mine.yearly_fen
    there = None if better is None else better.yearly_fen
    only_one = f"这项和《{title}》只能选一项"
    if there is None:
        return f"{only_one}，请按自己的需要选择。"
    if here is None:
        return f"{only_one}，后者一年最多约{_yuan(there)}元，建议先办后者。"
    if here == there:
        return f"{only_one}，两项标准相同，选一项办理即可。"
    return (
        f"{only_one}，后者一年最多约{_yuan(there)}元，"
        f"这项约{_yuan(here)}元，建议办后者。"
    )


def _yuan(fen: int) -> str:
    yuan = fen / FEN_A_YUAN
    return f"{yuan:,.0f}" if fen % FEN_A_YUAN == 0 else f"{yuan:,.2f}"


ROUTES: list[Route] = [
    ("/worker/v1/policy-matches", MatchesHandler),
    ("/worker/v1/me/matches", MyMatchesHandler),
    ("/worker/v1/me/matches/{match_id}", MyMatchHandler),
]
