"""An editor cannot keep a rule that makes no sense, and is told where and why."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.eligibility import rules, tree
from models.eligibility.checks import check_rule
from models.eligibility.compiled import lay_flat
from models.eligibility.evaluate import Status, evaluate
from models.eligibility.facts import Facts
from models.eligibility.problems import BadRule, Flaw
from models.eligibility.tree import MAX_DEPTH, MAX_NODES
from models.eligibility.vocabulary import FACTS, Kind
from tests.models.eligibility.strategies import AT, leaf, numbered, small_rules

AGE = leaf("birth_date", "age_between", min=16, max=59)


def found(raw: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.flaw) for problem in check_rule(raw)]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in AGE.items() if key != name}


@pytest.mark.parametrize(
    ("raw", "path", "flaw"),
    [
        (None, "$", Flaw.BAD_SHAPE),
        ([], "$", Flaw.BAD_SHAPE),
        ("all", "$", Flaw.BAD_SHAPE),
        ({"all": []}, "$.all", Flaw.BAD_SHAPE),
        ({"all": AGE}, "$.all", Flaw.BAD_SHAPE),
        ({"any": [3]}, "$.any[0]", Flaw.BAD_SHAPE),
        ({"not": []}, "$.not", Flaw.BAD_SHAPE),
        ({"all": [AGE], "any": [AGE]}, "$", Flaw.BAD_SHAPE),
        (AGE | {"unless": True}, "$.unless", Flaw.BAD_SHAPE),
        (without("id"), "$.id", Flaw.BAD_ID),
        (AGE | {"id": "Age"}, "$.id", Flaw.BAD_ID),
        (AGE | {"id": "a" * 41}, "$.id", Flaw.BAD_ID),
        (without("says"), "$.says", Flaw.MISSING_SAYS),
        (AGE | {"says": "  "}, "$.says", Flaw.MISSING_SAYS),
        (without("cites"), "$.cites", Flaw.MISSING_CITES),
        (AGE | {"cites": 3}, "$.cites", Flaw.MISSING_CITES),
        (without("fact"), "$.fact", Flaw.UNKNOWN_FACT),
        (AGE | {"fact": "marital_status"}, "$.fact", Flaw.UNKNOWN_FACT),
        (AGE | {"fact": "application_date"}, "$.fact", Flaw.UNKNOWN_FACT),
        (AGE | {"op": "younger"}, "$.op", Flaw.UNKNOWN_OP),
        (AGE | {"at": "today"}, "$.at", Flaw.UNKNOWN_DATE),
        (AGE | {"at": "renting"}, "$.at", Flaw.UNKNOWN_DATE),
        (AGE | {"at": "birth_date"}, "$.at", Flaw.UNKNOWN_DATE),
        (AGE | {"at": 3}, "$.at", Flaw.UNKNOWN_DATE),
        (leaf("renting", "eq", value=True, at="deadline"), "$.at", Flaw.UNKNOWN_DATE),
        (AGE | {"fact": "children"}, "$.op", Flaw.OP_MISFIT),
        (leaf("work_region", "eq", value="410172"), "$.op", Flaw.OP_MISFIT),
        (leaf("hired_on", "eq", value="2026-01-01"), "$.op", Flaw.OP_MISFIT),
        (leaf("platform_kind", "between", min="trucking"), "$.op", Flaw.OP_MISFIT),
        (leaf("education", "has_document", value="diploma"), "$.op", Flaw.OP_MISFIT),
        (leaf("renting", "eq"), "$.value", Flaw.BAD_VALUE),
        (leaf("renting", "eq", value=1), "$.value", Flaw.BAD_VALUE),
        (leaf("renting", "eq", value=True, min=1), "$.min", Flaw.BAD_VALUE),
        (leaf("education", "eq", value="phd"), "$.value", Flaw.BAD_VALUE),
        (leaf("education", "in", value="college"), "$.value", Flaw.BAD_VALUE),
        (leaf("education", "in", value=[]), "$.value", Flaw.BAD_VALUE),
        (leaf("education", "in", value=["college"] * 101), "$.value", Flaw.BAD_VALUE),
        (leaf("work_region", "region_within", value="41017"), "$.value", "bad_value"),
        (leaf("work_region", "region_within", value=410172), "$.value", "bad_value"),
        (leaf("work_region", "region_within", value=[]), "$.value", Flaw.BAD_VALUE),
        (leaf("hired_on", "on_or_after", value="1.3.2026"), "$.value", Flaw.BAD_VALUE),
        (leaf("documents", "has_document", value="map"), "$.value", Flaw.BAD_VALUE),
        (AGE | {"value": 16}, "$.value", Flaw.BAD_VALUE),
        (leaf("birth_date", "age_between"), "$.min", Flaw.BAD_VALUE),
        (leaf("birth_date", "age_between", min="16"), "$.min", Flaw.BAD_VALUE),
        (leaf("birth_date", "age_between", min=True), "$.min", Flaw.BAD_VALUE),
        (leaf("birth_date", "age_between", min=-1), "$.min", Flaw.BAD_VALUE),
        (leaf("birth_date", "age_between", max=151), "$.max", Flaw.BAD_VALUE),
        (leaf("children", "between", max=21), "$.max", Flaw.BAD_VALUE),
        (AGE | {"min": 60}, "$.min", Flaw.IMPOSSIBLE_RANGE),
        (leaf("children", "between", min=3, max=2), "$.min", Flaw.IMPOSSIBLE_RANGE),
        (
            leaf("education", "between", min="master", max="college"),
            "$.min",
            Flaw.IMPOSSIBLE_RANGE,
        ),
        (leaf("hired_on", "days_since", max=-1), "$.min", Flaw.IMPOSSIBLE_RANGE),
        (leaf("hired_on", "months_since", max=0), "$.max", Flaw.IMPOSSIBLE_RANGE),
        (leaf("children", "between", min=0), "$", Flaw.SAYS_NOTHING),
        (leaf("education", "between", max="master"), "$", Flaw.SAYS_NOTHING),
        (leaf("work_region", "region_within", value="100000"), "$", Flaw.SAYS_NOTHING),
        (leaf("hired_on", "on_or_before", value="2100-12-31"), "$", Flaw.SAYS_NOTHING),
    ],
)
def test_a_senseless_rule_is_refused_with_its_place(
    raw: object, path: str, flaw: str
) -> None:
    assert found(raw) == [(path, flaw)]


def two(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {"all": [one | {"id": "one"}, other | {"id": "other"}]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            leaf("birth_date", "age_between", min=16, max=20),
            leaf("birth_date", "age_between", min=30, max=40),
        ),
        (
            leaf("education", "eq", value="college"),
            leaf("education", "eq", value="master"),
        ),
        (leaf("renting", "eq", value=True), leaf("renting", "eq", value=False)),
        (
            leaf("education", "between", min="bachelor"),
            leaf("education", "in", value=["junior", "high_school"]),
        ),
        (
            leaf("pension_months", "between", min=24),
            leaf("pension_months", "between", max=23),
        ),
        (
            leaf("work_region", "region_within", value="410172"),
            leaf("work_region", "region_within", value=["410102", "411600"]),
        ),
        (
            leaf("hired_on", "months_since", min=12),
            leaf("hired_on", "days_since", max=180),
        ),
        (
            leaf("hired_on", "on_or_after", value="2026-01-02"),
            leaf("hired_on", "on_or_before", value="2026-01-01"),
        ),
    ],
)
def test_conditions_that_cannot_hold_together_are_refused(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert found(two(one, other)) == [("$.all[1]", Flaw.CONTRADICTION)]
    assert found(two(other, one)) == [("$.all[1]", Flaw.CONTRADICTION)]
    nested = numbered({"all": [one, {"all": [{"not": {"any": [{"not": other}]}}]}]})
    assert [flaw for _, flaw in found(nested)] == [Flaw.CONTRADICTION]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            leaf("client_classes", "eq", value="migrant_worker"),
            leaf("client_classes", "eq", value="platform_worker"),
        ),
        (
            leaf("documents", "has_document", value="diploma"),
            leaf("documents", "has_document", value="id_card"),
        ),
        (
            leaf("work_region", "region_within", value="410100"),
            leaf("work_region", "region_within", value="410172"),
        ),
        (
            leaf("work_region", "region_within", value="410172"),
            leaf("hukou_region", "region_within", value="440000"),
        ),
        (
            leaf("birth_date", "age_between", max=20),
            leaf("birth_date", "age_between", min=30, at="deadline"),
        ),
        (
            leaf("hired_on", "on_or_after", value="2026-06-01"),
            leaf("hired_on", "months_since", min=6),
        ),
        (
            leaf("hired_on", "months_since", min=1),
            leaf("hired_on", "days_since", max=30),
        ),
        (
            leaf("pension_months", "between", min=12),
            leaf("pension_months", "between", max=12),
        ),
    ],
)
def test_conditions_that_can_hold_together_are_kept(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert found(two(one, other)) == []


def test_either_of_two_contradicting_conditions_may_be_asked_for() -> None:
    young = leaf("birth_date", "age_between", min=16, max=20, name="young")
    old = leaf("birth_date", "age_between", min=30, max=40, name="old")
    assert found({"any": [young, old]}) == []


def test_a_condition_and_its_opposite_contradict() -> None:
    renting = leaf("renting", "eq", value=True)
    assert found(two(renting, renting)) == []
    both = {"all": [renting | {"id": "one"}, {"not": renting | {"id": "other"}}]}
    assert found(both) == [("$.all[1].not", Flaw.CONTRADICTION)]


def test_a_rule_for_nobody_or_for_everybody_is_refused() -> None:
    member = leaf("union_member", "eq", value=True)
    renting = leaf("renting", "eq", value=True)
    nobody = {
        "all": [
            {"any": [member, renting]},
            {"any": [member, {"not": renting}]},
            {"any": [{"not": member}, renting]},
            {"any": [{"not": member}, {"not": renting}]},
        ]
    }
    assert found(numbered(nobody)) == [("$", Flaw.SAYS_NOTHING)]
    assert found(numbered({"not": nobody})) == [("$", Flaw.SAYS_NOTHING)]
    assert "所有人都符合" in check_rule(numbered({"not": nobody}))[0].message


def test_an_id_is_used_once() -> None:
    renting = leaf("renting", "eq", value=True)
    assert found({"all": [AGE, renting, {"not": renting}]}) == [
        ("$.all[1].id", Flaw.DUPLICATE_ID),
        ("$.all[2].not.id", Flaw.DUPLICATE_ID),
    ]


def test_every_mistake_is_named_at_once() -> None:
    raw = {"all": [AGE | {"fact": "age"}, {"any": [{"id": "x"}]}, AGE | {"min": 99}]}
    assert found(raw) == [
        ("$.all[1].any[0].fact", Flaw.UNKNOWN_FACT),
        ("$.all[1].any[0].op", Flaw.UNKNOWN_OP),
        ("$.all[1].any[0].says", Flaw.MISSING_SAYS),
        ("$.all[1].any[0].cites", Flaw.MISSING_CITES),
        ("$.all[2].id", Flaw.DUPLICATE_ID),
        ("$.all[0].fact", Flaw.UNKNOWN_FACT),
        ("$.all[2].min", Flaw.IMPOSSIBLE_RANGE),
    ]


def deep(levels: int) -> dict[str, Any]:
    raw = AGE
    for _ in range(levels):
        raw = {"not": raw}
    return raw


def test_a_tree_may_be_only_so_deep() -> None:
    assert found(deep(MAX_DEPTH)) == []
    assert [flaw for _, flaw in found(deep(MAX_DEPTH + 1))] == [Flaw.TOO_DEEP]
    assert [flaw for _, flaw in found(deep(100_000))] == [Flaw.TOO_DEEP]


YES_NO = [name for name, fact in FACTS.items() if fact.kind is Kind.BOOL]
COUNTS = [name for name, fact in FACTS.items() if fact.kind is Kind.INT]
NAMES = [*YES_NO, *COUNTS]
ASKED = [leaf(name, "eq", value=True) for name in YES_NO]
ASKED += [leaf(name, "between", min=3) for name in COUNTS]
TANGLED = numbered(
    {
        "all": [
            {"any": ASKED},
            {
                "any": [
                    {"all": [ASKED[n], ASKED[n + len(ASKED) // 2]]}
                    for n in range(len(ASKED) // 2)
                ]
            },
        ]
    }
)
"""Pairs asked for far apart: each half must be remembered until the other comes."""


def test_a_tree_may_be_only_so_large() -> None:
    def wide(width: int) -> dict[str, Any]:
        return numbered({"any": [AGE] * width})

    assert found(wide(MAX_NODES - 1)) == []
    assert found(wide(MAX_NODES)) == [("$", Flaw.TOO_LARGE)]
    assert len(found({"all": [3] * 100_000})) <= MAX_NODES + 2


def test_a_rule_in_which_everything_hangs_on_everything_is_refused() -> None:
    assert found(TANGLED) == [("$", Flaw.TOO_LARGE)]


def test_a_tangled_rule_kept_before_this_was_checked_still_has_a_verdict() -> None:
    root = tree.parse(TANGLED).root
    assert root is not None
    verdict = evaluate(lay_flat(root), Facts(), AT)
    assert verdict.status is Status.UNKNOWN
    assert len(verdict.missing) == len(NAMES)


def test_a_refused_rule_is_not_decoded() -> None:
    with pytest.raises(BadRule) as refused:
        rules.decode(AGE | {"min": 60})
    assert refused.value.code == "bad_rule"
    assert refused.value.details == {
        "problems": [
            {
                "path": "$.min",
                "flaw": "impossible_range",
                "message": "min 不能大于 max，请改正；不写 min 时按 0 算。",
            }
        ]
    }


def test_every_problem_is_a_chinese_sentence() -> None:
    raw = {"all": [AGE | {"fact": "age"}, {"id": "X"}, AGE | {"op": "eq"}, 3]}
    for problem in check_rule(raw):
        assert problem.message.endswith("。")
        assert any("一" <= letter <= "鿿" for letter in problem.message)


@given(small_rules())
def test_a_sound_rule_is_written_back_as_it_was_read(raw: dict[str, Any]) -> None:
    if not check_rule(raw):
        text = json.dumps(raw, default=str)
        assert rules.encode(rules.decode(json.loads(text))) == json.loads(text)


WORDS = st.sampled_from(
    [
        "all",
        "any",
        "not",
        "id",
        "fact",
        "op",
        "value",
        "min",
        "max",
        "at",
        "says",
        "cites",
        "birth_date",
        "renting",
        "education",
        "age_between",
        "eq",
        "between",
        "documents",
        "has_document",
        "region_within",
        "work_region",
        "410100",
        "college",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    WORDS,
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=6)
    ),
    max_leaves=25,
)
LEAFISH = st.fixed_dictionaries(
    {
        "id": st.just("x"),
        "fact": WORDS,
        "op": WORDS,
        "says": st.just("示例"),
        "cites": st.just("第一条"),
    },
    optional={"value": ANYTHING, "min": ANYTHING, "max": ANYTHING, "at": ANYTHING},
)


@given(st.one_of(ANYTHING, LEAFISH, st.builds(lambda x: {"all": [x]}, LEAFISH)))
def test_checking_never_falls_over_whatever_json_comes(raw: object) -> None:
    for problem in check_rule(raw):
        assert problem.path.startswith("$")


def test_a_kept_rule_is_read_again_without_looking_for_contradictions() -> None:
    young = leaf("birth_date", "age_between", max=20)
    old = leaf("birth_date", "age_between", min=60)
    contradicting = two(young, old)
    with pytest.raises(BadRule):
        rules.decode(contradicting)
    assert len(rules.read(contradicting).tests) == 2
    assert rules.encode(rules.read(AGE)) == AGE
    with pytest.raises(BadRule):
        rules.read(AGE | {"fact": "nobody_asks"})
