"""What a grid finds is what measuring everything finds, in the same order."""

from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.base import grid
from models.base.grid import Grid
from models.base.places import Ground, Point, distances_m

PARK = Point(113.55, 34.81)

in_china = st.builds(Point, st.floats(74, 135), st.floats(4, 53))
in_town = st.builds(Point, st.floats(113.4, 113.7), st.floats(34.7, 34.9))
at_corners = st.builds(
    Point, st.sampled_from((113.5, 113.52, 113.54)), st.sampled_from((34.8, 34.82))
)


def measured(points, here):
    """Everything, measured one by one."""
    ways = distances_m(here, map(Ground.of, points))
    return sorted(zip(ways, map(name, range(len(points))), strict=True))


def name(number):
    return f"station_{number:04}"


def laid(points):
    return Grid((name(n), point, n) for n, point in enumerate(points))


@given(
    st.lists(in_town, max_size=60) | st.lists(at_corners, max_size=30),
    in_town | at_corners | in_china,
)
@example([PARK] * 20, PARK)
@example([Point(113.5, 34.8), Point(113.5, 53.5)], Point(134.9, 4.1))
def test_it_is_what_measuring_everything_finds(points, here):
    found = [(each.way, each.name) for each in laid(points).nearest(here)]
    assert found == measured(points, here)


@given(st.lists(in_china, min_size=30, max_size=80), in_china)
def test_a_whole_country_is_in_order_too(points, here):
    found = [(each.way, each.name) for each in laid(points).nearest(here)]
    assert found == measured(points, here)


@pytest.mark.parametrize("many", [400, 4_000])
def test_of_a_town_ten_times_as_dense_no_more_is_measured(many, monkeypatch):
    across = int(many**0.5)
    points = [
        Point(113.4 + 0.4 * n / across, 34.6 + 0.4 * m / across)
        for n in range(across)
        for m in range(across)
    ]
    told = laid(points)
    count = 0

    def counted(here, grounds):
        nonlocal count
        count += len(grounds)
        return distances_m(here, grounds)

    monkeypatch.setattr(grid, "distances_m", counted)
    assert len(list(islice(told.nearest(PARK), 20))) == 20
    assert count < 250
