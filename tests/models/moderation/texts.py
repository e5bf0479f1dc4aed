"""Texts and moderators for the tests of content safety."""

from models.base import events
from models.base.store import atomic
from models.messages import inbox
from models.moderation import pieces
from models.moderation.pieces import Kind, Piece
from models.reactions import REACTIONS
from models.unions.permissions import Permission
from models.workers import workers
from models.workers.sessions import SignedIn
from tests.models.unions import people

EAST = "/unit_city/unit_east/"

FINE, RISKY, DOUBTFUL = "热水很好", "来玩赌博吧", "这里有可疑词"
"""What the simulated WeChat lets pass, refuses, and is not sure of."""


def who(name):
    return SignedIn(id=f"worker_{name}", session_id="session_1")


async def author(ctx, simulator, name="li"):
    """Somebody whom WeChat has seen lately."""
    openid = f"o-{name}"
    await workers.put_worker(
        ctx, id_=f"worker_{name}", openid=openid, nickname="小李飞"
    )
    simulator.world.users.of(openid).visited_at = ctx.clock.now()
    return who(name)


@atomic()
async def hand_in(ctx, /, text=FINE, name="li", about="comment_1", **fields):
    now = ctx.clock.now()
    given = {
        "id": ctx.new_id("piece"),
        "kind": Kind.STATION_COMMENT,
        "about": about,
        "place": "station_park",
        "org_path": EAST,
        "author_id": f"worker_{name}",
        "text": text,
        "state_since": now,
        "handed_in_at": now,
        "due_at": now,
    }
    return await pieces.hand_in(ctx, Piece(**given | fields))


async def moderator(ctx, name="wang", unit="unit_east"):
    return await people.official(
        ctx, name, unit=unit, permissions=(Permission.MODERATION,)
    )


async def now_of(ctx, piece):
    return await Piece.find(ctx, _id=piece.id)


async def state_of(ctx, piece):
    return (await now_of(ctx, piece)).state.value


async def shown(ctx):
    """Texts that everybody may read at the station."""
    page = await pieces.visible(
        ctx, Kind.STATION_COMMENT, "station_park", cursor=None, limit=50
    )
    return [piece.text for piece in page.items]


async def deliver_events(ctx):
    while await events.deliver_one(ctx, REACTIONS):
        pass


async def told(ctx, name="li"):
    page = await inbox.of(ctx, f"worker_{name}", limit=50)
    return [message.kind.value for message in page.items]
