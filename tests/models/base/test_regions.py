"""Where a region lies, on which day, and under which name."""

from datetime import date

import pytest

from models.base import regions
from models.base.regions import Kind, Region, Table

D = date.fromisoformat


@pytest.mark.parametrize(
    ("code", "of", "inside"),
    [
        ("410172", "410172", True),
        ("410172", "410100", True),
        ("410172", "410000", True),
        ("410172", "100000", True),
        ("410100", "410172", False),
        ("410102", "410100", True),
        ("411600", "410100", False),
        ("411600", "410000", True),
        ("419001", "410000", True),
        ("440000", "410000", False),
        ("440000", "100000", True),
        ("000000", "100000", False),
        ("410172", "000000", False),
    ],
)
def test_a_region_lies_within_those_above_it(code: str, of: str, inside: bool) -> None:
    assert regions.within(code, of) is inside


def test_a_development_zone_is_a_node_of_its_own_and_in_no_district() -> None:
    zone = regions.get("410172")
    assert zone is not None
    assert (zone.kind, zone.parent) == (Kind.ZONE, "410100")
    assert not regions.within("410172", "410102")
    assert not regions.within("410102", "410172")


def test_ancestors_go_from_the_nearest_to_the_nation() -> None:
    assert regions.ancestors("410172") == ("410100", "410000", "100000")
    assert regions.ancestors("100000") == ()
    assert regions.ancestors("999999") == ()


@pytest.mark.parametrize(
    ("on", "name"),
    [("2004-04-30", "邙山区"), ("2004-05-01", "惠济区"), ("2026-03-01", "惠济区")],
)
def test_a_district_bears_the_name_it_had_that_day(on: str, name: str) -> None:
    district = regions.get("410108", on=D(on))
    assert district is not None
    assert district.name == name
    assert regions.within("410108", "410100", on=D(on))


def test_a_region_is_nowhere_before_it_was_founded() -> None:
    assert not regions.within("410173", "410100", on=D("2013-03-06"))
    assert regions.within("410173", "410100", on=D("2013-03-07"))


def test_an_ended_code_stands_for_what_took_it_over() -> None:
    assert regions.within("510200", "510000", on=D("1997-03-13"))
    assert not regions.within("510200", "510000", on=D("1997-03-14"))
    assert regions.within("510200", "500000", on=D("1997-03-14"))
    assert regions.within("510200", "500000")
    assert regions.within("500000", "510200")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("郑州市", {"410100"}),
        ("郑州", {"410100"}),
        (" 高新区 ", {"410172"}),
        ("豫", {"410000"}),
        ("邙山区", {"410108"}),
        ("重庆市", {"500000", "510200"}),
        ("没有的地方", set()),
    ],
)
def test_a_region_is_found_by_any_of_its_names(name: str, codes: set[str]) -> None:
    assert {row.code for row in regions.find(name)} == codes


def test_a_name_is_found_only_while_it_was_borne() -> None:
    assert regions.find("邙山区", on=D("2026-01-01")) == ()
    assert [row.code for row in regions.find("重庆市", on=D("2026-01-01"))] == [
        "500000"
    ]


def test_the_finest_parts_of_a_region_are_what_nothing_divides() -> None:
    assert regions.finest("411600") == {"411600"}
    assert regions.finest("410172") == {"410172"}
    parts = regions.finest("410000")
    assert {"410172", "410105", "411600", "419001"} <= parts
    assert not parts & {"410000", "410100", "440000"}
    assert regions.finest("999999") == frozenset()


def test_boundaries_that_move_are_followed_by_day() -> None:
    moved = Table(
        [
            Region(code="1", kind=Kind.NATION, name="国"),
            Region(code="2", kind=Kind.CITY, parent="1", name="甲市"),
            Region(code="3", kind=Kind.CITY, parent="1", name="乙市"),
            Region(
                code="4",
                kind=Kind.DISTRICT,
                parent="2",
                valid_to=D("2020-01-01"),
                name="丙县",
            ),
            Region(
                code="4",
                kind=Kind.DISTRICT,
                parent="3",
                valid_from=D("2020-01-01"),
                name="丙县",
            ),
        ]
    )
    assert moved.within("4", "2", on=D("2019-12-31"))
    assert not moved.within("4", "2", on=D("2020-01-01"))
    assert moved.within("4", "3", on=D("2020-01-01"))
    assert moved.within("4", "3")
    assert moved.finest("2", on=D("2019-12-31")) == {"4"}
    assert moved.finest("2") == {"2"}


def test_the_shipped_table_is_sound() -> None:
    rows = regions.REGIONS.rows
    assert [row.code for row in rows if row.parent is None] == ["100000"]
    assert all(row.parent in regions.REGIONS for row in rows if row.parent)
    assert all(row.became in regions.REGIONS for row in rows if row.became)
    for row in rows:
        assert len(row.code) == 6
        assert row.code.isdigit()
        later = [r for r in rows if r.code == row.code and r is not row]
        assert all(
            (row.valid_to and r.valid_from and row.valid_to <= r.valid_from)
            or (r.valid_to and row.valid_from and r.valid_to <= row.valid_from)
            for r in later
        )
        if row.valid_to is None:
            assert row.code == "100000" or regions.ancestors(row.code)[-1] == "100000"


def test_henan_has_its_eighteen_cities_and_the_nation_its_provinces() -> None:
    rows = [row for row in regions.REGIONS.rows if row.stood(None)]
    assert sum(row.parent == "410000" for row in rows) == 18
    assert sum(row.kind is Kind.PROVINCE for row in rows) == 34
    zhengzhou = [row for row in rows if row.parent == "410100"]
    assert sum(row.kind is Kind.DISTRICT for row in zhengzhou) == 12
    assert {row.name for row in zhengzhou if row.kind is Kind.ZONE} == {
        "郑州高新技术产业开发区",
        "郑东新区",
        "郑州航空港经济综合实验区",
        "郑州经济技术开发区",
    }
