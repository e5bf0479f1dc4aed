"""Two branches of a union with one of everything each, for walks over all doors.

Every noun that a path may name stands here with the document it is kept in; a door
with a name that is not here fails the walk until somebody adds a line.
"""

from typing import Any, NamedTuple

from models.members.verifications import Verification
from models.moderation.pieces import Piece
from models.moderation.words import Word
from models.policies.editions import Edition, Policy
from models.policies.manuscripts import Manuscript
from models.stations.appeals import Appeal
from models.stations.booked import Booking
from models.stations.cut_offs import CutOff
from models.stations.disruptions import Disruption
from models.stations.first_aid_alerts import Alert
from models.stations.ledger import CheckIn
from models.trainings.enrolments import Enrolment
from models.trainings.programmes import Programme
from models.trainings.sessions import Session
from models.unions.emergencies import Emergency
from models.unions.grants import Grant
from models.unions.moves import Move
from models.unions.permissions import GrantRole, Permission
from models.unions.staff import Role, put_staff
from models.workers.workers import Worker
from tests.house.minimal import SAMPLES, document
from tests.models.stations import places
from tests.models.unions import people

CITY = "/unit_city/"

KEPT_IN: dict[str, Any] = {
    "booking_id": Booking,
    "check_in_id": CheckIn,
    "alert_id": Alert,
    "move_id": Move,
    "grant_id": Grant,
    "emergency_id": Emergency,
    "programme_id": Programme,
    "session_id": Session,
    "manuscript_id": Manuscript,
    "policy_id": Policy,
    "edition_id": Edition,
    "closure_id": Disruption,
    "verification_id": Verification,
    "worker_id": Worker,
    "appeal_id": Appeal,
    "cut_off_id": CutOff,
    "enrolment_id": Enrolment,
    "piece_id": Piece,
    "word_id": Word,
}
"""What is made with no more than its path; the others are made below."""


PARTS = ("attachment_id", "file_id", "preview_id", "stay_id")
"""What is kept within another thing, which a path names before it."""


SEALED = {"appeal_id": ("text",)}
"""Fields that a view opens the seal of."""


class Place(NamedTuple):
    """A place of the tree, and who is in charge there."""

    unit_id: str
    path: str
    staff_id: str


BRANCHES = ("east", "west")
LEVELS = {
    "city": Place("unit_city", CITY, "staff_city"),
    "east": Place("unit_east", f"{CITY}unit_east/", "staff_east"),
    "west": Place("unit_west", f"{CITY}unit_west/", "staff_west"),
    "east_firm": Place(
        "unit_east_firm", f"{CITY}unit_east/unit_east_firm/", "staff_east_firm"
    ),
    "west_firm": Place(
        "unit_west_firm", f"{CITY}unit_west/unit_west_firm/", "staff_west_firm"
    ),
}


async def furnish(ctx):
    """Plant the tree and put one of everything at each place of it."""
    await people.plant(ctx)
    for name, place in LEVELS.items():
        await put_staff(
            ctx,
            id_=place.staff_id,
            name="管示例",
            openid=f"o-{name}",
            unit_id=place.unit_id,
        )
        await people.grant(
            ctx,
            place.staff_id,
            unit=place.unit_id,
            permissions=list(Permission),
            role=GrantRole.ADMINISTRATOR,
        )
        await put_staff(
            ctx,
            id_=f"staff_clerk_{name}",
            name="值示例",
            openid=f"o-clerk-{name}",
            unit_id=place.unit_id,
            station_ids=[f"station_{name}"],
            roles=list(Role),
        )
        await _put_things(ctx, name, place)
    await places.put(
        ctx,
        *(
            places.station(name, unit_id=place.unit_id, org_path=place.path)
            for name, place in LEVELS.items()
        ),
    )


async def _put_things(ctx, name, place):
    """Put one of every noun at a place."""
    named = ids_at(name)
    for noun, kept_in in KEPT_IN.items():
        given = {field: named[field] for field in fields_of(kept_in) if field in named}
        row = document(kept_in, **given | {"_id": named[noun]})
        if "org_path" in fields_of(kept_in):
            row["org_path"] = place.path
        for field, value in row.items():
            if value == SAMPLES[0]:
                row[field] = f"示例·{name}"
        for field in SEALED.get(noun, ()):
            row[field] = ctx.secrets.seal(row[field])
        await ctx.db[kept_in.SHELF].insert_one(row)


def fields_of(kept_in):
    """Name a document's fields."""
    return kept_in.__struct_fields__


def ids_at(name):
    """Name the things at a place, by the names that paths and bodies use."""
    nouns = [noun.removesuffix("_id") for noun in KEPT_IN]
    made = {f"{noun}_id": f"{noun}_{name}" for noun in [*nouns, "station"]}
    made |= {part: f"{part.removesuffix('_id')}_{name}" for part in PARTS}
    place = LEVELS[name]
    return made | {
        "unit_id": place.unit_id,
        "parent_id": place.unit_id,
        "to_id": place.unit_id,
        "account_id": f"staff_clerk_{name}",
        "staff_id": f"staff_clerk_{name}",
        "line_id": "synonym_everybodys",
    }


def outside(name):
    """Name the places that whoever is in charge of a place does not reach."""
    mine = LEVELS[name].path
    return [other for other, place in LEVELS.items() if not place.path.startswith(mine)]
