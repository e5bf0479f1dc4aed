"""Workers and staff for tests of stations: with documents, tokens and posts."""

from models.stations import duty
from models.stations.duty import Shift
from models.stations.weekly import Week
from models.unions.staff import Role, Staff, put_staff
from models.workers import sessions, workers
from models.workers.sessions import SignedIn
from models.workers.tokens import Port
from tests.models.stations import places

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


async def worker(ctx, name="li", *, real_name="李示例"):
    """Take in a worker; returns who is asking."""
    await workers.put_worker(
        ctx, id_=f"worker_{name}", openid=f"o-{name}", name=real_name
    )
    return SignedIn(id=f"worker_{name}", session_id="session_1")


async def clerk(ctx, name="lu", stations=("park",), roles=(Role.STATION_CLERK,)):
    """Give somebody a post; returns the staff member as the door finds them."""
    staff = await put_staff(
        ctx,
        id_=f"staff_{name}",
        name="陆示例",
        openid=f"o-staff-{name}",
        unit_id="unit_zone",
        station_ids=[f"station_{slug}" for slug in stations],
        roles=roles,
    )
    assert isinstance(staff, Staff)
    return staff


async def token(ctx, who):
    """Sign somebody in; returns the access token."""
    port = Port.STATION if isinstance(who, Staff) else Port.WORKER
    return (await sessions.start(ctx, owner_id=who.id, port=port)).access_token


def shift(name, *hours):
    """Make a shift of the same hours every day."""
    weekly = Week(**dict.fromkeys(DAYS, tuple(hours)))
    return Shift(staff_id=f"staff_{name}", weekly=weekly)


async def crew(ctx):
    """Furnish three stations for first aid; returns the two who are at the park.

    At the park (it has an AED) lu and song, at the lake 1.2 km off fan, far away
    nobody on duty; on call, in this order, gao and tang.
    """
    await places.put(
        ctx,
        places.station(aed_place="大厅右侧"),
        places.station("lake", gcj02=(113.5570, 34.8268)),
        places.station("far", gcj02=(113.90, 34.8268)),
    )
    homes = {"lu": "park", "song": "park", "fan": "lake", "yuan": "far"}
    for name, home in homes.items():
        await clerk(ctx, name, (home,), (Role.FIRST_AID_RESPONDER,))
    for name in ("gao", "tang"):
        await clerk(ctx, name, (), (Role.ON_CALL,))
    for home, team in (("park", ("lu", "song")), ("lake", ("fan",))):
        await duty.put_rota(
            ctx,
            f"station_{home}",
            responders=[shift(name, "00:00-24:00") for name in team],
            on_call=["staff_gao", "staff_tang"],
        )
    return [await Staff.get(ctx, f"staff_{name}") for name in ("lu", "song")]
