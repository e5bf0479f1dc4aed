"""Loads the demo trainings (示例培训): programmes and their sessions.

What is there already is left alone, seats and all, so loading twice changes nothing.
A rule is tried on its test persons first; one that fails stops the load.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from models.base.context import Context
from models.base.documents import Document
from models.base.places import Point, from_gcj02
from models.base.units import Fen, Instant, Minutes, Places
from models.eligibility import rules
from models.eligibility.persons import run_test_persons
from models.trainings.planning import audience_of
from models.trainings.programmes import Place, Programme, Topic
from models.trainings.sessions import Group, Meeting, Session
from models.unions import units
from models.workers.identities import ClientClass

FILE = Path(__file__).with_name("trainings.yaml")


class IllTrainingError(ValueError):
    """The file says something that cannot be loaded; the text says what and where."""


class GivenPlace(msgspec.Struct, forbid_unknown_fields=True):
    """A place as a Chinese map gave it."""

    name: str
    gcj02: dict[str, float]

    def turned(self) -> Place:
        """Return the place in the house's datum."""
        point: Point = from_gcj02(self.gcj02["lng"], self.gcj02["lat"])
        return Place(name=self.name, point=point)


class GivenGroup(msgspec.Struct, forbid_unknown_fields=True):
    """A cap for some classes."""

    name: str
    classes: tuple[ClientClass, ...]
    seats: Places


class GivenSession(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A session as the file writes it."""

    slug: str
    starts_at: Instant
    ends_at: Instant
    meetings: tuple[Meeting, ...]
    sign_up_opens: Instant
    sign_up_closes: Instant
    cancel_until: Instant
    latest_offer_hours: int
    offer_minutes: Minutes
    seats: Places
    groups: tuple[GivenGroup, ...] = ()
    place: GivenPlace


class GivenProgramme(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A programme as the file writes it."""

    slug: str
    title: str
    summary: str
    topic: Topic
    skills: tuple[str, ...]
    organiser: str
    unit: str
    """The slug of the union that answers for it."""
    station: str | None
    place: GivenPlace
    fee_fen: Fen
    subsidy: str
    body: str
    rule: dict[str, Any] | None
    test_persons: list[dict[str, Any]] = []
    sessions: tuple[GivenSession, ...]


async def load(ctx: Context) -> int:
    """Put every programme and session on its shelf; return how many were new."""
    new = 0
    for given in read():
        _check(given)
        path = await units.path_of(ctx, f"unit_{given.unit}")
        new += await _put(ctx, _programme(given, path, ctx.clock.now()))
        for run in given.sessions:
            new += await _put(ctx, _session(given, run, path))
    return new


def read() -> list[GivenProgramme]:
    """Read the file."""
    return msgspec.convert(yaml.safe_load(FILE.read_text()), list[GivenProgramme])


def _check(given: GivenProgramme) -> None:
    if given.rule is None:
        return
    failures = run_test_persons(rules.decode(given.rule), given.test_persons)
    if failures:
        said = "; ".join(f"{each.name} {each.message}" for each in failures)
        raise IllTrainingError(f"{given.slug}: {said}")


async def _put(ctx: Context, document: Document) -> int:
    row = msgspec.to_builtins(document, builtin_types=(datetime,))
    done = await document.shelf(ctx).update_one(
        {"_id": row.pop("_id")}, {"$setOnInsert": row}, upsert=True
    )
    return int(done.upserted_id is not None)


def _programme(given: GivenProgramme, path: str, now: datetime) -> Programme:
    return Programme(
        id=f"programme_{given.slug}",
        unit_id=f"unit_{given.unit}",
        org_path=path,
        title=given.title,
        summary=given.summary,
        topic=given.topic,
        skills=given.skills,
        organiser=given.organiser,
        station_id=given.station and f"station_{given.station}",
        place=given.place.turned(),
        fee_fen=given.fee_fen,
        subsidy=given.subsidy,
        body=given.body,
        rule=given.rule,
        test_persons=tuple(given.test_persons),
        audience=tuple(dict.fromkeys(audience_of(given.rule or {}))),
        added_at=now,
    )


def _session(given: GivenProgramme, run: GivenSession, path: str) -> Session:
    return Session(
        id=f"session_{run.slug}",
        org_path=path,
        programme_id=f"programme_{given.slug}",
        starts_at=run.starts_at,
        ends_at=run.ends_at,
        meetings=run.meetings,
        place=run.place.turned(),
        sign_up_opens=run.sign_up_opens,
        sign_up_closes=run.sign_up_closes,
        cancel_until=run.cancel_until,
        latest_offer_hours=run.latest_offer_hours,
        offer_minutes=run.offer_minutes,
        seats=run.seats,
        left=run.seats,
        groups=tuple(
            Group(
                name=each.name,
                classes=each.classes,
                seats=each.seats,
                left=each.seats,
            )
            for each in run.groups
        ),
    )
