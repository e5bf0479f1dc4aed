"""Each comparison, at and on both sides of its ends."""

from datetime import date
from typing import Any

import pytest

from models.eligibility import facts, rules
from models.eligibility.evaluate import Truth, evaluate
from tests.models.eligibility.strategies import leaf

ON = "2026-03-01"


def verdict(condition: dict[str, Any], value: object, on: str = ON) -> str:
    known = facts.decode({condition["fact"]: value})
    at = {"application_date": date.fromisoformat(on)}
    return evaluate(rules.decode(condition), known, at).conditions[0].verdict


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("2010-03-02", ON, "false"),
        ("2010-03-01", ON, "true"),
        ("1966-03-02", ON, "true"),
        ("1966-03-01", ON, "false"),
        ("2008-02-29", "2024-02-28", "false"),
        ("2008-02-29", "2024-02-29", "true"),
        ("2012-02-29", "2028-02-28", "false"),
        ("2009-02-28", "2025-02-28", "true"),
        ("2026-03-02", ON, "false"),
    ],
)
def test_age_counts_full_years_to_the_birthday(
    born: str, on: str, expected: str
) -> None:
    age = leaf("birth_date", "age_between", min=16, max=59)
    assert verdict(age, born, on) == expected


def test_a_leap_day_child_comes_of_age_on_the_first_of_march() -> None:
    adult = leaf("birth_date", "age_between", min=18)
    assert verdict(adult, "2008-02-29", "2026-02-28") == "false"
    assert verdict(adult, "2008-02-29", "2026-03-01") == "true"


@pytest.mark.parametrize(
    ("range_", "since", "on", "expected"),
    [
        ({"max": 24}, "2024-03-01", ON, "true"),
        ({"max": 24}, "2024-02-29", ON, "false"),
        ({"max": 24}, ON, ON, "true"),
        ({"max": 24}, "2026-03-02", ON, "false"),
        ({"min": 12}, "2025-03-01", ON, "true"),
        ({"min": 12}, "2025-03-02", ON, "false"),
        ({"min": 1}, "2026-01-31", "2026-02-27", "false"),
        ({"min": 1}, "2026-01-31", "2026-02-28", "true"),
        ({"min": 1}, "2024-01-31", "2024-02-28", "false"),
        ({"min": 1}, "2024-01-31", "2024-02-29", "true"),
        ({"max": 1}, "2026-01-31", "2026-02-28", "true"),
        ({"max": 1}, "2026-01-31", "2026-03-01", "false"),
        ({"min": -12, "max": 0}, "2027-03-01", ON, "true"),
        ({"min": -12, "max": 0}, "2027-03-02", ON, "false"),
        ({"min": -12, "max": 0}, "2026-02-28", ON, "false"),
    ],
)
def test_months_end_on_the_corresponding_day_which_is_still_in(
    range_: dict[str, Any], since: str, on: str, expected: str
) -> None:
    assert (
        verdict(leaf("graduated_on", "months_since", **range_), since, on) == expected
    )


@pytest.mark.parametrize(
    ("range_", "since", "expected"),
    [
        ({"max": 30}, "2026-01-30", "true"),
        ({"max": 30}, "2026-01-29", "false"),
        ({"max": 30}, "2026-03-02", "false"),
        ({"min": 30}, "2026-01-30", "true"),
        ({"min": 30}, "2026-01-31", "false"),
        ({"min": 0, "max": 0}, ON, "true"),
        ({"min": 0, "max": 0}, "2026-02-28", "false"),
    ],
)
def test_days_are_inclusive(range_: dict[str, Any], since: str, expected: str) -> None:
    assert verdict(leaf("hired_on", "days_since", **range_), since) == expected


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (leaf("renting", "eq", value=True), True, "true"),
        (leaf("renting", "eq", value=True), False, "false"),
        (leaf("renting", "eq", value=False), False, "true"),
        (leaf("children", "eq", value=1), 1, "true"),
        (leaf("children", "eq", value=1), 2, "false"),
        (leaf("education", "eq", value="college"), "college", "true"),
        (leaf("education", "eq", value="college"), "bachelor", "false"),
        (leaf("client_classes", "eq", value="employer"), ["employer"], "true"),
        (leaf("client_classes", "eq", value="employer"), [], "false"),
        (leaf("platform_kind", "in", value=["delivery", "other"]), "other", "true"),
        (leaf("platform_kind", "in", value=["delivery", "other"]), "none", "false"),
        (
            leaf("client_classes", "in", value=["migrant_worker", "platform_worker"]),
            ["employer", "platform_worker"],
            "true",
        ),
        (leaf("client_classes", "in", value=["migrant_worker"]), ["employer"], "false"),
        (leaf("pension_months", "between", min=12, max=24), 11, "false"),
        (leaf("pension_months", "between", min=12, max=24), 12, "true"),
        (leaf("pension_months", "between", min=12, max=24), 24, "true"),
        (leaf("pension_months", "between", min=12, max=24), 25, "false"),
        (leaf("pension_months", "between", min=12), 720, "true"),
        (leaf("employees", "between", max=300), 0, "true"),
        (leaf("employees", "between", max=300), 301, "false"),
        (leaf("education", "between", min="college"), "high_school", "false"),
        (leaf("education", "between", min="college"), "college", "true"),
        (leaf("education", "between", min="college"), "master", "true"),
        (leaf("education", "between", max="high_school"), "college", "false"),
        (leaf("certificate_level", "between", min="senior"), "technician", "true"),
        (leaf("hired_on", "on_or_after", value="2025-01-01"), "2024-12-31", "false"),
        (leaf("hired_on", "on_or_after", value="2025-01-01"), "2025-01-01", "true"),
        (leaf("hired_on", "on_or_before", value="2025-01-01"), "2025-01-01", "true"),
        (leaf("hired_on", "on_or_before", value="2025-01-01"), "2025-01-02", "false"),
        (leaf("documents", "has_document", value="diploma"), ["diploma"], "true"),
        (leaf("documents", "has_document", value="diploma"), ["id_card"], "false"),
        (leaf("documents", "in", value=["diploma", "payslips"]), ["payslips"], "true"),
    ],
)
def test_a_comparison_takes_what_it_says_and_nothing_else(
    condition: dict[str, Any], value: object, expected: str
) -> None:
    assert verdict(condition, value) == expected


@pytest.mark.parametrize(
    ("of", "region", "expected"),
    [
        ("410172", "410172", "true"),
        ("410172", "410102", "false"),
        ("410100", "410172", "true"),
        ("410100", "410102", "true"),
        ("410100", "411600", "false"),
        ("410000", "411600", "true"),
        ("410000", "440000", "false"),
        (["410102", "410172"], "410102", "true"),
        (["410102", "410172"], "410105", "false"),
        ("500000", "510200", "true"),
    ],
)
def test_a_region_is_inside_with_all_that_lies_in_it(
    of: object, region: str, expected: str
) -> None:
    assert verdict(leaf("work_region", "region_within", value=of), region) == expected


@pytest.mark.parametrize("region", ["410100", "410000", "100000"])
def test_a_region_too_wide_to_tell_is_unknown(region: str) -> None:
    here = leaf("work_region", "region_within", value="410172")
    assert verdict(here, region) == Truth.UNKNOWN


def test_a_region_is_looked_at_as_the_map_stood() -> None:
    airport = leaf("work_region", "region_within", value="410100")
    assert verdict(airport, "410173", "2013-03-06") == "false"
    assert verdict(airport, "410173", "2013-03-07") == "true"


def test_work_residence_and_hukou_are_three_facts() -> None:
    living = rules.decode(leaf("residence_region", "region_within", value="410100"))
    at = {"application_date": date(2026, 3, 1)}
    known = facts.decode({"work_region": "410172", "hukou_region": "410105"})
    assert evaluate(living, known, at).missing == ("residence_region",)
