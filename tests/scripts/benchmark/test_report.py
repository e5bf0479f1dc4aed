"""The figures go between their markers and nowhere else."""

import msgspec
import pytest

from scripts.benchmark.figures import cells
from scripts.benchmark.goals import BARE_THERE_US, Goal, Verdict
from scripts.benchmark.growth_report import Cost, Grown, memory_line
from scripts.benchmark.memory import Moment
from scripts.benchmark.report import goals_table, pace_of_machine
from scripts.benchmark.results import write_between
from scripts.stack.trouble import Trouble
from tests.scripts.benchmark.test_figures import sample

PAGE = "Before.\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nAfter.\n"


def test_only_what_stands_between_the_markers_changes(tmp_path):
    place = tmp_path / "performance.md"
    place.write_text(PAGE)
    write_between(place, "bench", r"new \1")
    write_between(place, "bench", r"newer \1")
    assert place.read_text() == (
        "Before.\n<!-- bench:begin -->\n\nnewer \\1\n\n<!-- bench:end -->\nAfter.\n"
    )


def test_a_page_without_markers_is_left_alone(tmp_path):
    place = tmp_path / "performance.md"
    place.write_text("Nothing here.\n")
    with pytest.raises(Trouble, match="no place for it"):
        write_between(place, "bench", "new")
    assert place.read_text() == "Nothing here.\n"


def test_goals_say_what_was_found_and_count_themselves():
    text = goals_table(
        [Verdict(Goal("inn", "policy", "bare", 0.9), 0.95)],
        [
            Verdict(Goal("inn_httptools", "policy", "bare", 2.5), 2.4),
            Verdict(Goal("inn_httptools", "me", "bare", 2), None),
        ],
    )
    assert "1 of 3 met" in text
    assert "| ≥ 0.9 | 0.95 | met |" in text
    assert "| ≥ 2.5 | 2.40 | **not met** |" in text
    assert "| ≥ 2 | – | not measured |" in text


def test_the_pace_of_the_machine_is_worked_out_from_the_bare_handler():
    bare = sample("bare", "bare", cpu_us=2.0 * BARE_THERE_US)
    assert f"cost {2 * BARE_THERE_US}, 2.0 times as much" in pace_of_machine(
        cells([bare])
    )
    assert pace_of_machine(cells([msgspec.structs.replace(bare, bad=1)])) == ""
    assert pace_of_machine(cells([sample()])) == ""


@pytest.mark.parametrize(("large", "is_met"), [(114.0, True), (116.0, False)])
def test_ten_times_the_data_may_cost_fifteen_percent(large, is_met):
    small, large = Cost(100, 50), Cost(large, 500)
    assert Grown(title="list", small=small, large=large).is_met is is_met


def test_what_could_not_be_measured_is_neither_met_nor_missed():
    row = Grown(title="home", small=None, large=Cost(200, 90)).row
    assert row == ["home", "–", "200", "–", "not measured", "– · 90"]


def test_memory_is_judged_by_its_second_half():
    seen = [Moment(at * 60.0, 100.0 + min(at, 5), 1_000, 0) for at in range(11)]
    assert "(+0 MiB in the second half); 11,000 requests, 0 bad" in memory_line(seen)
