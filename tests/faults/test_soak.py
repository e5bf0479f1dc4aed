"""Everything at once while things break: at the end all of it adds up."""

from itertools import islice

import pytest

from tests.faults.soak import Size, plan, run

SIZE = Size(seed=1, strikes=2, residents=4)
"""The short form; `scripts/faults --soak 30` goes on longer."""

PATIENCE = 900
"""Seconds; some forty on a machine that does nothing else."""


def names(seed, count=50):
    return [fault.name for fault in islice(plan(seed), count)]


def test_the_same_seed_breaks_the_same_things_in_the_same_order():
    assert names(7) == names(7)
    assert names(7) != names(8)


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_after_a_soak_nothing_is_lost_doubled_or_broken():
    soaked = await run(SIZE)
    print(soaked)  # noqa: T201 - the figures are what this is about
    assert soaked.figures.complaints == []
    assert len(soaked.struck) == SIZE.strikes
    assert len(soaked.figures.ledger.acknowledged) > 0
