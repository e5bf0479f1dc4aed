"""What a rule may speak of, over HTTP (条件词表): facts, dates, comparisons, regions.

A form that builds rules and test persons is made of this; it changes only with a
release, so one answer serves a day's work.
"""

from collections.abc import Mapping

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.worker.regions import RegionsView, RegionView
from models.eligibility import tree
from models.eligibility.operators import DATED, FITS, Op
from models.eligibility.vocabulary import FACTS, MOMENTS, Fact, Kind
from models.policies.transitions import ANY
from models.unions.permissions import Permission

RULED = (*ANY, Permission.TRAININGS)
"""Whoever has rules to write or to read: of policies, and of who may sign up."""


class FactView(msgspec.Struct):
    """One thing a rule may ask of a person, and how it may be compared."""

    name: str
    label: str
    question: str
    kind: Kind
    choices: Mapping[str, str]
    ordered: bool
    most: int
    """For int: the largest answer."""
    unit: str
    sensitive: bool
    ops: list[Op]

    @classmethod
    def of(cls, fact: Fact) -> "FactView":
        """Show a fact."""
        return cls(
            name=fact.name,
            label=fact.label,
            question=fact.question,
            kind=fact.kind,
            choices=fact.choices,
            ordered=fact.ordered,
            most=fact.most,
            unit=fact.unit,
            sensitive=fact.sensitive,
            ops=[op for op in Op if FITS[op](fact)],
        )


class RuleVocabularyView(msgspec.Struct):
    """The words of all rules, in the order of asking."""

    facts: list[FactView]
    moments: list[FactView]
    """Dates a caller names; a comparison that is `dated` may be looked at on one."""
    dated: list[Op]
    regions: list[RegionView]
    most_depth: int
    most_nodes: int


class RuleVocabularyHandler(Handler):
    """The words of all rules."""

    @endpoint(access=official(*RULED))
    async def get(self) -> RuleVocabularyView:
        """Tell what a rule may speak of, and the regions there are."""
        return RuleVocabularyView(
            facts=[FactView.of(fact) for fact in FACTS.values()],
            moments=[FactView.of(day) for day in MOMENTS.values()],
            dated=[op for op in Op if op in DATED],
            regions=RegionsView.today().regions,
            most_depth=tree.MAX_DEPTH,
            most_nodes=tree.MAX_NODES,
        )


ROUTES: list[Route] = [("/union/v1/rule-vocabulary", RuleVocabularyHandler)]
