"""A verdict says what it is, why, on whose word, and what is still missing."""

from datetime import date
from typing import Any

import msgspec
import pytest

from models.base import regions
from models.eligibility import facts, rules
from models.eligibility.evaluate import Status, Truth, Verdict, evaluate
from tests.models.eligibility.strategies import leaf

D = date.fromisoformat
AT = {"application_date": D("2026-03-01")}

MIGRANT = {
    "all": [
        leaf(
            "client_classes",
            "in",
            "class",
            value=["migrant_worker"],
            says="属于农民工",
            cites="第二条",
        ),
        leaf(
            "birth_date",
            "age_between",
            "age",
            min=16,
            max=60,
            says="年满16周岁、不超过60周岁",
            cites="第三条",
        ),
        leaf(
            "work_region",
            "region_within",
            "region",
            value="410100",
            says="在郑州市工作",
            cites="第四条",
        ),
    ]
}


def ask(raw: object, known: dict[str, Any], at: dict[str, date] = AT) -> Verdict:
    return evaluate(rules.decode(raw), facts.decode(known), at)


def test_a_class_alone_leaves_age_and_region_open() -> None:
    verdict = ask(MIGRANT, {"client_classes": ["migrant_worker"]})
    assert verdict.status is Status.UNKNOWN
    assert verdict.missing == ("work_region", "birth_date")
    assert [each.verdict for each in verdict.conditions] == [
        Truth.TRUE,
        Truth.UNKNOWN,
        Truth.UNKNOWN,
    ]


def test_all_facts_make_a_migrant_worker_eligible() -> None:
    verdict = ask(
        MIGRANT,
        {
            "client_classes": ["migrant_worker"],
            "birth_date": "1985-06-01",
            "work_region": "410172",
        },
    )
    assert verdict.status is Status.ELIGIBLE
    assert verdict.missing == ()
    assert verdict.used == ("client_classes", "birth_date", "work_region")
    assert verdict.failed == ()


def test_one_too_old_is_told_the_clause_but_not_the_birth_date() -> None:
    verdict = ask(
        MIGRANT, {"client_classes": ["migrant_worker"], "birth_date": "1964-11-23"}
    )
    assert verdict.status is Status.NOT_ELIGIBLE
    (failed,) = verdict.failed
    assert (failed.id, failed.cites) == ("age", "第三条")
    assert failed.because == "这一条看的是出生日期，与您填写的情况不符。"
    assert verdict.used == ("birth_date",)
    assert verdict.missing == ()
    assert "1964" not in msgspec.json.encode(verdict).decode()


def test_a_whole_verdict_reads_like_this() -> None:
    raw = {
        "any": [
            leaf("renting", "eq", "renting", value=True, says="租房住"),
            {"not": leaf("employees", "between", "big", min=300, says="员工满300人")},
        ]
    }
    verdict = ask(raw, {"renting": False, "employees": 500})
    assert msgspec.to_builtins(verdict) == {
        "status": "not_eligible",
        "conditions": (
            {
                "id": "renting",
                "says": "租房住",
                "cites": "第一条",
                "verdict": "false",
                "must_be": True,
                "decides": True,
                "because": "您填写的“租房居住”是“否”。",
            },
            {
                "id": "big",
                "says": "员工满300人",
                "cites": "第一条",
                "verdict": "true",
                "must_be": False,
                "decides": True,
                "because": "您填写的“用工人数”是“500人”。",
            },
        ),
        "wants": (),
        "used": ("renting", "employees"),
        "declared": ("renting", "employees"),
    }


@pytest.mark.parametrize(
    ("condition", "value", "because"),
    [
        (leaf("children", "eq", value=2), 1, "您填写的“子女人数”是“1个”。"),
        (
            leaf("education", "eq", value="master"),
            "junior",
            "您填写的“学历”是“初中及以下”。",
        ),
        (
            leaf("client_classes", "eq", value="employer"),
            ["platform_worker", "migrant_worker"],
            "您填写的“人群类别”是“新就业形态劳动者、农民工”。",
        ),
        (
            leaf("documents", "has_document", value="diploma"),
            [],
            "您填写的“材料”是“无”。",
        ),
        (
            leaf("work_region", "region_within", value="410172"),
            "410102",
            "您填写的“工作地”是“中原区”。",
        ),
        (
            leaf("graduated_on", "months_since", max=24),
            "2023-07-01",
            "您填写的“毕业日期”是“2023年7月1日”，按2026年3月1日计算。",
        ),
        (
            leaf("hired_on", "on_or_after", value="2025-01-01"),
            "2024-12-31",
            "您填写的“入职日期”是“2024年12月31日”。",
        ),
    ],
)
def test_what_speaks_against_names_the_value_that_made_it_so(
    condition: dict[str, Any], value: object, because: str
) -> None:
    verdict = ask(condition, {condition["fact"]: value})
    assert verdict.conditions[0].because == because


@pytest.mark.parametrize(
    ("condition", "known", "secrets"),
    [
        (
            leaf("birth_date", "age_between", max=30),
            {"birth_date": "1987-06-05"},
            ["1987", "38", "39"],
        ),
        (
            leaf("monthly_income_fen", "between", max=300_000),
            {"monthly_income_fen": 654_321},
            ["654321", "6543"],
        ),
        (
            leaf("injured_on", "days_since", max=30),
            {"injured_on": "2025-04-07"},
            ["07"],
        ),
        (
            leaf("hired_on", "months_since", max=3, at="injured_on"),
            {"hired_on": "2020-01-02", "injured_on": "2025-04-07"},
            ["2020", "2025", "04-07", "4月7日"],
        ),
        (leaf("disabled", "eq", value=False), {"disabled": True}, ["是“"]),
    ],
)
def test_no_reason_gives_a_sensitive_value_away(
    condition: dict[str, Any], known: dict[str, Any], secrets: list[str]
) -> None:
    verdict = ask(condition, known)
    assert verdict.status is Status.NOT_ELIGIBLE
    because = verdict.conditions[0].because
    assert because is not None
    written = msgspec.json.encode(verdict).decode().replace('"max"', "")
    assert not any(secret in written for secret in secrets)


def test_what_speaks_for_a_person_needs_no_reason() -> None:
    verdict = ask(leaf("renting", "eq", value=True), {"renting": True})
    assert verdict.conditions[0].because is None


def test_only_papers_missing_is_a_state_of_its_own() -> None:
    raw = {
        "all": [
            leaf("birth_date", "age_between", "adult", min=18, at="deadline"),
            leaf("documents", "has_document", "diploma", value="diploma"),
        ]
    }
    at = {"deadline": D("2026-06-30")}
    assert ask(raw, {"birth_date": "2008-06-30"}, at).status is Status.NEEDS_DOCUMENT
    assert ask(raw, {"birth_date": "2008-06-30"}, at).missing == ("documents",)
    assert ask(raw, {"birth_date": "2008-07-01"}, at).status is Status.NOT_ELIGIBLE
    assert ask(raw, {}, at).status is Status.UNKNOWN
    both = {"birth_date": "2008-06-30", "documents": ["diploma"]}
    assert ask(raw, both, at).status is Status.ELIGIBLE


def test_a_condition_is_looked_at_on_the_date_it_names() -> None:
    young = leaf("birth_date", "age_between", max=29, at="hiring_date")
    at = {"application_date": D("2026-03-01"), "hiring_date": D("2025-12-31")}
    assert ask(young, {"birth_date": "1996-01-01"}, at).status is Status.ELIGIBLE
    at["hiring_date"] = D("2026-01-01")
    assert ask(young, {"birth_date": "1996-01-01"}, at).status is Status.NOT_ELIGIBLE


def test_a_date_may_be_a_fact() -> None:
    young = leaf("birth_date", "age_between", max=29, at="hired_on")
    known = {"birth_date": "1996-01-01", "hired_on": "2025-12-31"}
    verdict = ask(young, known)
    assert verdict.status is Status.ELIGIBLE
    assert verdict.used == ("birth_date", "hired_on")
    assert ask(young, {"birth_date": "1996-01-01"}).missing == ("hired_on",)
    assert ask(young, {}).missing == ("hired_on", "birth_date")


def test_a_date_nobody_named_is_missing_like_a_fact() -> None:
    young = leaf("birth_date", "age_between", max=29, at="event_date")
    verdict = ask(young, {"birth_date": "1996-01-01"})
    assert (verdict.status, verdict.missing) == (Status.UNKNOWN, ("event_date",))
    assert verdict.used == ("birth_date",)


def test_an_any_of_that_already_holds_asks_for_nothing_more() -> None:
    raw = {
        "all": [
            {
                "any": [
                    leaf("renting", "eq", "a", value=True),
                    leaf("birth_date", "age_between", "b", max=30),
                ]
            },
            leaf("union_member", "eq", "c", value=True),
        ]
    }
    verdict = ask(raw, {"renting": True})
    assert verdict.missing == ("union_member",)
    assert [each.decides for each in verdict.conditions] == [True, False, True]
    assert ask(raw, {"union_member": False}).status is Status.NOT_ELIGIBLE


def test_an_answer_that_nothing_missing_can_change_is_given_at_once() -> None:
    member = leaf("union_member", "eq", "a", value=True)
    renting = leaf("renting", "eq", "b", value=True)
    settled = {
        "any": [
            {"all": [member, renting]},
            {"all": [{"not": member | {"id": "c"}}, renting | {"id": "d"}]},
        ]
    }
    assert ask(settled, {"renting": True}).status is Status.ELIGIBLE
    assert ask(settled, {"renting": False}).status is Status.NOT_ELIGIBLE
    assert ask(settled, {}).missing == ("renting",)


def test_a_region_too_wide_is_asked_for_again() -> None:
    here = leaf("work_region", "region_within", value="410172")
    verdict = ask(here, {"work_region": "410100"})
    assert verdict.status is Status.UNKNOWN
    assert [(want.name, want.finer) for want in verdict.wants] == [
        ("work_region", True)
    ]
    assert ask(here, {"work_region": "411600"}).status is Status.NOT_ELIGIBLE


def test_a_wide_region_is_enough_if_all_its_parts_answer_alike() -> None:
    others = sorted(regions.finest("410100") - {"410102"})
    raw = {
        "any": [
            leaf("work_region", "region_within", "here", value="410102"),
            leaf("work_region", "region_within", "there", value=others),
        ]
    }
    assert ask(raw, {"work_region": "410100"}).status is Status.ELIGIBLE
    assert ask(raw, {"work_region": "410000"}).missing == ("work_region",)


def test_declared_facts_are_told_from_verified_ones() -> None:
    rule = rules.decode(MIGRANT)
    known = facts.decode(
        {"birth_date": "1985-06-01", "work_region": "410172"},
        verified={"client_classes": ["migrant_worker"]},
    )
    verdict = evaluate(rule, known, AT)
    assert verdict.status is Status.ELIGIBLE
    assert verdict.declared == ("birth_date", "work_region")
    payout = evaluate(rule, known.only_verified(), AT)
    assert payout.status is Status.UNKNOWN
    assert payout.missing == ("work_region", "birth_date")
    assert payout.declared == ()


def test_a_verified_value_is_called_so() -> None:
    rule = rules.decode(leaf("education", "eq", value="master"))
    known = facts.decode({}, verified={"education": "college"})
    because = evaluate(rule, known, AT).conditions[0].because
    assert because == "核实的“学历”是“大专”。"
