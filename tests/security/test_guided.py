"""What guided fuzzing feeds holds for sound input, for broken input, and is watched.

A short run here; a long one, led by what its lines showed: ``scripts/fuzz --guided``.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.security import planted
from tests.security.guided.runs import NotFed, feed, feed_again
from tests.security.guided.targets import TARGETS
from tests.security.test_fuzz import changed, patient

FEW = ["-runs=20000", "-seed=7"]
MODULE = "tests.security.planted"

every_target = pytest.mark.parametrize("name", TARGETS)


@every_target
def test_seeds_are_sound(name):
    target = TARGETS[name]
    assert [target.feed(seed) for seed in target.seeds] == [True] * len(target.seeds)


@every_target
def test_whatever_is_fed_is_sound_or_refused(name):
    seeds = st.sampled_from(TARGETS[name].seeds)

    @patient
    @given(
        st.binary(max_size=300)
        | st.builds(changed, seeds, st.integers(0, 10_000), st.integers(0, 255))
        | st.builds(lambda seed, cut: seed[:cut], seeds, st.integers(0, 2_000))
    )
    def hold(content):
        assert TARGETS[name].feed(content) in {True, False}

    hold()


guided = pytest.mark.skipif(
    find_spec("atheris") is None,
    reason="atheris has wheels for Linux on x86-64 and Python to 3.13 alone",
)


def asked(*options):
    """Run the command as ``scripts/fuzz --guided`` does."""
    return subprocess.run(
        [sys.executable, "-m", "tests.security.guided", *options],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


@guided
def test_what_no_chance_would_hit_is_found_and_found_again(tmp_path):
    outcome = feed(
        "spelled", planted.TARGETS["spelled"], FEW, into=tmp_path, module=MODULE
    )
    assert outcome.found is not None
    assert outcome.found.read_bytes().startswith(b"inn")
    assert "ZeroDivisionError" in outcome.told
    again = feed_again("spelled", outcome.found, module=MODULE)
    assert again.found == outcome.found


@guided
def test_what_holds_is_fed_as_often_as_was_asked(tmp_path):
    outcome = feed("calm", planted.TARGETS["calm"], FEW, into=tmp_path, module=MODULE)
    assert outcome.found is None
    assert outcome.tried == 20_000
    assert list((tmp_path / "calm" / "corpus").iterdir())


@guided
def test_who_cannot_be_fed_is_told_apart_from_who_broke(tmp_path):
    with pytest.raises(NotFed, match="no_such"):
        feed("no_such", planted.TARGETS["calm"], FEW, into=tmp_path, module=MODULE)


@guided
def test_the_command_says_what_came_of_it(tmp_path):
    limits = ("--tries", "300", "--seed", "7", "--into", str(tmp_path))
    done = asked(*limits, "cursors")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seed 7" in done.stdout
    assert "cursors … 300 inputs" in done.stdout
    assert "nothing broke" in done.stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["no_such"], "no such target: no_such"),
        (["--again", "x"], "--again needs the target"),
    ],
)
def test_the_command_says_what_is_missing(options, why):
    done = asked(*options)
    assert done.returncode == 2
    assert why in done.stderr
