"""What follows in the first-aid kit (急救箱): its clerks are told what runs out."""

from models.base.context import Context
from models.messages import inbox
from models.messages.kinds import Kind, Values
from models.stations import directory
from models.stations.kit_notices import KitRunsOut, Notice
from models.unions.staff import Role, serving


async def tell_of_kit(ctx: Context, event: KitRunsOut) -> None:
    """Tell every clerk of the station what there is to order."""
    notice = await Notice.find(ctx, _id=event.notice_id)
    station = await directory.look(ctx, event.station_id)
    if notice is None or station is None:
        return
    said: Values = {"station": station.name, "what": event.item, "reason": _why(notice)}
    clerks = await serving(ctx, role=Role.STATION_CLERK, station_id=station.id)
    for clerk in clerks:
        await inbox.tell(
            ctx, clerk.id, Kind.KIT_RUNS_OUT, said, ref=notice.id, cause=event.id
        )


def _why(notice: Notice) -> str:
    if notice.expires_on is None:
        return f"库存不足，可用的只剩{notice.left}件"
    day = notice.expires_on
    return f"将于{day.year}年{day.month}月{day.day}日到期，还有{notice.left}件"
