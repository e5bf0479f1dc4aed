"""Posts: only at stations within reach; others' posts are left alone."""

import pytest

from models.stations import posts
from models.stations.posts import ServesElsewhere
from models.stations.stations import NoSuchStation
from models.unions.accounts import NoSuchAccount, ToOneself
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff
from tests.models.stations import places
from tests.models.unions.people import official

EAST = "/unit_city/unit_east/"
WEST = "/unit_city/unit_west/"


async def furnish(ctx):
    """Two stations in two branches, an administrator of one, and a clerk of it."""
    await places.put(
        ctx,
        places.station(unit_id="unit_east", org_path=EAST),
        places.station("lake", unit_id="unit_west", org_path=WEST),
    )
    gao = await official(ctx, "gao", permissions=[Permission.STATIONS])
    lu = await official(ctx, "lu")
    return gao, lu


async def assign(ctx, staff_id, by, *slugs):
    return await posts.assign(
        ctx,
        staff_id,
        station_ids=[f"station_{slug}" for slug in slugs],
        roles=[Role.STATION_CLERK],
        by=by,
    )


async def test_posting_and_taking_the_post_away(ctx):
    gao, lu = await furnish(ctx)
    posted = await assign(ctx, lu.id, gao, "park")
    assert posted.may_serve("station_park")
    assert not (await assign(ctx, lu.id, gao)).station_ids


async def test_one_foreign_station_in_the_list_and_nothing_is_written(ctx):
    gao, lu = await furnish(ctx)
    for foreign in ("lake", "nowhere"):
        with pytest.raises(NoSuchStation):
            await assign(ctx, lu.id, gao, "park", foreign)
    assert not (await Staff.find(ctx, _id=lu.id)).station_ids


async def test_posts_at_others_stations_stay(ctx):
    gao, lu = await furnish(ctx)
    await Staff.shelf(ctx).update_one(
        {"_id": lu.id},
        {"$set": {"station_ids": ["station_lake"], "roles": ["station_clerk"]}},
    )
    posted = await assign(ctx, lu.id, gao, "park")
    assert posted.station_ids == {"station_lake", "station_park"}
    assert (await assign(ctx, lu.id, gao)).station_ids == {"station_lake"}


async def test_no_role_is_given_at_others_stations_nor_any_to_oneself(ctx):
    gao, lu = await furnish(ctx)
    await Staff.shelf(ctx).update_one(
        {"_id": lu.id}, {"$set": {"station_ids": ["station_lake"]}}
    )
    with pytest.raises(ServesElsewhere):
        await assign(ctx, lu.id, gao, "park")
    with pytest.raises(ToOneself):
        await assign(ctx, gao.id, gao, "park")


async def test_nobody_posts_people_of_another_branch_or_who_left(ctx):
    gao, lu = await furnish(ctx)
    fan = await official(ctx, "fan", unit="unit_west")
    await Staff.shelf(ctx).update_one({"_id": lu.id}, {"$set": {"active": False}})
    for who in (fan, lu):
        with pytest.raises(NoSuchAccount):
            await assign(ctx, who.id, gao, "park")
