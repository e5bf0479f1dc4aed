"""Bounds: what is too large or too far is found, with its path, wherever it stands."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import bson
import msgspec
import pytest
from msgspec import Meta

from models.base.bounds import FIRST_YEAR, LAST_YEAR, MOST, beyond, may_be_beyond
from models.base.clock import end_of, start_of


class Stay(msgspec.Struct, rename={"from_": "from"}):
    from_: date
    people: int = 1
    notes: list["Stay"] = []


def test_what_is_within_is_let_through():
    told = Stay(date(FIRST_YEAR, 1, 1), MOST, [Stay(date(LAST_YEAR, 12, 31), -MOST)])
    assert beyond(told) is None
    assert beyond({"a": [1, "x", None, 2.5, True]}) is None


@pytest.mark.parametrize(
    ("told", "path"),
    [
        (MOST + 1, "$"),
        (-MOST - 2, "$"),
        ([1, MOST + 1], "$[1]"),
        ({"a": (MOST + 1,)}, "$[...][0]"),
        (frozenset([MOST + 1]), "$[0]"),
        (Stay(date(FIRST_YEAR - 1, 12, 31)), "$.from"),
        (Stay(date(2026, 1, 1), notes=[Stay(date.max)]), "$.notes[0].from"),
        (datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC), "$"),
    ],
)
def test_what_is_beyond_is_found(told: Any, path: str):
    assert beyond(told) == path


def test_what_is_within_can_be_kept_and_counted_on_from():
    for number in (MOST, -MOST):
        assert bson.decode(bson.encode({"n": number})) == {"n": number}
    for day in (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)):
        assert start_of(day) < end_of(day)


@pytest.mark.parametrize(
    ("shape", "may_be"),
    [
        (str, False),
        (Annotated[int, Meta(le=9)], False),
        (int, True),
        (date | None, True),
        (dict[str, Any], True),
        (tuple[str, int], True),
        (list[frozenset[str]], False),
        (list[datetime], True),
        (Stay, True),
    ],
)
def test_only_shapes_that_may_be_beyond_are_looked_at(shape: Any, may_be: bool):
    assert may_be_beyond(shape) is may_be
