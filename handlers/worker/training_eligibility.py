"""Whether I may take a training, over HTTP (报名资格): asked and answered, not kept."""

from typing import Any

import msgspec

from handlers.base import limits
from handlers.base.access import worker_if_any
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.units import Id
from models.eligibility import questions
from models.eligibility.evaluate import Status, Truth, Verdict
from models.eligibility.facts import BadFacts
from models.eligibility.questions import Question
from models.trainings import admission
from models.trainings.programmes import NoSuchProgramme
from models.trainings.sessions import NoSuchTrainingSession


class EligibilityRequest(msgspec.Struct, forbid_unknown_fields=True):
    """For which session, and what we do not know yet; used and not kept."""

    session_id: Id | None = None
    """Without one, dates that belong to a session are asked for."""
    facts: dict[str, Any] = {}


class ConditionView(msgspec.Struct):
    """One condition of the rule, and what became of it."""

    id: str
    says: str
    cites: str
    verdict: Truth
    must_be: bool
    decides: bool
    because: str | None


class AdmissionView(msgspec.Struct, kw_only=True):
    """Whether I may sign up, why, and what is missing to say so."""

    status: Status
    conditions: list[ConditionView]
    missing: list[Question]

    @classmethod
    def of(cls, verdict: Verdict) -> "AdmissionView":
        """Show a verdict."""
        return cls(
            status=verdict.status,
            conditions=[
                ConditionView(
                    id=each.id,
                    says=each.says,
                    cites=each.cites,
                    verdict=each.verdict,
                    must_be=each.must_be,
                    decides=each.decides,
                    because=each.because,
                )
                for each in verdict.conditions
            ],
            missing=questions.next_questions([verdict]),
        )


class TrainingEligibilityHandler(Handler):
    """Whether somebody fits a programme; asked, not kept."""

    @endpoint(
        access=worker_if_any,
        refusals=(NoSuchProgramme, NoSuchTrainingSession, BadFacts),
        limit=limits.SEARCH,
    )
    async def post(
        self, programme_id: str, *, body: EligibilityRequest
    ) -> AdmissionView:
        """Tell whether I may sign up, with reasons and what is still missing."""
        who = None if self.actor is None else self.actor.id
        verdict = await admission.ask(
            self.ctx, programme_id, body.session_id, who, body.facts
        )
        return AdmissionView.of(verdict)


ROUTES: list[Route] = [
    ("/worker/v1/trainings/{programme_id}/eligibility", TrainingEligibilityHandler),
]
