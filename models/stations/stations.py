"""Stations (驿站): the places, what is in them, and when their doors open.

A station changes rarely and is read all the time, so every process keeps all of
them in `directory`; what changes by the minute is worked out in `live`.
Source: requirements 4.3 (工会驿站); features S1-15.
"""

from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from pymongo import GEOSPHERE, IndexModel

from models.base import holidays, personal
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.places import Point
from models.stations import timetable
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.hours import Hours
from models.stations.port_services import Service, ServiceKind
from models.stations.timetable import SlotTime

DAYS_KEPT = 4096
"""Timetables of a service's day kept worked out; one is some 5 KB."""


class StationKind(StrEnum):
    """Who runs the place together with the union (建设方式)."""

    UNION = "union"
    BANK = "bank"
    PETROL = "petrol"
    SHOP = "shop"
    PARK = "park"


class Facility(StrEnum):
    """What is there for everybody who comes in (设施)."""

    HOT_WATER = "hot_water"
    MICROWAVE = "microwave"
    FRIDGE = "fridge"
    REST = "rest"
    WIFI = "wifi"
    READING = "reading"
    UMBRELLA = "umbrella"
    FIRST_AID_KIT = "first_aid_kit"
    AED = "aed"
    BLOOD_PRESSURE_METER = "blood_pressure_meter"
    MOTHER_BABY_ROOM = "mother_baby_room"
    TOILET = "toilet"
    SHOWER = "shower"
    AIR_CONDITIONING = "air_conditioning"
    PARKING = "parking"
    SEWING_KIT = "sewing_kit"
    HOT_MEAL = "hot_meal"


class Station(Document, kw_only=True, frozen=True):
    """One place for workers to rest, charge and be helped (驿站)."""

    SHELF = "stations"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel([("place", GEOSPHERE)]),
        IndexModel(["unit_id"]),
        IndexModel(["org_path", "_id"]),
    )

    name: str
    unit_id: str
    """The union that answers for it."""
    org_path: str = ""
    """That union's path; follows when the unit moves."""
    kind: StationKind
    address: str
    place: Point
    """WGS-84, turned once from the map's GCJ-02."""
    phone: str
    photo: str | None = None
    facilities: tuple[Facility, ...] = ()
    aed_place: str | None = None
    """Where its own AED hangs; None if it has none."""
    nearest_aed: str | None = None
    """How to get at the nearest AED, its own or another's."""
    hours: Hours
    services: tuple[Service, ...] = ()
    drop_ins: tuple[DropIn, ...] = ()
    rev: int = 0
    """Goes up with every change that its keepers make."""

    def service(self, kind: str) -> Service | None:
        """Return a service by its kind, or None."""
        return next((each for each in self.services if each.kind == kind), None)

    def drop_in(self, kind: DropInKind) -> DropIn | None:
        """Return what is there without a booking, by its kind, or None."""
        return next((each for each in self.drop_ins if each.kind is kind), None)

    def timetable(self, service: Service, day: date) -> tuple[SlotTime, ...]:
        """Return the slots of a service that start on a day (当日时段)."""
        return _slots_on(self.hours, self.id, service, day, holidays.edition())

    def slot(self, service: Service, day: date, slot_id: str) -> SlotTime | None:
        """Return one of the slots of a day by its id, or None."""
        edition = holidays.edition()
        return _slots_named(self.hours, self.id, service, day, edition).get(slot_id)

    def slots_near(self, service: Service, day: date) -> "SlotsNear":
        """Return the slots of a day, with the last before and the first after it."""
        return _slots_near(self.hours, self.id, service, day, holidays.edition())


class SlotsNear(NamedTuple):
    """Slots in line, and when each of them ends."""

    ends: list[datetime]
    slots: tuple[SlotTime, ...]


class NoSuchStation(NotFound):
    """No station has this id."""

    code = "no_such_station"
    message = "没有找到这个驿站，请返回列表重新选择。"


class NoSuchService(NotFound):
    """The station does not offer this by the port."""

    code = "no_such_service"
    message = "这个驿站没有开通该服务，请选择其他服务或驿站。"


def service_of(station: Station, kind: ServiceKind) -> Service:
    """Return a station's service.

    Refuses: NoSuchService.
    """
    service = station.service(kind)
    if service is None:
        raise NoSuchService({"station_id": station.id, "service": kind})
    return service


@lru_cache(maxsize=DAYS_KEPT)
def _slots_on(
    hours: Hours, station_id: str, service: Service, day: date, _edition: Hashable
) -> tuple[SlotTime, ...]:
    return tuple(
        timetable.slots_on(
            hours,
            day,
            station_id=station_id,
            service=service.kind,
            rhythm=service.rhythm,
        )
    )


@lru_cache(maxsize=DAYS_KEPT)
def _slots_named(
    hours: Hours, station_id: str, service: Service, day: date, edition: Hashable
) -> Mapping[str, SlotTime]:
    on_day = _slots_on(hours, station_id, service, day, edition)
    return {slot.id: slot for slot in on_day}


@lru_cache(maxsize=DAYS_KEPT)
def _slots_near(
    hours: Hours, station_id: str, service: Service, day: date, edition: Hashable
) -> SlotsNear:
    before, on_day, after = (
        _slots_on(hours, station_id, service, day + timedelta(days=step), edition)
        for step in (-1, 0, 1)
    )
    slots = (*before[-1:], *on_day, *after[:1])
    return SlotsNear([slot.end for slot in slots], slots)
