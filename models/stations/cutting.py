"""Cutting power (断电处理): what is due at a station, and that it is done.

Source: features S4-02; screens 值守台.
"""

from models.base import audit
from models.base.context import Context
from models.base.errors import Conflict, NotFound
from models.base.store import atomic
from models.stations import keepers, lapses
from models.stations.cut_offs import CutOff
from models.unions.staff import Staff

MOST = 100
"""More than the ports of one station."""


class NoSuchCutOff(NotFound):
    """Nothing of this id is to be cut at the station."""

    code = "no_such_cut_off"
    message = "没有找到这条断电提醒，请刷新后查看。"


class AlreadyCut(Conflict):
    """Somebody has cut it; ``details.at`` says when."""

    code = "already_cut"
    message = "这个充电口已经确认断电，不用重复操作。"


async def due(ctx: Context, station_id: str, *, by: Staff) -> list[CutOff]:
    """List the ports whose power is to be cut now, the longest due first (待断电).

    Rules: who overstays is noted first, whenever the clockwork comes by.
    Refuses: NoSuchStation, RoleMissing.
    """
    await keepers.find(ctx, station_id, by=by)
    await lapses.end_overstays_at(ctx, station_id)
    where = {
        "station_id": station_id,
        "is_cut": False,
        "due_at": {"$lte": ctx.clock.now()},
    }
    return await CutOff.many(ctx, where, sort=[("due_at", 1)], limit=MOST)


@atomic()
async def confirm(
    ctx: Context, station_id: str, cut_off_id: str, *, by: Staff
) -> CutOff:
    """Say that the power of a port has been cut (确认断电).

    Refuses: NoSuchStation, RoleMissing, NoSuchCutOff, AlreadyCut.
    """
    station = await keepers.find(ctx, station_id, by=by)
    own = {"_id": cut_off_id, "station_id": station.id}
    done = {"is_cut": True, "by": by.id, "cut_at": ctx.clock.now()}
    kept = await CutOff.change(ctx, own | {"is_cut": False}, {"$set": done})
    if kept is None:
        seen = await CutOff.find(ctx, **own)
        if seen is None or seen.cut_at is None:
            raise NoSuchCutOff
        raise AlreadyCut({"at": seen.cut_at.isoformat()})
    await audit.note(
        ctx,
        who=by.id,
        what="stations.cut_power",
        about=kept.id,
        org_path=station.org_path,
    )
    return kept
