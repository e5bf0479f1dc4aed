"""Small groups are hidden, also where subtraction would tell them."""

from hypothesis import given
from hypothesis import strategies as st

from models.statistics.suppression import FEWEST, suppressed

GROUPS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e", "f"]), st.integers(0, 40), min_size=1
)


def test_a_small_group_takes_the_next_smallest_with_it():
    assert suppressed({"a": 30, "b": 9, "c": 12}) == {"a": 30, "b": None, "c": None}


def test_two_small_ones_that_are_few_together_take_another():
    assert suppressed({"a": 30, "b": 3, "c": 4}) == {"a": None, "b": None, "c": None}


def test_small_ones_that_are_many_together_hide_each_other():
    shown = {"a": 30, "b": None, "c": None}
    assert suppressed({"a": 30, "b": 6, "c": 7}) == shown


def test_empty_groups_are_hidden_and_hide_nobody():
    assert suppressed({"a": 10, "b": 0}) == {"a": 10, "b": None}


@given(GROUPS)
def test_what_is_hidden_cannot_be_worked_out_from_the_total(groups):
    told = suppressed(groups)
    hidden = sum(groups[name] for name, count in told.items() if count is None)
    some_shown = any(count is not None for count in told.values())
    assert all(count is None or count >= FEWEST for count in told.values())
    assert all(count in {None, groups[name]} for name, count in told.items())
    assert not some_shown or hidden == 0 or hidden >= FEWEST
