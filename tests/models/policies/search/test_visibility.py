"""What is not visible at the moment of asking is nowhere: not found, not counted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.policies.search.corpus import DAY, NOW, entry, find, ids, view

EXPIRED = entry("社保旧办法", visible_to=NOW, tags=("旧标签",), topic="skills")
IN_FORCE = entry("社保现行办法", visible_to=NOW + DAY)
FUTURE = entry("社保新办法", visible_from=NOW + DAY, tags=("新标签",), topic="rights")
THREE = [EXPIRED, IN_FORCE, FUTURE]


@pytest.mark.parametrize("text", ["社保", "", "sb"])
def test_only_what_is_in_force_is_found_and_counted(text):
    found = find(view(THREE), text)
    assert ids(found) == [IN_FORCE.id]
    assert found.total == 1
    assert found.facets is not None
    assert found.facets["topic"] == {"wages": 1}


@pytest.mark.parametrize("text", ["社保", ""])
def test_the_expired_are_found_by_who_asks_for_them_the_future_never(text):
    found = find(view(THREE), text, include_expired=True)
    assert set(ids(found)) == {EXPIRED.id, IN_FORCE.id}
    assert found.total == 2


def test_things_come_and_go_to_the_millisecond_with_nobody_told():
    inn = view([entry("办法", visible_from=NOW, visible_to=NOW + DAY)])
    tick = DAY / 86_400_000
    seen = [
        find(inn, "办法", now=at).total
        for at in (NOW - tick, NOW, NOW + DAY - tick, NOW + DAY)
    ]
    assert seen == [0, 1, 1, 0]


def test_nothing_is_suggested_that_is_not_visible():
    inn = view(THREE)
    assert inn.suggest("sb", NOW, 9) == ["社保现行办法"]
    assert inn.suggest("旧标", NOW, 9) == []
    assert inn.suggest("新标", NOW + DAY, 9) == ["新标签"]


def test_one_edition_takes_over_from_another_at_its_instant():
    old = entry("办法", number="一号", body="每月三百元")
    new = entry("办法", number="二号", body="每月五百元", visible_from=NOW + DAY)
    inn = view([new, old])
    for at, number in ((NOW, "一号"), (NOW + DAY, "二号")):
        for expired in (False, True):
            found = find(inn, "办法", now=at, include_expired=expired)
            assert [hit.entry.number for hit in found.items] == [number]


moments = st.integers(min_value=0, max_value=6)


@settings(deadline=None)
@given(
    spans=st.lists(st.tuples(moments, moments), max_size=8),
    at=moments,
    text=st.sampled_from(["", "办法"]),
)
def test_at_every_moment_exactly_the_visible_are_found_and_counted(spans, at, text):
    made = [
        entry(
            "办法",
            id=f"{i}",
            topic=f"{i}",
            visible_from=NOW + start * DAY,
            visible_to=NOW + end * DAY,
        )
        for i, (start, end) in enumerate(spans)
    ]
    visible = {f"{i}" for i, (start, end) in enumerate(spans) if start <= at < end}
    found = find(view(made), text, now=NOW + at * DAY)
    assert set(ids(found)) == visible
    assert found.total == len(visible)
    assert found.facets is not None
    assert set(found.facets["topic"]) == visible
