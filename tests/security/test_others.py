"""A worker reaches nothing of another worker's, by whatever id, at every door."""

from models.policies.advice import Advice
from models.privacy.exports import Export
from models.stations.strikes import Strike
from models.workers.sessions import Session
from tests.house.branches import ids_at
from tests.house.minimal import document
from tests.security.doors import DOORS, PATIENT, everybody, everything_kept, knock

OTHERS = {"match_id": Advice, "export_id": Export, "strike_id": Strike}
"""Things of a worker's that the branches have none of, by the path's name for them."""

EVERYBODYS = {
    "station_id",
    "policy_id",
    "programme_id",
    "guide_id",
    "scene",
    "comment_id",
    "purpose",
    "edition_id",
}
"""Names of what belongs to no worker."""

NOT_KEPT = {"sessions", "repeats", "clockwork", "live_feed", "audit", "attempts"}


async def put_others(ctx):
    """Put everything that a worker may own on its shelf, as another worker's."""
    ids = ids_at("city")
    owner = ids["worker_id"]
    for name, kind in OTHERS.items():
        given = {"_id": f"{name}_city", "worker_id": owner}
        await ctx.db[kind.SHELF].insert_one(document(kind, **given))
    session = document(Session, _id="session_of_theirs", owner_id=owner)
    await Session.shelf(ctx).insert_one(session)
    return ids | {name: f"{name}_city" for name in OTHERS}


def named_at(door, ids):
    """Name another's things as this door would."""
    if door.pattern.startswith("/worker/v1/me/sessions/"):
        return ids | {"session_id": "session_of_theirs"}
    return ids


async def kept(ctx):
    return sorted(
        [repr(each) async for each in everything_kept(ctx) if each[0] not in NOT_KEPT]
    )


@PATIENT
async def test_no_worker_reaches_anothers_things(ctx, http):
    people = await everybody(ctx, http)
    ids = await put_others(ctx)
    before, reached, tried = await kept(ctx), [], set()
    for door in DOORS:
        own = set(door.names) - EVERYBODYS
        if not door.pattern.startswith("/worker/") or not own:
            continue
        tried |= own
        theirs = named_at(door, ids)
        path = door.path(theirs) + door.query({})
        answer = await knock(
            ctx, people.worker, door, path=path, body=door.body(theirs)
        )
        is_upload = door.promise.body is bytes and answer.status in {404, 415}
        if answer.status != 404 and not is_upload:
            reached.append(f"{door}: {answer.status} {answer.body}")
    assert reached == []
    assert tried >= {"booking_id", "enrolment_id", "alert_id", "verification_id"}
    assert tried >= OTHERS.keys()
    assert await kept(ctx) == before


@PATIENT
async def test_no_list_of_ones_own_shows_anothers(ctx, http):
    people = await everybody(ctx, http)
    ids = await put_others(ctx)
    private = {ids[name] for name in ids if name not in EVERYBODYS} - {ids["unit_id"]}
    shown = []
    for door in DOORS:
        mine = door.promise.access.scheme == "workerToken"
        if door.method != "get" or door.names or not mine:
            continue
        answer = await knock(ctx, people.worker, door, path=door.path({}))
        shown += [
            f"{door} shows {id_}"
            for id_ in private
            if f"'{id_}'" in str(answer.body) and id_.startswith(PRIVATE)
        ]
    assert shown == []


PRIVATE = (
    "booking_",
    "check_in_",
    "alert_",
    "enrolment_",
    "verification_",
    "worker_",
    "match_id_",
    "export_id_",
    "strike_id_",
)
"""How ids of what is a worker's own begin in the branches."""


async def test_a_body_says_nothing_about_whose_it_is(http):
    """Mass assignment: who asks is told by the token alone."""
    me = await http.sign_in("w-1")
    mine = (await me.get("/worker/v1/me")).body
    for field, value in (
        ("id", "worker_city"),
        ("state", "frozen"),
        ("phone", "+8613800000001"),
        ("org_path", "/unit_city/"),
        ("unit_id", "unit_city"),
        ("openid", "o-2"),
        ("_id", "worker_city"),
        ("__proto__", {"admin": True}),
    ):
        answer = await me.patch("/worker/v1/me", {"nickname": "示例", field: value})
        assert answer.status == 422, field
    assert (await me.get("/worker/v1/me")).body == mine
