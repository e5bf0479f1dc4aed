"""Machines die under load: nothing acknowledged is lost, nothing is there twice."""

import pytest

from tests.faults.figures import table
from tests.faults.machines import FAULTS
from tests.faults.trial import Size, run

SIZE = Size(residents=8, rounds=6)
"""Few people and deeds; `scripts/faults` takes more of both."""

PATIENCE = 900
"""Seconds; some twenty on a machine that does nothing else."""


@pytest.mark.gen_test(timeout=PATIENCE)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_nothing_is_lost_or_doubled(fault):
    figures = await run(fault, SIZE)
    print(table([figures]))  # noqa: T201 - the figures are what this is about
    assert figures.is_good, figures.complaints
    assert len(figures.ledger.deeds) == SIZE.residents * SIZE.rounds
    assert len(figures.back_after) == SIZE.times
