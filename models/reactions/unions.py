"""What follows in the union (工会): who got power is told, what moved follows."""

from models.base.context import Context
from models.base.documents import Document
from models.base.events import Reaction
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.policies import progress
from models.stations import rotas
from models.unions import administrators, moves
from models.unions.accounts import AccountLeft
from models.unions.emergencies import EmergencyOpened
from models.unions.granting import GrantGiven
from models.unions.moves import UnitMoved
from models.unions.staff import Staff
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
    for staff_id in await administrators.over(ctx, event.org_path):
        await inbox.tell(
            ctx, staff_id, Kind.EMERGENCY_OPENED, said, ref=ref, cause=cause
        )


async def tell_of_leaving(ctx: Context, event: AccountLeft) -> None:
    """Tell who administers the unit, or one above, what lies on the desk."""
    member = await Staff.find(ctx, _id=event.staff_id)
    if member is None:
        return
    said: Values = {
        "name": member.masked_name(ctx),
        "desk": await _desk_of(ctx, member.id),
    }
    ref, cause = member.id, event.id
    for staff_id in await administrators.over(ctx, event.org_path):
        await inbox.tell(ctx, staff_id, Kind.COLLEAGUE_LEFT, said, ref=ref, cause=cause)


async def _desk_of(ctx: Context, staff_id: str) -> str:
    written = await progress.count_open(ctx, staff_id)
    named = await rotas.count_naming(ctx, staff_id)
    left = [
        *([f"{written}篇未完成的稿件"] if written else []),
        *([f"{named}个驿站的值班安排"] if named else []),
    ]
    return f"还有{'和'.join(left)}待交接" if left else "没有待交接的稿件和值班"


def follow(belongings: type[Document]) -> Reaction:
    """Make the reaction that lets what belongs to a moved unit follow it."""

    async def follow(ctx: Context, event: UnitMoved) -> None:
        await moves.follow(ctx, belongings, event.unit_id)

    return follow
