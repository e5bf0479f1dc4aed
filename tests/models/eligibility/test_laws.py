"""What must hold for every rule and everybody, tried on made-up ones."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import regions
from models.eligibility import facts, kleene, tree
from models.eligibility.compiled import Rule, lay_flat
from models.eligibility.evaluate import Status, Verdict, evaluate
from models.eligibility.facts import Facts
from models.eligibility.outlook import Power
from models.eligibility.vocabulary import FACTS
from tests.models.eligibility.strategies import (
    AT,
    SMALL,
    TODAY,
    any_rules,
    people,
    small_rules,
)

Three = bool | None
THREE: tuple[Three, ...] = (True, False, None)
STATUS = {True: Status.ELIGIBLE, False: Status.NOT_ELIGIBLE}


def laid(raw: dict[str, Any]) -> Rule:
    """A rule as written, sensible or not: the laws hold for both."""
    root = tree.parse(raw).root
    assert root is not None
    return lay_flat(root)


def holds(raw: dict[str, Any], person: dict[str, Any]) -> bool:
    """The rule in plain two-valued Python, for somebody of whom all is known."""
    if "all" in raw:
        return all(holds(each, person) for each in raw["all"])
    if "any" in raw:
        return any(holds(each, person) for each in raw["any"])
    if "not" in raw:
        return not holds(raw["not"], person)
    return LEAVES[raw["op"]](raw, person[raw["fact"]])


def between(raw: dict[str, Any], value: Any) -> bool:
    order: list[Any] = list(FACTS[raw["fact"]].choices) or SMALL[raw["fact"]]
    return order.index(raw["min"]) <= order.index(value) <= order.index(raw["max"])


def inside(raw: dict[str, Any], value: str) -> bool:
    return not {value, *regions.ancestors(value)}.isdisjoint(raw["value"])


LEAVES: dict[str, Callable[[dict[str, Any], Any], bool]] = {
    "eq": lambda raw, value: value == raw["value"],
    "in": lambda raw, value: not value.isdisjoint(raw["value"]),
    "between": between,
    "region_within": inside,
    "days_since": lambda raw, value: raw["min"] <= (TODAY - value).days <= raw["max"],
}


def completions(rule: Rule, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everybody this person may turn out to be."""
    names = rule.facts
    possible = [
        sorted(regions.finest(known[name]))
        if name == "work_region" and name in known
        else [known[name]]
        if name in known
        else SMALL[name]
        for name in names
    ]
    for values in itertools.product(*possible):
        yield dict(zip(names, values, strict=True))


def outcomes(
    raw: dict[str, Any], rule: Rule, known: dict[str, Any]
) -> dict[tuple[Any, ...], bool]:
    return {
        tuple(person.values()): holds(raw, person)
        for person in completions(rule, known)
    }


def matters(table: dict[tuple[Any, ...], bool], place: int) -> bool:
    """Whether two people who differ in one fact only come out differently."""
    seen: dict[tuple[Any, ...], bool] = {}
    for values, outcome in table.items():
        others = values[:place] + values[place + 1 :]
        if seen.setdefault(others, outcome) is not outcome:
            return True
    return False


def power(table: dict[tuple[Any, ...], bool], place: int) -> Power:
    ends: dict[Any, set[bool]] = {}
    for values, outcome in table.items():
        ends.setdefault(values[place], set()).add(outcome)
    decided = [len(each) == 1 for each in ends.values()]
    if not any(decided):
        return Power.NARROWS
    return Power.DECIDES if all(decided) else Power.MAY_DECIDE


@st.composite
def partly_known(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rule, and some of what there is to know for it; regions may be wide."""
    raw = draw(small_rules())
    known = {}
    for name in laid(raw).facts:
        if draw(st.booleans()):
            wide = ["410100", "410000", "100000"] if name == "work_region" else []
            known[name] = draw(st.sampled_from(SMALL[name] + wide))
    return raw, known


@settings(max_examples=120, deadline=None)
@given(partly_known())
def test_the_answer_and_what_is_missing_are_exactly_what_trying_everything_finds(
    case: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    raw, known = case
    rule = laid(raw)
    verdict = evaluate(rule, Facts(known), AT)
    table = outcomes(raw, rule, known)
    ends = set(table.values())
    if len(ends) == 1:
        assert verdict.status is STATUS[ends.pop()]
        assert verdict.missing == ()
        return
    assert verdict.status is Status.UNKNOWN
    places = {name: place for place, name in enumerate(rule.facts)}
    assert set(verdict.missing) == {
        name for name, place in places.items() if matters(table, place)
    }
    assert {want.name: want.power for want in verdict.wants} == {
        name: power(table, places[name]) for name in verdict.missing
    }
    assert {want.name for want in verdict.wants if want.finer} == {
        name for name in verdict.missing if name in known
    }


@settings(max_examples=100, deadline=None)
@given(partly_known(), st.data())
def test_one_more_fact_never_turns_a_decided_answer(
    case: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    raw, known = case
    rule = laid(raw)
    before = evaluate(rule, Facts(known), AT)
    for name in rule.facts:
        if name not in known:
            known[name] = data.draw(st.sampled_from(SMALL[name]))
        elif name == "work_region":
            parts = sorted(regions.finest(known[name]))
            known[name] = data.draw(st.sampled_from(parts))
        after = evaluate(rule, Facts(known), AT)
        if before.status in STATUS.values():
            assert after.status is before.status
        before = after
    assert before.status in STATUS.values()


@settings(max_examples=80, deadline=None)
@given(any_rules, people, people)
def test_more_facts_never_turn_a_decided_answer_whatever_the_rule(
    raw: dict[str, Any], some: dict[str, Any], more: dict[str, Any]
) -> None:
    rule = laid(raw)
    before = evaluate(rule, facts.decode(some), AT)
    later = AT | {"deadline": TODAY, "hiring_date": TODAY}
    after = evaluate(rule, facts.decode(more | some), later)
    if before.status in STATUS.values():
        assert after.status is before.status


@settings(max_examples=100, deadline=None)
@given(any_rules, people, st.dictionaries(st.sampled_from(list(AT)), st.dates()))
def test_there_is_a_verdict_for_everybody_on_any_day(
    raw: dict[str, Any], person: dict[str, Any], at: dict[str, date]
) -> None:
    rule = laid(raw)
    verdict = evaluate(rule, facts.decode(person), at)
    decided = verdict.status in STATUS.values()
    assert decided == (verdict.missing == ())
    assert [each.id for each in verdict.conditions] == [
        test.leaf.id for test in rule.tests
    ]
    assert set(verdict.declared) == set(verdict.used) <= set(person)


@settings(max_examples=100, deadline=None)
@given(any_rules, people)
def test_the_facts_used_are_all_that_the_answer_needs(
    raw: dict[str, Any], person: dict[str, Any]
) -> None:
    rule, known = laid(raw), facts.decode(person)
    full = evaluate(rule, known, AT)
    less = Facts({name: known.values[name] for name in full.used})
    again = evaluate(rule, less, AT)
    assert (again.status, again.wants, again.used) == (
        full.status,
        full.wants,
        full.used,
    )


@settings(max_examples=80, deadline=None)
@given(any_rules, people, st.randoms())
def test_the_order_of_the_parts_does_not_matter(
    raw: dict[str, Any], person: dict[str, Any], random: Any
) -> None:
    def shuffled(node: dict[str, Any]) -> dict[str, Any]:
        for joint in ("all", "any"):
            if joint in node:
                parts = [shuffled(each) for each in node[joint]]
                return {joint: random.sample(parts, len(parts))}
        return {"not": shuffled(node["not"])} if "not" in node else node

    known = facts.decode(person)
    one = evaluate(laid(raw), known, AT)
    other = evaluate(laid(shuffled(raw)), known, AT)
    assert said(one) == said(other)


@settings(max_examples=80, deadline=None)
@given(any_rules, people)
def test_de_morgan_holds_for_whole_rules(
    raw: dict[str, Any], person: dict[str, Any]
) -> None:
    def pushed(node: dict[str, Any], wanted: bool) -> dict[str, Any]:
        if "not" in node:
            return pushed(node["not"], not wanted)
        for joint, other in (("all", "any"), ("any", "all")):
            if joint in node:
                parts = [pushed(each, wanted) for each in node[joint]]
                return {joint if wanted else other: parts}
        return node if wanted else {"not": node}

    known = facts.decode(person)
    one = evaluate(laid(raw), known, AT)
    other = evaluate(laid(pushed(raw, True)), known, AT)
    assert said(one) == said(other)
    contrary = evaluate(laid({"not": raw}), known, AT)
    assert contrary.missing == one.missing
    assert (contrary.status is one.status) == (one.missing != ())


def said(verdict: Verdict) -> tuple[object, ...]:
    return verdict.status, verdict.wants


def test_kleenes_tables_are_the_strong_ones() -> None:
    def expected(one: Three, other: Three) -> Three:
        if one is False or other is False:
            return False
        return True if one is True and other is True else None

    for one, other in itertools.product(THREE, repeat=2):
        assert kleene.all_of((one, other)) is expected(one, other)


def test_kleenes_values_obey_de_morgan_and_come_in_any_order() -> None:
    def no(value: Three) -> Three:
        return kleene.opposite((value,))

    for values in itertools.product(THREE, repeat=3):
        contrary = [no(each) for each in values]
        assert no(kleene.all_of(values)) is kleene.any_of(contrary)
        assert no(kleene.any_of(values)) is kleene.all_of(contrary)
        for other in itertools.permutations(values):
            assert kleene.all_of(values) is kleene.all_of(other)
            assert kleene.any_of(values) is kleene.any_of(other)
        assert no(no(values[0])) is values[0]


def test_kleenes_values_only_grow_with_what_is_known() -> None:
    for values in itertools.product(THREE, repeat=3):
        for full in itertools.product((True, False), repeat=3):
            if all(v is None or v is f for v, f in zip(values, full, strict=True)):
                for join in (kleene.all_of, kleene.any_of):
                    assert join(values) in (None, join(full))
