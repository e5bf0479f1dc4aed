"""Courses and people for the tests of trainings."""

from datetime import UTC, datetime, timedelta

from models.base import events
from models.base.places import Point
from models.messages import inbox
from models.reactions import REACTIONS
from models.trainings import sign_ups
from models.trainings.enrolments import Enrolment, State
from models.trainings.programmes import Place, Programme, Topic
from models.trainings.sessions import Group, Meeting, Session
from models.unions.permissions import Permission
from models.workers import identities
from models.workers.identities import ClientClass
from models.workers.sessions import SignedIn
from tests.models.unions.people import official

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
START = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
"""Two weeks later, 09:00 in Shanghai."""
HERE = Point(113.55, 34.81)
EAST = "/unit_city/unit_east/"

PLATFORM, MIGRANT, TRANSFERRING = (
    "platform_worker",
    "migrant_worker",
    "transferring_worker",
)

RIDERS_ONLY = {
    "all": [
        {
            "id": "riders",
            "fact": "client_classes",
            "op": "in",
            "value": [PLATFORM],
            "says": "属于新就业形态劳动者",
            "cites": "第一条",
        },
        {
            "id": "paper",
            "fact": "documents",
            "op": "has_document",
            "value": "diploma",
            "says": "有毕业证书",
            "cites": "第二条",
        },
    ]
}


def who(name):
    return SignedIn(id=f"worker_{name}", session_id="session_1")


def group(name, seats):
    return Group(name=name, classes=(name,), seats=seats, left=seats)


async def programme(ctx, slug="one", **fields):
    return await Programme(
        **{
            "id": f"programme_{slug}",
            "title": f"示例：{slug}",
            "summary": "学一门手艺。",
            "topic": Topic.SAFETY,
            "organiser": "示例·工会",
            "place": Place(name="示例·驿站", point=HERE),
            "unit_id": "unit_east",
            "org_path": EAST,
            "added_at": NOW,
        }
        | fields
    ).insert(ctx)


async def session(ctx, slug="one", *, of="one", seats=2, starts_at=START, **fields):
    ends_at = starts_at + timedelta(hours=3)
    return await Session(
        **{
            "id": f"session_{slug}",
            "programme_id": f"programme_{of}",
            "org_path": EAST,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "meetings": (Meeting(starts_at=starts_at, ends_at=ends_at),),
            "place": Place(name="示例·驿站", point=HERE),
            "sign_up_opens": NOW - timedelta(days=7),
            "sign_up_closes": starts_at - timedelta(days=3),
            "cancel_until": starts_at - timedelta(days=1),
            "latest_offer_hours": 12,
            "offer_minutes": 120,
            "seats": seats,
            "left": seats,
        }
        | fields
    ).insert(ctx)


async def course(ctx, seats=2, **fields):
    """One programme with one session."""
    about = {
        name: fields.pop(name)
        for name in ("rule", "documents_later", "first")
        if name in fields
    }
    await programme(ctx, **about)
    return await session(ctx, seats=seats, **fields)


async def is_(ctx, name, *classes):
    """Somebody of these classes."""
    await identities.put(ctx, f"worker_{name}", [ClientClass(c) for c in classes])
    return who(name)


async def sign(ctx, name, session_id="session_one", *, or_wait=False, **more):
    more.setdefault("received_at", ctx.clock.now())
    return await sign_ups.sign_up(
        ctx, session_id, by=who(name), or_wait=or_wait, **more
    )


async def wait(ctx, name):
    return await sign(ctx, name, or_wait=True)


async def cancel(ctx, enrolment):
    return await sign_ups.cancel(
        ctx,
        enrolment.id,
        by=SignedIn(id=enrolment.worker_id, session_id="session_1"),
        received_at=ctx.clock.now(),
    )


async def state_of(ctx, enrolment):
    found = await Enrolment.find(ctx, _id=enrolment.id)
    return None if found is None else found.state


async def states(ctx):
    """State by name of the worker; dropped ones are nobody's."""
    found = await Enrolment.many(ctx, {}, sort=(("_id", 1),), limit=1000)
    return {
        each.worker_id.removeprefix("worker_"): each.state.value
        for each in found
        if each.state is not State.DROPPED
    }


async def now_of(ctx, session_id="session_one"):
    return await Session.find(ctx, _id=session_id)


async def check_sums(ctx, session_id="session_one"):
    """What must hold after anything at all."""
    run = await now_of(ctx, session_id)
    assert run.left == run.seats - len(run.holders)
    for each in run.groups:
        mine = [held for held in run.holders if held.group == each.name]
        assert each.left == each.seats - len(mine)
    people = [held.worker_id for held in run.holders]
    assert len(people) == len(set(people))
    return run


async def check_all_settled(ctx, session_id="session_one"):
    """Seats and records say the same."""
    run = await check_sums(ctx, session_id)
    seated = await Enrolment.many(
        ctx,
        {"session_id": session_id, "state": {"$in": ["enrolled", "offered", "ended"]}},
        limit=1000,
    )
    assert {held.enrolment_id for held in run.holders} == {e.id for e in seated}
    return run


async def events_of(ctx, kind):
    rows = ctx.db["events"].find({"kind": kind}, sort=[("_id", 1)])
    return [row["data"] async for row in rows]


async def manager(ctx, name="wang", unit="unit_east"):
    """Somebody who may manage the trainings of a unit and below."""
    return await official(ctx, name, unit=unit, permissions=(Permission.TRAININGS,))


async def deliver_events(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def told(ctx, name):
    """Kinds of what somebody was told, the newest first."""
    page = await inbox.of(ctx, f"worker_{name}", limit=50)
    return [message.kind.value for message in page.items]
