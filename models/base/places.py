"""Where things are: one datum inside the house, WGS-84, longitude first.

WeChat and every Chinese map speak GCJ-02, which lies 20 to 700 m off (some 600 m
in Zhengzhou). A coordinate is turned once, at the door, and only WGS-84 is kept
and measured; whoever shows a map again turns it back with `to_gcj02`.

A `Point` may be a field of a document under a 2dsphere index: MongoDB reads
``{lng, lat}`` in this order as it reads GeoJSON.

Source: rules 6.3; the shift is `coordTransform`'s.
"""

import math
from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import coordTransform
import msgspec
from msgspec import Meta

from models.base.errors import Invalid
from models.base.units import Metres

EARTH_RADIUS = 6_378_100
"""Metres; MongoDB's own sphere, so that its distances and ours are the same."""

WEST, EAST, SOUTH, NORTH = 73.66, 135.05, 3.86, 53.55
"""Degrees; the box in which maps shift. No longitude in it is also a latitude in
it, so a swapped pair is always noticed."""

CORRECTIONS = 3
"""Steps after the library's own way back, which alone is up to 5 m off; each
makes the error some 200 times smaller, three leave about a micrometre."""

Longitude = Annotated[float, Meta(gt=WEST, lt=EAST, description="Degrees east.")]
Latitude = Annotated[float, Meta(gt=SOUTH, lt=NORTH, description="Degrees north.")]


class BadPoint(Invalid):
    """The coordinates are nowhere in China."""

    code = "bad_point"
    message = "位置坐标不在服务范围内，请重新定位或在地图上选点。"


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place on the ground, in WGS-84 degrees.

    Refuses: BadPoint.
    """

    lng: Longitude
    lat: Latitude

    def __post_init__(self) -> None:
        if not WEST < self.lng < EAST:
            raise BadPoint({"path": "$.lng"})
        if not SOUTH < self.lat < NORTH:
            raise BadPoint({"path": "$.lat"})

    def geojson(self) -> dict[str, Any]:
        """Return the point as MongoDB's geo queries want it."""
        return {"type": "Point", "coordinates": [self.lng, self.lat]}


def from_gcj02(lng: float, lat: float) -> Point:
    """Turn what WeChat or a Chinese map gave into a point of ours.

    Rules: the library's inverse, then corrected by its forward shift.
    Refuses: BadPoint.
    """
    shown = Point(lng, lat)
    lng, lat = coordTransform.gcj02_to_wgs84(shown.lng, shown.lat)
    for _ in range(CORRECTIONS):
        back_lng, back_lat = coordTransform.wgs84_to_gcj02(lng, lat)
        lng, lat = lng + shown.lng - back_lng, lat + shown.lat - back_lat
    return Point(lng, lat)


def to_gcj02(point: Point) -> tuple[float, float]:
    """Return ``(lng, lat)`` for a Chinese map; not a `Point`, so never measured."""
    lng, lat = coordTransform.wgs84_to_gcj02(point.lng, point.lat)
    return lng, lat


class Ground(NamedTuple):
    """A point as ways are measured from it: what does not depend on the other end."""

    lng: float
    """Degrees."""
    north: float
    """Radians."""
    width: float
    """Of its parallel, the equator's being 1."""

    @classmethod
    def of(cls, point: Point) -> "Ground":
        """Prepare a point."""
        north = math.radians(point.lat)
        return cls(point.lng, north, math.cos(north))


def distance_m(here: Point, there: Point) -> Metres:
    """Return the way between two points as the crow flies.

    Units: whole metres, rounded to the nearest, on MongoDB's sphere.
    """
    return distances_m(here, [Ground.of(there)])[0]


def distances_m(here: Point, grounds: Iterable[Ground]) -> list[Metres]:
    """Return the ways from a point to many, in their order; likewise."""
    start, start_north, start_width = Ground.of(here)
    radians, sin, sqrt, asin = math.radians, math.sin, math.sqrt, math.asin
    ways: list[Metres] = []
    for lng, north, width in grounds:
        up = sin((north - start_north) / 2)
        along = sin(radians(lng - start) / 2)
        half_chord = up * up + start_width * width * along * along
        ways.append(round(2 * EARTH_RADIUS * asin(min(1.0, sqrt(half_chord)))))
    return ways


def rounded(point: Point) -> str:
    """Return ``lng,lat`` to about 100 m: the most a log may know of a person."""
    return f"{point.lng:.3f},{point.lat:.3f}"
