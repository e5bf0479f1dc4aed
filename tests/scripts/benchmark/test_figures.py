"""Medians, ratios and goals are worked out from the samples alone."""

import pytest

from scripts.benchmark.figures import Key, Sample, Shape, cells, ratio
from scripts.benchmark.goals import AIM, MAIN, MUST, Goal, Verdict, judge
from scripts.benchmark.servers import COLUMNS
from scripts.benchmark.works import BY_NAME


def sample(column="inn", work="policy", number=1, **changed):
    """Return a timing of a thousand good answers in a second."""
    told = {
        "column": column,
        "work": work,
        "connections": 64,
        "processes": 1,
        "round": number,
        "requests": 1_000,
        "per_second": 1_000.0,
        "p50_ms": 1.0,
        "p99_ms": 2.0,
        "cpu_us": 100.0,
        "mongod_us": 10.0,
        "bad": 0,
        "made": 0,
        "seconds": 1.0,
    }
    return Sample(**told | changed)


def test_a_cell_is_the_median_of_its_rounds():
    found = cells(
        [sample(number=n, cpu_us=cpu) for n, cpu in enumerate([90, 400, 110])]
    )
    (cell,) = found.values()
    assert (cell.cpu_us, cell.rounds, cell.is_valid) == (110, 3, True)


def test_one_bad_answer_in_any_round_makes_a_figure_invalid():
    found = cells([sample(), sample(number=2, bad=1)])
    (cell,) = found.values()
    assert not cell.is_valid
    assert ratio(cell, cell) is None


def test_too_few_answers_say_nothing():
    (cell,) = cells([sample(), sample(number=2, requests=100)]).values()
    assert not cell.is_valid


def test_shapes_are_never_mixed():
    found = cells([sample(), sample(connections=512, cpu_us=50)])
    assert found[Key("policy", "inn", Shape(512, 1))].cpu_us == 50
    assert found[Key("policy", "inn", MAIN)].cpu_us == 100


def test_half_the_processor_time_is_twice_the_capacity():
    found = cells([sample(cpu_us=50), sample("fastify", cpu_us=100)])
    mine, other = (found[Key("policy", name, MAIN)] for name in ("inn", "fastify"))
    assert ratio(mine, other) == 2
    assert ratio(other, mine) == 0.5


def verdict(goal, *samples):
    """Judge one goal."""
    (found,) = judge([goal], cells(samples))
    return found


@pytest.mark.parametrize(("cpu", "is_met"), [(100, True), (112, False)])
def test_a_goal_against_the_bare_handler(cpu, is_met):
    goal = Goal("inn", "policy", "bare", 0.9)
    found = verdict(goal, sample(cpu_us=cpu), sample("bare", "bare", cpu_us=100))
    assert found.is_met is is_met


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed():
    goal = Goal("inn", "policy", "beanie", 2.8)
    assert verdict(goal, sample()) == Verdict(goal, None)
    assert verdict(goal, sample()).is_met is None


def test_a_latency_must_stay_below():
    goal = Goal("inn", "search_calm", "p99_ms", 5)
    assert verdict(goal, sample(work="search_calm", p99_ms=4.9)).is_met is True
    assert verdict(goal, sample(work="search_calm", p99_ms=5.0)).is_met is False


def test_a_rush_counts_what_was_given_out():
    goal = Goal("inn", "rush", "made_per_second", 1_000)
    refused = sample(work="rush", requests=2_000, per_second=2_000.0, made=900)
    assert verdict(goal, refused).is_met is False
    assert verdict(goal, sample(work="rush", made=1_200)).is_met is True


def test_every_goal_names_a_work_and_a_column_that_exist():
    columns = {column.name for column in COLUMNS}
    for goal in (*MUST, *AIM):
        assert goal.work in BY_NAME
        assert goal.column in columns
        assert goal.measure in columns | {"p99_ms", "made_per_second"}
