"""One datum inside; what came in a Chinese map's coordinates is turned once."""

import math

import coordTransform
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import places
from models.base.context import Context
from models.base.places import BadPoint, Point

PARK = Point(113.5518, 34.8121)
"""About the middle of 郑州高新区."""

in_china = st.builds(Point, st.floats(74, 135), st.floats(4, 53))
near_the_park = st.builds(Point, st.floats(113.2, 114.0), st.floats(34.5, 35.0))


def metres_apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Finer than `distance_m`: for differences under a metre the earth is flat."""
    east = (a[0] - b[0]) * math.cos(math.radians(a[1]))
    return math.hypot(east, a[1] - b[1]) * math.radians(places.EARTH_RADIUS)


def test_the_shift_is_the_one_that_maps_publish():
    lng, lat = places.to_gcj02(Point(116.404, 39.915))
    assert (lng, lat) == pytest.approx((116.41024449916938, 39.91640428150164))


@given(in_china)
def test_a_point_turned_there_and_back_is_the_same_to_a_millimetre(point: Point):
    try:
        back = places.from_gcj02(*places.to_gcj02(point))
    except BadPoint:
        return  # the map shows it outside the box
    assert metres_apart((point.lng, point.lat), (back.lng, back.lat)) < 0.001


@given(near_the_park)
def test_mixing_the_datums_up_would_be_noticed(point: Point):
    shift = metres_apart(places.to_gcj02(point), (point.lng, point.lat))
    assert 500 < shift < 650


def test_the_librarys_own_way_back_is_not_good_enough():
    alone = tuple(coordTransform.gcj02_to_wgs84(*places.to_gcj02(PARK)))
    assert 1 < metres_apart(alone, (PARK.lng, PARK.lat)) < 5


@pytest.mark.parametrize(
    ("there", "metres"),
    [
        (PARK, 0),
        (Point(113.5518, 35.8121), 111_319),
        (Point(113.5518, 34.83896), 2990),
        (Point(113.5518, 34.83914), 3010),
        (Point(113.5847, 34.8121), 3007),
        (Point(116.404, 39.915), 621_483),
    ],
)
def test_a_distance_is_whole_metres_on_mongodbs_sphere(there: Point, metres: int):
    assert places.distance_m(PARK, there) == metres


@given(near_the_park, near_the_park)
def test_there_is_as_far_as_back(here: Point, there: Point):
    assert places.distance_m(here, there) == places.distance_m(there, here)
    assert (places.distance_m(here, there) == 0) == (
        metres_apart((here.lng, here.lat), (there.lng, there.lat)) < 0.5
    )


@pytest.mark.parametrize(
    ("lng", "lat", "path"),
    [
        (0, 0, "$.lng"),
        (34.8121, 113.5518, "$.lng"),
        (113.5, 54, "$.lat"),
        (113.5, 3, "$.lat"),
        (181, 34, "$.lng"),
        (math.nan, 34.8, "$.lng"),
        (113.5, math.inf, "$.lat"),
    ],
)
def test_a_point_out_of_china_or_with_its_numbers_swapped_is_refused(
    lng: float, lat: float, path: str
):
    for make in (Point, places.from_gcj02):
        with pytest.raises(BadPoint) as refused:
            make(lng, lat)
        assert refused.value.details == {"path": path}


def test_a_point_is_kept_and_read_longitude_first():
    kept = msgspec.to_builtins(PARK)
    assert list(kept.items()) == [("lng", 113.5518), ("lat", 34.8121)]
    assert msgspec.convert(kept, Point) == PARK
    assert PARK.geojson() == {"type": "Point", "coordinates": [113.5518, 34.8121]}


def test_a_log_knows_a_person_to_a_hundred_metres_only():
    assert places.rounded(Point(113.551849, 34.8)) == "113.552,34.800"


async def test_mongodb_reads_a_kept_point_and_measures_the_same(ctx: Context):
    around = [Point(113.4 + n % 20 / 60, 34.6 + n / 1000) for n in range(400)]
    shelf = ctx.db["places_tried"]
    await shelf.create_index([("at", "2dsphere")])
    await shelf.insert_many(
        [{"_id": n, "at": msgspec.to_builtins(point)} for n, point in enumerate(around)]
    )
    near = {"near": PARK.geojson(), "distanceField": "metres", "maxDistance": 6000}
    found = await (await shelf.aggregate([{"$geoNear": near}])).to_list()
    await shelf.drop()
    measured = {n: places.distance_m(PARK, point) for n, point in enumerate(around)}
    assert {row["_id"]: round(row["metres"]) for row in found} == {
        n: metres for n, metres in measured.items() if metres <= 6000
    }
    assert len(found) > 10
