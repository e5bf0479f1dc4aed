"""A trial of a rule over HTTP (条件试算): whoever writes one sees what comes of it.

Nothing is kept: a form tries what stands in it, and a page what it shows.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from handlers.union.vocabulary import RULED
from models.eligibility import persons, rules
from models.eligibility.persons import Failure, Outcome
from models.eligibility.problems import BadRule


class RuleCheckRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A rule, and the people to try it on."""

    rule: dict[str, Any]
    test_persons: Annotated[list[persons.SaidPerson], Meta(max_length=50)] = []


class RuleCheckView(msgspec.Struct):
    """How a rule did on its test persons."""

    passed: bool
    failures: list[Failure]
    outcomes: list[Outcome]
    """Of each test person that could be read, in their order."""


class RuleCheckHandler(Handler):
    """A trial of any rule."""

    @endpoint(access=official(*RULED), refusals=(BadRule,), limit=WRITES)
    async def post(self, *, body: RuleCheckRequest) -> RuleCheckView:
        """Try a rule on its test persons; nothing is kept of either."""
        rule = rules.decode(body.rule)
        failures = persons.run_test_persons(rule, body.test_persons)
        outcomes = persons.outcomes(rule, body.test_persons)
        return RuleCheckView(not failures, failures, outcomes)


ROUTES: list[Route] = [("/union/v1/rule-check", RuleCheckHandler)]
