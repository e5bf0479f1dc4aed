"""Bounds: what is too large or too far is found, with its path, wherever it stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import bson
import msgspec
import pytest
from msgspec import Meta

from models.base.bounds import FIRST_YEAR, LAST_YEAR, MOST, beyond, may_be_beyond
from models.base.clock import day_of, end_of, start_of

FIRST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LAST = datetime(LAST_YEAR, 12, 31, 23, 59, tzinfo=UTC)


class Stay(msgspec.Struct, rename={"from_": "from"}):
    from_: datetime
    people: int = 1
    notes: list["Stay"] = []


class Spot(NamedTuple):
    at: datetime
    who: str


@dataclass
class Odd:
    number: int


def test_what_is_within_is_let_through():
    assert beyond(Stay(FIRST, MOST, [Stay(LAST, -MOST)])) is None
    assert beyond({"a": [1, "x", None, 2.5, True, date.max, date.min]}) is None
    assert beyond("x") is None


@pytest.mark.parametrize(
    ("told", "path"),
    [
        (MOST + 1, "$"),
        (-MOST - 2, "$"),
        ([1, MOST + 1], "$[1]"),
        ({"a": (MOST + 1,)}, "$[...][0]"),
        (frozenset([MOST + 1]), "$[0]"),
        (Stay(datetime(FIRST_YEAR - 1, 12, 31, tzinfo=UTC)), "$.from"),
        (Stay(FIRST, notes=[Stay(FIRST), Stay(FIRST, MOST + 1)]), "$.notes[1].people"),
        (Spot(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC), "x"), "$[0]"),
    ],
)
def test_what_is_beyond_is_found(told: Any, path: str):
    assert beyond(told) == path


def test_how_deep_a_stranger_nests_is_no_matter():
    told: Any = MOST + 1
    for _ in range(100_000):
        told = [told]
    path = beyond(told)
    assert path is not None
    assert path.startswith("$[0][0]")
    while isinstance(told, list):  # taken apart by hand: its end would nest as deep
        (told,) = told


def test_what_is_within_can_be_kept_and_counted_on_from():
    for number in (MOST, -MOST):
        assert bson.decode(bson.encode({"n": number})) == {"n": number}
    for moment in (FIRST, LAST):
        assert start_of(day_of(moment)) <= moment < end_of(day_of(moment))


@pytest.mark.parametrize(
    ("shape", "may_be"),
    [
        (str, False),
        (Annotated[int, Meta(ge=0, le=9)], False),
        (Annotated[int, Meta(le=9)], True),
        (int, True),
        (date, False),
        (datetime | None, True),
        (dict[str, Any], True),
        (dict[str, list[str]], False),
        (tuple[str, int], True),
        (list[frozenset[str]], False),
        (Spot, True),
        (Stay, True),
    ],
)
def test_only_shapes_that_may_be_beyond_are_looked_at(shape: Any, may_be: bool):
    assert may_be_beyond(shape) is may_be


@pytest.mark.parametrize("shape", [Odd, list[Decimal], msgspec.Raw, dict[int, str]])
def test_a_shape_that_nobody_looks_into_is_none_for_a_door(shape: Any):
    with pytest.raises(TypeError):
        may_be_beyond(shape)
