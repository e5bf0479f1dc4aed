"""Between two edges the number of a stretch stands still; at each it is another one."""

import random
from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from models.policies.edges import Edges
from models.policies.texts import FOREVER

BEGAN = datetime(2026, 11, 27, 9, tzinfo=UTC)


def minutes(number):
    return BEGAN + timedelta(minutes=number)


def test_a_moment_belongs_to_the_stretch_it_begins():
    edges = Edges()
    edges.add([minutes(10), FOREVER, minutes(20), minutes(10)])
    told = [edges.stretch(minutes(each)) for each in (9, 10, 19, 20, 10_000)]
    assert told == [0, 1, 1, 2, 2]


def test_an_edge_added_later_parts_the_stretch_that_was_just_asked_about():
    edges = Edges()
    edges.add([minutes(10)])
    before = edges.stretch(minutes(15)), edges.stretch(minutes(17))
    edges.add([minutes(16)])
    assert before == (1, 1)
    assert (edges.stretch(minutes(15)), edges.stretch(minutes(17))) == (1, 2)


def test_what_is_loaded_anew_has_no_edge_of_before():
    edges = Edges()
    edges.add([minutes(10)])
    assert edges.stretch(minutes(15)) == 1
    edges.begin_anew()
    assert edges.stretch(minutes(15)) == 0


def test_whatever_was_asked_before_the_answer_is_the_same():
    dice = random.Random(11)
    edges, known = Edges(), []
    for _ in range(2_000):
        moment = minutes(dice.randrange(200))
        if dice.random() < 0.05:
            edges.add([moment])
            known = sorted({*known, moment})
        assert edges.stretch(moment) == bisect_right(known, moment)
