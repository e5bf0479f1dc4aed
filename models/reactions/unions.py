"""What follows in the union (工会): who got power is told, what moved follows."""

from models.base.context import Context
from models.base.documents import Document
from models.base.events import Reaction
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.unions import granting, moves
from models.unions.emergencies import EmergencyOpened
from models.unions.granting import GrantGiven
from models.unions.moves import UnitMoved
from models.unions.units import Unit


async def tell_of_grant(ctx: Context, event: GrantGiven) -> None:
    """Say where, and from when."""
    unit = await Unit.get(ctx, event.unit_id)
    if unit is not None:
        said: Values = {"unit": unit.name, "start": event.begins_at}
        ref, cause = event.grant_id, event.id
        await inbox.tell(
            ctx, event.staff_id, Kind.GRANT_GIVEN, said, ref=ref, cause=cause
        )


async def tell_of_emergency(ctx: Context, event: EmergencyOpened) -> None:
    """Tell everybody who administers the unit or one above."""
    unit = await Unit.get(ctx, event.unit_id)
    if unit is None:
        return
    said: Values = {"unit": unit.name, "until": event.until}
    ref, cause = event.emergency_id, event.id
    for staff_id in await granting.administrators_over(ctx, event.org_path):
        await inbox.tell(
            ctx, staff_id, Kind.EMERGENCY_OPENED, said, ref=ref, cause=cause
        )


def follow(belongings: type[Document]) -> Reaction:
    """Make the reaction that lets what belongs to a moved unit follow it."""

    async def follow(ctx: Context, event: UnitMoved) -> None:
        await moves.follow(ctx, belongings, event.unit_id)

    return follow
