"""The arithmetic of the capacity page is that of its measured run."""

import msgspec
import pytest

from scripts import capacity
from scripts.benchmark.results import write_between
from scripts.capacity import A_DAY, ACTIVE, BUSY_SECONDS, FULL, PEAK, Run, Sample
from scripts.stack.trouble import Trouble

BEGIN, END = "<!-- capacity:begin -->", "<!-- capacity:end -->"


def run(*, without=(), cpu_us=200.0, bad=0, column="inn"):
    samples = [
        Sample(
            column=column,
            work=work,
            connections=64,
            processes=1,
            cpu_us=cpu_us * times,
            mongod_us=100.0 * times,
            bad=bad,
        )
        for work in A_DAY
        if work not in without
        for times in (1, 1, 9)
    ]
    return Run(began="2026-11-27", machine="示例机器", samples=tuple(samples))


def test_medians_are_taken_of_our_own_column():
    found = capacity.costs(run())
    assert set(found) == set(A_DAY)
    assert found["home"] == (200.0, 100.0)


@pytest.mark.parametrize(
    "broken", [run(without={"book"}), run(bad=1), run(column="fastify")]
)
def test_what_was_not_measured_is_not_guessed(broken):
    with pytest.raises(Trouble, match="run scripts/bench"):
        capacity.costs(broken)


def test_processes_follow_from_processor_time():
    cost = capacity.costs(run(cpu_us=20_000.0))
    at = capacity.need(5_000_000, cost)
    rate = 5_000_000 * ACTIVE * sum(A_DAY.values()) / BUSY_SECONDS * PEAK
    assert at.requests == pytest.approx(rate)
    assert at.mongod_processors == pytest.approx(rate * 100 / 1e6)
    assert at.processes >= rate * 20_000 / 1e6 / FULL
    assert at.processes - 1 < rate * 20_000 / 1e6 / FULL
    ten_times = capacity.need(50_000_000, cost)
    assert ten_times.requests == pytest.approx(10 * at.requests)


def test_a_small_town_still_has_two_of_each():
    at = capacity.need(1_000, capacity.costs(run()))
    assert (at.processes, at.workers, at.shards) == (2, 2, 1)


def test_the_page_is_printed_from_a_file(tmp_path, capsys):
    place = tmp_path / "run.json"
    place.write_bytes(msgspec.json.encode(run()))
    capacity.main([str(place)])
    assert "| 50,000,000 |" in capsys.readouterr().out


def test_a_file_that_is_no_run_is_said(tmp_path):
    place = tmp_path / "run.json"
    place.write_text("{}")
    with pytest.raises(Trouble, match="cannot be read"):
        capacity.main([str(place)])


def test_the_page_keeps_what_is_around_its_tables(tmp_path):
    page = tmp_path / "scale.md"
    page.write_text(f"before {BEGIN} old {END} after")
    write_between(page, capacity.MARKER, "new")
    assert page.read_text() == f"before {BEGIN}\n\nnew\n\n{END} after"
    assert BEGIN in capacity.PAGE.read_text()
