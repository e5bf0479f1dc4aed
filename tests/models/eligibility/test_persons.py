"""A rule is tried on made-up people before it may be submitted."""

from typing import Any

import pytest

from models.eligibility import rules
from models.eligibility.persons import outcomes, run_test_persons
from tests.models.eligibility.strategies import leaf

RULE = rules.decode(
    {
        "all": [
            leaf("birth_date", "age_between", "age", min=16),
            leaf("documents", "has_document", "paper", value="diploma"),
        ]
    }
)
AT = {"application_date": "2026-03-01"}


def person(name: str, expects: str, **known: object) -> dict[str, Any]:
    return {"name": name, "facts": known, "at": AT, "expects": expects}


GROWN = person("甲", "eligible", birth_date="2000-01-01", documents=["diploma"])
CHILD = person("乙", "not_eligible", birth_date="2012-01-01")
SILENT = person("丙", "unknown")
THREE = [GROWN, CHILD, SILENT]


def messages(persons: object) -> list[tuple[str, str]]:
    return [(each.path, each.message) for each in run_test_persons(RULE, persons)]


def test_three_people_who_come_out_as_expected_are_enough() -> None:
    assert messages(THREE) == []


def test_lacking_papers_counts_as_unknown_and_may_be_asked_for_exactly() -> None:
    papers = person("丁", "unknown", birth_date="2000-01-01")
    assert messages([GROWN, CHILD, papers]) == []
    assert messages([GROWN, CHILD, papers | {"expects": "needs_document"}]) == []
    assert messages([GROWN, CHILD, SILENT | {"expects": "needs_document"}]) == [
        ("$[2]", "应为“待补材料”，实际是“还不能判断”（documents、birth_date）。")
    ]


@pytest.mark.parametrize(
    ("left", "message"),
    [
        ([CHILD, SILENT], "请至少写一个符合条件的测试人员。"),
        ([GROWN, SILENT], "请至少写一个不符合条件的测试人员。"),
        ([GROWN, CHILD], "请至少写一个情况不全、还不能判断的测试人员。"),
    ],
)
def test_one_of_each_is_needed(left: list[dict[str, Any]], message: str) -> None:
    assert messages(left) == [("$", message)]


def test_a_person_who_comes_out_otherwise_is_named_with_what_decided() -> None:
    wrong = CHILD | {"expects": "eligible"}
    (failure,) = run_test_persons(RULE, [*THREE, wrong])
    assert (failure.path, failure.name) == ("$[3]", "乙")
    assert (failure.expected, failure.got) == ("eligible", "not_eligible")
    assert failure.message == "应为“符合”，实际是“不符合”（age）。"


@pytest.mark.parametrize(
    ("ill", "path"),
    [
        (person("甲", "eligible", shoe_size=43), "$[3].facts.shoe_size"),
        (person("甲", "eligible", birth_date="1.1.2000"), "$[3].facts.birth_date"),
        (GROWN | {"at": {"application_date": "today"}}, "$[3].at.application_date"),
        (GROWN | {"expects": "maybe"}, "$[3]"),
        (GROWN | {"age": 16}, "$[3]"),
        ({"name": "甲"}, "$[3]"),
        ("甲", "$[3]"),
    ],
)
def test_a_person_who_cannot_be_read_is_a_failure(ill: object, path: str) -> None:
    assert [where for where, _ in messages([*THREE, ill])] == [path]


def test_no_list_is_a_failure() -> None:
    assert messages(None) == [("$", "测试人员要写成一个列表。")]
    assert len(messages([])) == 3


def test_each_person_is_told_what_came_of_them_and_why() -> None:
    grown, child, unsure = outcomes(RULE, THREE)
    assert [each.got for each in (grown, child, unsure)] == [
        "eligible",
        "not_eligible",
        "unknown",
    ]
    assert child.against
    assert not grown.against
    assert unsure.asks == ("材料", "出生日期")
    assert outcomes(RULE, ["甲", {"name": "乙"}]) == []
