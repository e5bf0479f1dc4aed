"""Page by page everything comes once, whatever is put in meanwhile."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import pages
from models.policies.search.query import Hits, Place
from models.policies.search.view import View
from models.policies.search.writer import Writer
from tests.models.policies.search.corpus import (
    DAY,
    NOW,
    ZONE,
    entry,
    find,
    ids,
    table,
    view,
)

SYNONYMS = table({"terms": ("社保", "社会保险")})
WORDS = ["社保补贴", "社会保险", "培训补贴", "工资", "补贴标准", "会保", "保险", "社会"]
TEXTS = [
    "",
    "补贴",
    "社保补贴",
    "社保怎么补贴",
    "标准工资社保",
    "btbz",
    "门面补贴",
    "社会保险",
]

days = st.integers(min_value=1, max_value=3)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("，".join)
some = st.lists(st.tuples(titles, days), max_size=12)
limits = st.integers(min_value=1, max_value=5)


class Kept(msgspec.Struct, array_like=True):
    """A place as a cursor carries it."""

    place: Place


def made(rows, *, prefix):
    return [
        entry(title, id=f"{prefix}{i}", published_at=NOW - age * DAY)
        for i, (title, age) in enumerate(rows)
    ]


def carried(found: Hits) -> Place | None:
    """Return the next place as it comes back out of a cursor."""
    if found.next is None:
        return None
    cursor = pages.encode(Kept(found.next))
    assert len(cursor) < pages.LONGEST_CURSOR
    return pages.decode(cursor, Kept).place


def walk(state: View, text: str, limit: int) -> list[str]:
    """Return all ids, page by page."""
    found = find(state, text, limit=limit, region=ZONE)
    shown = ids(found)
    while (place := carried(found)) is not None:
        found = find(state, text, limit=limit, after=place, region=ZONE)
        assert found.items
        shown += ids(found)
    return shown


@settings(max_examples=60, deadline=None)
@given(rows=some, text=st.sampled_from(TEXTS), limit=limits)
def test_pages_put_together_are_the_whole_in_order(rows, text, limit):
    state = view(made(rows, prefix="p"), SYNONYMS)
    whole = find(state, text, limit=100, region=ZONE)
    assert walk(state, text, limit) == ids(whole)
    assert whole.total == len(whole.items)


@settings(max_examples=60, deadline=None)
@given(
    rows=some,
    text=st.sampled_from(TEXTS),
    limit=limits,
    later=st.lists(some, max_size=4),
)
def test_under_inserts_nothing_is_shown_twice_or_left_out(rows, text, limit, later):
    writer = Writer()
    state = View(writer.replace(made(rows, prefix="p")), SYNONYMS)
    whole = ids(find(state, text, limit=100, region=ZONE))
    found = find(state, text, limit=limit, region=ZONE)
    shown = ids(found)
    batches = [made(batch, prefix=f"later{i}_") for i, batch in enumerate(later)]
    while (place := carried(found)) is not None:
        if batches:
            state = View(writer.write({e.id: [e] for e in batches.pop()}), SYNONYMS)
        found = find(state, text, limit=limit, after=place, region=ZONE)
        shown += ids(found)
    assert len(shown) == len(set(shown))
    assert [id_ for id_ in shown if id_.startswith("p")] == whole


@settings(max_examples=30, deadline=None)
@given(rows=some, removed=st.sets(st.integers(0, 11)), limit=limits)
def test_under_removals_the_rest_is_shown_once(rows, removed, limit):
    writer = Writer()
    state = View(writer.replace(made(rows, prefix="p")), SYNONYMS)
    whole = ids(find(state, "补贴", limit=100))
    found = find(state, "补贴", limit=limit)
    shown = ids(found)
    gone = {f"p{i}" for i in removed}
    state = View(writer.write({id_: [] for id_ in gone}), SYNONYMS)
    while (place := carried(found)) is not None:
        found = find(state, "补贴", limit=limit, after=place)
        shown += ids(found)
    assert len(shown) == len(set(shown))
    assert [id_ for id_ in shown if id_ not in gone] == [
        id_ for id_ in whole if id_ not in gone
    ]


def test_two_processes_with_different_pasts_agree_on_the_order():
    rows = [(title, 1 + i % 3) for i, title in enumerate(WORDS * 4)]
    fresh = view(made(rows, prefix="p"), SYNONYMS)
    writer = Writer()
    writer.replace(made(rows[:7], prefix="old"))
    for i, one in enumerate(made(rows, prefix="p")):
        writer.write({one.id: [one], f"old{i}": []})
    lived = View(writer.snapshot(), SYNONYMS)
    for text in TEXTS:
        assert ids(find(fresh, text)) == ids(find(lived, text))
        first = find(fresh, text, limit=3)
        if first.next:
            assert ids(find(fresh, text, after=first.next)) == ids(
                find(lived, text, after=first.next)
            )


def test_an_empty_text_lists_the_newest_first():
    rows = [("甲", 3), ("乙", 1), ("丙", 2), ("丁", 1)]
    state = view(made(rows, prefix="p"))
    assert walk(state, "", 1) == ["p1", "p3", "p2", "p0"]


def test_counts_come_with_the_first_page_only():
    state = view(made([("补贴", 1), ("补贴", 2)], prefix="p"))
    first = find(state, "补贴", limit=1)
    assert (first.total, first.facets is None) == (2, False)
    second = find(state, "补贴", limit=1, after=first.next)
    assert (second.total, second.facets, second.next) == (None, None, None)


def test_a_cursor_outlives_a_change_of_synonyms():
    rows = [("社保补贴", 1), ("社会保险补贴", 1), ("社保", 2), ("社会保险", 3)]
    snapshot = Writer().replace(made(rows, prefix="p"))
    first = find(View(snapshot, table()), "社保 标准", limit=1)
    rest = find(View(snapshot, SYNONYMS), "社保 标准", after=first.next)
    assert set(ids(rest)) | set(ids(first)) <= {"p0", "p1", "p2", "p3"}


def test_a_cursor_outlives_the_last_text_that_had_a_word():
    writer = Writer()
    state = View(writer.replace(made([("补贴", 1), ("补贴", 2)], prefix="p")), SYNONYMS)
    first = find(state, "补贴标准", limit=1)
    state = View(writer.write({"p0": [], "p1": []}), SYNONYMS)
    assert ids(find(state, "补贴标准", limit=1, after=first.next)) == []
