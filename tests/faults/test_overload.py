"""Ten times what it can serve: most are told to come back, first aid is answered."""

import pytest

from tests.faults.flood import BROKEN
from tests.faults.overload import SERVED, UNAVAILABLE, Size, run

SIZE = Size(residents=40, to_learn=200, to_pour=2_000)
"""Some seconds of it."""

PATIENCE = 900
"""Seconds; some twenty on a machine that does nothing else."""


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_a_flood_is_turned_away_and_first_aid_is_answered():
    figures = await run(SIZE)
    print(figures)  # noqa: T201 - the figures are what this is about
    came = figures.flood
    assert came.total == SIZE.to_pour
    assert came.sum_of(UNAVAILABLE) > 0
    assert came.sum_of(*SERVED) > 0
    assert set(came.statuses) <= {*SERVED, UNAVAILABLE, BROKEN}
    assert came.without_time == 0
    assert figures.called
    assert figures.probed
    assert figures.wrong == []
