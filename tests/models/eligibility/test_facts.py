"""Facts are read strictly, and what is declared is not mixed up with what is proven."""

from datetime import date, datetime

import pytest

from models.eligibility import facts
from models.eligibility.facts import BadFacts, Facts
from models.eligibility.vocabulary import FACTS, MOMENTS, Kind
from models.workers.identities import ClientClass


def test_facts_are_read_from_json_and_written_back() -> None:
    raw = {
        "client_classes": ["migrant_worker", "platform_worker"],
        "birth_date": "1990-05-01",
        "work_region": "410172",
        "education": "college",
        "pension_months": 0,
        "renting": False,
        "documents": [],
    }
    read = facts.decode(raw)
    assert read.values["birth_date"] == date(1990, 5, 1)
    assert read.values["client_classes"] == {"migrant_worker", "platform_worker"}
    assert facts.encode(read.values) == raw


def test_a_null_fact_is_not_known() -> None:
    assert facts.decode({"renting": None, "children": 1}).values == {"children": 1}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("shoe_size", 43, "没有这一项，请检查名称。"),
        ("renting", 1, "请选择“是”或“否”。"),
        ("renting", "是", "请选择“是”或“否”。"),
        ("children", True, "这里要填 0 到 20 之间的整数。"),
        ("children", -1, "这里要填 0 到 20 之间的整数。"),
        ("children", 21, "这里要填 0 到 20 之间的整数。"),
        ("children", 1.5, "这里要填 0 到 20 之间的整数。"),
        ("birth_date", "1990-5-1", "日期请写成 2026-03-01 这样。"),
        ("birth_date", "19900501", "日期请写成 2026-03-01 这样。"),
        ("birth_date", "1990-02-30", "日期请写成 2026-03-01 这样。"),
        ("birth_date", 19900501, "日期请写成 2026-03-01 这样。"),
        ("birth_date", datetime(1990, 5, 1), "日期请写成 2026-03-01 这样。"),
        ("birth_date", "1899-12-31", "日期应在 1900-01-01 到 2100-12-31 之间。"),
        ("work_region", 410172, "没有找到这个地区，请重新选择。"),
        ("work_region", "410199", "没有找到这个地区，请重新选择。"),
        ("documents", "diploma", "请从给出的选项里选，可以选多项。"),
    ],
)
def test_a_fact_that_cannot_be_read_is_named_by_its_path(
    name: str, value: object, message: str
) -> None:
    with pytest.raises(BadFacts) as refused:
        facts.decode({"children": 1, name: value}, root="$.facts")
    assert refused.value.code == "bad_fact"
    assert refused.value.details == {
        "problems": [{"path": f"$.facts.{name}", "message": message}]
    }


def test_all_ill_facts_are_named_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(BadFacts) as refused:
        facts.decode({"education": "phd-secret", "documents": ["passport-secret"]})
    problems = refused.value.details["problems"]
    assert [each["path"] for each in problems] == ["$.education", "$.documents"]
    assert "secret" not in str(refused.value.details)


@pytest.mark.parametrize("raw", [None, [], "", 3, [["renting", True]]])
def test_facts_come_as_an_object(raw: object) -> None:
    with pytest.raises(BadFacts) as refused:
        facts.decode(raw)
    assert refused.value.details["problems"][0]["path"] == "$"


def test_dates_of_the_matter_are_read_apart_from_facts() -> None:
    assert facts.decode_dates({"application_date": "2026-03-01", "deadline": None}) == {
        "application_date": date(2026, 3, 1)
    }
    with pytest.raises(BadFacts) as refused:
        facts.decode_dates({"hired_on": "2026-03-01"})
    assert refused.value.details["problems"][0]["path"] == "$.at.hired_on"


def test_a_verified_fact_goes_before_a_declared_one() -> None:
    known = facts.decode(
        {"education": "master", "renting": True}, verified={"education": "college"}
    )
    assert known.values == {"education": "college", "renting": True}
    assert known.is_verified("education")
    assert not known.is_verified("renting")
    assert not known.is_verified("children")
    assert known.only_verified() == Facts(
        {"education": "college"}, {"education": "college"}
    )


def test_a_set_is_verified_only_if_all_of_it_is() -> None:
    known = facts.decode(
        {"client_classes": ["migrant_worker", "platform_worker"]},
        verified={"client_classes": ["migrant_worker"]},
    )
    assert known.values["client_classes"] == {"migrant_worker", "platform_worker"}
    assert not known.is_verified("client_classes")
    assert known.only_verified().values["client_classes"] == {"migrant_worker"}


def test_every_fact_can_be_asked_for_in_chinese() -> None:
    for fact in (*FACTS.values(), *MOMENTS.values()):
        assert fact.question.endswith(("？", "。"))
        assert fact.label
        assert bool(fact.choices) == (fact.kind in (Kind.ENUM, Kind.SET))
        assert (fact.most > 0) == (fact.kind is Kind.INT)
    assert FACTS.keys().isdisjoint(MOMENTS)


def test_what_the_law_calls_sensitive_is_marked() -> None:
    assert {name for name, fact in FACTS.items() if fact.sensitive} == {
        "birth_date",
        "injured_at_work",
        "injured_on",
        "hardship_registered",
        "disabled",
        "monthly_income_fen",
        "major_illness",
    }


def test_keeping_private_facts_is_told_from_keeping_ordinary_ones() -> None:
    assert not facts.decode({"renting": True}).any_sensitive()
    assert facts.decode({"renting": True, "disabled": False}).any_sensitive()


def test_the_client_classes_are_those_of_the_workers() -> None:
    assert list(FACTS["client_classes"].choices) == [each.value for each in ClientClass]
