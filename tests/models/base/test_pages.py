"""A cursor leads back to its place, and nothing else passes for one."""

from base64 import urlsafe_b64encode
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


@given(st.binary(max_size=40), st.sampled_from([str, int, PLACE]))
def test_any_bytes_behind_a_cursor_are_a_place_or_are_refused(content, shape):
    cursor = urlsafe_b64encode(content).decode().rstrip("=")
    try:
        pages.decode(cursor, shape)
    except pages.BadCursor as refusal:
        assert refusal.code == "bad_cursor"


def test_a_cursor_in_another_encoding_is_refused():
    with pytest.raises(pages.BadCursor):
        pages.decode(urlsafe_b64encode('"工"'.encode("gbk")).decode(), str)


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
