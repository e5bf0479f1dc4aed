"""Who leaves leaves a desk: whoever administers the unit hears what lies on it."""

from models.base import events
from models.messages.inbox import Message
from models.messages.kinds import Kind
from models.reactions import REACTIONS
from models.stations import rotas
from models.stations.rotas import Rota, Shift, SpecialDuty
from models.stations.weekly import Week
from models.unions import leaving
from models.unions.permissions import GrantRole, Permission
from tests.models.policies.papers import begun, editor
from tests.models.unions.people import official

ADMIN = GrantRole.ADMINISTRATOR


async def told(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass
    found = await Message.many(ctx, {"kind": Kind.COLLEAGUE_LEFT})
    return {each.worker_id: each.text for each in found}


async def bosses(ctx):
    everything = list(Permission)
    for name in ("east", "west"):
        await official(
            ctx, name, unit=f"unit_{name}", permissions=everything, role=ADMIN
        )
    return await official(
        ctx, "city", unit="unit_city", permissions=everything, role=ADMIN
    )


async def test_administrators_there_and_above_hear_what_is_to_be_handed_over(ctx):
    boss, gone = await bosses(ctx), await editor(ctx)
    await begun(ctx, gone)
    shift = Shift(staff_id=gone.id, weekly=Week())
    await Rota(id="rota_a", responders=(shift,), on_call=(gone.id,)).insert(ctx)
    await Rota(id="rota_b", on_call=("staff_else",)).insert(ctx)
    await leaving.leave(ctx, gone.id, reason="调走", by=boss)
    said = await told(ctx)
    assert sorted(said) == ["staff_city", "staff_east"]
    assert "还有1篇未完成的稿件和1个驿站的值班安排待交接" in said["staff_east"]
    assert "王示例" not in said["staff_east"]


async def test_an_empty_desk_is_told_as_empty(ctx):
    boss, gone = await bosses(ctx), await editor(ctx)
    await leaving.leave(ctx, gone.id, reason="调走", by=boss)
    assert "没有待交接的稿件和值班" in (await told(ctx))["staff_east"]


async def test_special_days_count_while_they_are_not_over(ctx, clock):
    today = clock.today()
    for name, day in (("a", today), ("b", today.replace(year=today.year - 1))):
        shifts = (rotas.DayShift(staff_id="staff_x", intervals=()),)
        special = SpecialDuty(day=day, shifts=shifts, reason="台风值班")
        await Rota(id=f"rota_{name}", special=(special,)).insert(ctx)
    assert await rotas.count_naming(ctx, "staff_x") == 1
