"""A text: how long it is shown."""

from datetime import date

import pytest

from models.base.clock import start_of
from models.policies.texts import FOREVER, shown_until


@pytest.mark.parametrize("last", [None, date(9999, 1, 1), date.max])
def test_without_a_last_day_or_with_one_for_ever_it_has_no_end(last):
    assert shown_until(last) == FOREVER


def test_it_is_shown_to_the_end_of_its_last_day():
    assert shown_until(date(2026, 12, 31)) == start_of(date(2027, 1, 1))
