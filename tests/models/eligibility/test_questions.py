"""What is asked next is what settles most, and what is private is asked last."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.eligibility import facts
from models.eligibility.compiled import lay_flat
from models.eligibility.evaluate import Verdict, evaluate
from models.eligibility.questions import next_questions
from models.eligibility.rules import decode
from models.eligibility.tree import parse
from models.eligibility.vocabulary import FACTS
from tests.models.eligibility.strategies import any_rules, leaf, people

AT = {"application_date": date(2026, 3, 1)}

RENTING = leaf("renting", "eq", "renting", value=True)
MEMBER = leaf("union_member", "eq", "member", value=True)
HEAT = leaf("heat_work", "eq", "heat", value=True)
AGE = leaf("birth_date", "age_between", "age", min=18)
DISABLED = leaf("disabled", "eq", "disabled", value=True)


def asked(*raw: dict[str, Any], **known: object) -> list[str]:
    return [question.name for question in next_questions(verdicts(*raw, **known))]


def verdicts(*raw: dict[str, Any], **known: object) -> list[Verdict]:
    person = facts.decode(known)
    return [evaluate(decode(each), person, AT) for each in raw]


def test_what_decides_most_rules_is_asked_first() -> None:
    assert asked(HEAT, RENTING, {"all": [RENTING, MEMBER]}) == [
        "renting",
        "heat_work",
        "union_member",
    ]


def test_what_may_decide_goes_before_what_only_narrows() -> None:
    inner = {"any": [HEAT, MEMBER]}
    assert asked({"all": [inner, RENTING]}) == ["renting", "union_member", "heat_work"]


def test_a_sensitive_fact_waits_for_every_ordinary_one() -> None:
    rules_ = [AGE, AGE, AGE, {"all": [DISABLED, RENTING]}]
    assert asked(*rules_) == ["renting", "birth_date", "disabled"]
    assert asked(*rules_, renting=False) == ["birth_date"]


def test_equal_questions_come_in_the_order_of_the_table() -> None:
    assert asked(HEAT, RENTING, MEMBER) == ["union_member", "renting", "heat_work"]
    assert asked(MEMBER, HEAT, RENTING) == ["union_member", "renting", "heat_work"]


def test_nothing_is_asked_once_all_is_decided() -> None:
    assert asked(RENTING, {"any": [RENTING, AGE]}, renting=True) == []


def test_a_question_says_how_to_ask_and_what_it_is_good_for() -> None:
    college = leaf("education", "between", "edu", min="college")
    first, second = next_questions(
        verdicts(college, {"all": [college, RENTING]}, {"any": [college, RENTING]})
    )
    assert (first.name, first.part, first.kind) == ("education", "facts", "enum")
    assert first.question == "您的最高学历是什么？"
    assert first.choices["college"] == "大专"
    assert (first.decides, first.may_decide, first.rules) == (1, 3, 3)
    assert (second.decides, second.may_decide, second.rules) == (0, 2, 2)


def test_a_date_of_the_matter_is_sent_apart_from_facts() -> None:
    young = leaf("hired_on", "months_since", "new", max=3, at="event_date")
    (question,) = next_questions(verdicts(young, hired_on="2026-01-01"))
    assert (question.name, question.part) == ("event_date", "at")


def test_a_region_too_wide_is_asked_for_more_finely() -> None:
    here = leaf("work_region", "region_within", "here", value="410172")
    (question,) = next_questions(verdicts(here, work_region="410000"))
    assert (question.name, question.finer) == ("work_region", True)


@settings(max_examples=50, deadline=None)
@given(st.lists(any_rules, min_size=1, max_size=4), people)
def test_questions_are_what_the_verdicts_miss_ordinary_ones_first(
    raw: list[dict[str, Any]], person: dict[str, Any]
) -> None:
    known = facts.decode(person)
    found = [evaluate(_laid(each), known, AT) for each in raw]
    questions = next_questions(found)
    assert {each.name for each in questions} == {
        name for verdict in found for name in verdict.missing
    }
    private = [each.sensitive for each in questions]
    assert private == sorted(private)
    for each in questions:
        assert 0 <= each.decides <= each.may_decide <= each.rules <= len(found)
        if each.part == "facts":
            assert each.sensitive == FACTS[each.name].sensitive


def _laid(raw: dict[str, Any]) -> Any:
    root = parse(raw).root
    assert root is not None
    return lay_flat(root)
