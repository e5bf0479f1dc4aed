"""Shapes that the training doors of the back office share (培训管理的公共字段)."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from handlers.base.access import official
from models.base.places import from_gcj02, to_gcj02
from models.base.units import Fen, Id
from models.eligibility import persons
from models.trainings.planning import ProgrammeDraft
from models.trainings.programmes import Place, Topic
from models.unions.permissions import Permission
from models.workers.identities import ClientClass

Words = Annotated[str, Meta(min_length=1, max_length=60)]
Sentence = Annotated[str, Meta(max_length=300)]
Text = Annotated[str, Meta(max_length=20_000)]
Reason = Annotated[str, Meta(min_length=2, max_length=100)]
"""Why; workers may read it."""
Version = Annotated[int, Meta(ge=0, description="The version that was seen.")]

managing = official(Permission.TRAININGS)


class MapPlace(msgspec.Struct, forbid_unknown_fields=True):
    """A place as a Chinese map shows it (GCJ-02)."""

    name: Words
    lng: float
    lat: float

    def turned(self) -> Place:
        """Return the place in the house's datum, turned here once.

        Refuses: BadPoint.
        """
        return Place(name=self.name, point=from_gcj02(self.lng, self.lat))

    @classmethod
    def of(cls, place: Place) -> "MapPlace":
        """Show a place on the map again."""
        lng, lat = to_gcj02(place.point)
        return cls(name=place.name, lng=lng, lat=lat)


class ProgrammeFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What an editor says of a programme."""

    title: Words
    summary: Sentence
    topic: Topic
    skills: Annotated[list[Words], Meta(max_length=20)] = []
    organiser: Words
    station_id: Id | None = None
    place: MapPlace
    fee_fen: Annotated[Fen, Meta(ge=0)] = 0
    subsidy: Sentence = ""
    body: Text = ""
    """Markdown."""
    rule: dict[str, Any] | None = None
    """Who may sign up; null is everybody."""
    test_persons: Annotated[list[persons.SaidPerson], Meta(max_length=50)] = []
    documents_later: bool = True
    first: list[ClientClass] = []
    """Whom the waitlist serves first."""

    def draft(self) -> ProgrammeDraft:
        """Return what the verb takes.

        Refuses: BadPoint.
        """
        given = msgspec.structs.asdict(self)
        for name in ("skills", "test_persons", "first"):
            given[name] = tuple(given[name])
        return ProgrammeDraft(**given | {"place": self.place.turned()})


class VersionRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What was seen."""

    version: Version


class VersionReasonRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was seen, and why."""

    version: Version
    reason: Reason
