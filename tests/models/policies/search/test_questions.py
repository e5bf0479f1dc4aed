"""The demo's everyday questions find the right policy among the first three."""

import pytest

from scripts import measure_search
from scripts.demo.load_policies import policy_rows
from tests.models.policies.search.corpus import NOW


@pytest.fixture
def places(run):
    demo = list(measure_search.entries(policy_rows(), NOW))
    index = run(measure_search.filled(demo))
    asked = measure_search.questions()
    return {each: measure_search.place(index, each, NOW) for each in asked}


def test_there_are_enough_questions(places):
    assert len(places) >= 60


def test_those_that_words_and_weights_were_tuned_on(places):
    told = measure_search.score([p for a, p in places.items() if not a.held_out])
    assert told.recall >= 0.95


def test_those_held_out(places):
    told = measure_search.score([p for a, p in places.items() if a.held_out])
    assert told.recall >= 0.9
