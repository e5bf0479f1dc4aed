"""Rounds are interleaved, and a server that is gone costs a figure, not the run."""

import shutil

import pytest

from scripts.benchmark import quiet, rounds, town
from scripts.benchmark.asking import Decks
from scripts.benchmark.demand import Demand, days_wanted
from scripts.benchmark.figures import Shape
from scripts.benchmark.filling import environment
from scripts.benchmark.loading import Pace
from scripts.benchmark.rounds import Bench, pace_of
from scripts.benchmark.servers import BARE_COLUMN, PEER_COLUMNS, Command, Server
from scripts.benchmark.works import BARE, BY_NAME
from tests.conftest import NOW

SHAPE = Shape(connections=2, processes=1)
PACE = Pace(connections=2, seconds=1)

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
        place = bench.decks.writes(server, BY_NAME["book"], "base", PACE)
        return place.read_text().splitlines()[0]

    before = first_wish()
    bench.decks.count_written(BY_NAME["book"], "base", 10)
    after = first_wish()
    assert before != after
    bench.decks.count_written(BY_NAME["book"], "another", 10)
    assert first_wish() == after


def test_whoever_is_asked_for_a_sample_books_the_same_slot_by_another_worker(bench):
    first, second = (server_of(each, BY_NAME["book"]) for each in PEER_COLUMNS[:2])
    lines = [bench.decks.sample_booking(each, 0) for each in (first, second)]
    assert lines[0].body == lines[1].body
    assert lines[0].token != lines[1].token
    assert bench.decks.sample_booking(first, 1).body != lines[0].body


def test_many_connections_are_given_time_for_two_answers_each():
    pace = pace_of(BY_NAME["book"], Shape(connections=512, processes=1), 1)
    assert pace.least == 2 * 512
    assert pace.longest > pace.seconds > 1


def test_quiet_is_once_hardly_anything_is_spent():
    spent = iter([0.0, 0.5, 0.9, 0.91, 2.0])
    assert quiet.wait(lambda: next(spent))
    assert next(spent) == 2.0
