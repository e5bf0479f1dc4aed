"""A cursor leads back to its place, and nothing else passes for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import pages

PLACE = tuple[datetime, str]
moments = st.datetimes(
    min_value=datetime(2000, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.just(UTC),
)


@given(at=moments, id_=st.text(max_size=40))
def test_a_place_comes_back_as_it_was(at, id_):
    assert pages.decode(pages.encode((at, id_)), PLACE) == (at, id_)


@given(st.text(max_size=700))
def test_any_text_is_a_place_or_is_refused(text):
    try:
        pages.decode(text, PLACE)
    except pages.BadCursor as refusal:
        assert refusal.code == "bad_cursor"


@pytest.mark.parametrize("place", [{"$gt": ""}, ["2020-01-01T00:00:00Z", {"$ne": 1}]])
def test_operators_do_not_pass_for_values(place):
    with pytest.raises(pages.BadCursor):
        pages.decode(pages.encode(place), PLACE)


@pytest.mark.parametrize(
    ("found", "items", "following"),
    [([], [], None), ("ab", ["a", "b"], None), ("abc", ["a", "b"], "b")],
)
def test_a_page_says_where_it_ends_only_if_something_follows(found, items, following):
    page = pages.cut(found, 2, lambda item: item)
    assert page.items == items
    assert page.next == (following and pages.encode(following))
