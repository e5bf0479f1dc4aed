"""Rounds are interleaved, and a server that is gone costs a figure, not the run."""

import shutil

import pytest

from scripts.benchmark import rounds, town
from scripts.benchmark.asking import Decks
from scripts.benchmark.demand import Demand, days_wanted
from scripts.benchmark.figures import Shape
from scripts.benchmark.filling import environment
from scripts.benchmark.rounds import Bench
from scripts.benchmark.servers import BARE_COLUMN, PEER_COLUMNS, Command, Server
from scripts.benchmark.works import BARE, BY_NAME
from tests.conftest import NOW

SHAPE = Shape(connections=2, processes=1)

needs_wrk = pytest.mark.skipif(
    shutil.which("wrk") is None, reason="wrk is not installed: apt install wrk"
)


@pytest.fixture
def told():
    """What the bench said."""
    return []


@pytest.fixture
def bench(told):
    """A bench whose inn has 20,000 workers; none of its servers is opened."""
    days = days_wanted(NOW)
    demand = Demand(list(town.stations(200)), days, 20_000)
    decks = Decks(demand, environment("mongodb://127.0.0.1:1", "none", "redis://x/0"))
    return Bench("wrk", decks, 1, "none", 2_000, told.append)


def server_of(column, *works):
    """Return a server that was never started."""
    return Server(column, works, [Command(["true"], {})])


@needs_wrk
def test_a_server_that_is_gone_gives_a_bad_figure_and_the_round_goes_on(bench, told):
    gone = [server_of(BARE_COLUMN, BARE), server_of(PEER_COLUMNS[0], BARE)]
    samples = list(
        rounds.measure(bench, gone, [BARE], shape=SHAPE, rounds=2, seconds=1)
    )
    assert [(s.round, s.column) for s in samples] == [
        (1, "bare"),
        (1, "beanie"),
        (2, "bare"),
        (2, "beanie"),
    ]
    assert all(sample.bad for sample in samples)
    assert any("bare Tornado handler" in line for line in told)


def test_a_server_is_led_along_its_wishes_only_once(bench):
    server = server_of(PEER_COLUMNS[0], BY_NAME["book"])

    def first_wish():
        place = bench.decks.writes(server, BY_NAME["book"], "base", 1, 4)
        return place.read_text().splitlines()[0]

    before = first_wish()
    bench.decks.count_written(BY_NAME["book"], "base", 10)
    after = first_wish()
    assert before != after
    bench.decks.count_written(BY_NAME["book"], "another", 10)
    assert first_wish() == after
