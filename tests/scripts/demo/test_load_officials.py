"""The demo's officials: loaded twice they are the same; each sees their own subtree."""

from models.unions import wechat_logins
from models.unions.grants import Grant
from models.unions.permissions import Permission
from scripts.demo import load_officials, load_stations
from tests.models.unions.people import again


async def test_loading_twice_changes_nothing_and_what_was_ended_stays_ended(ctx):
    await load_stations.load(ctx)
    count = await load_officials.load(ctx)
    before = await Grant.many(ctx, {}, limit=0)
    assert await load_officials.load(ctx) == count
    assert await Grant.many(ctx, {}, limit=0) == before
    ended = {"$set": {"ended_at": ctx.clock.now()}}
    await Grant.shelf(ctx).update_one({"_id": before[0].id}, ended)
    await load_officials.load(ctx)
    assert (await Grant.find(ctx, _id=before[0].id)).ended_at is not None


async def test_the_zones_administrator_comes_in_by_wechat(ctx):
    await load_stations.load(ctx)
    await load_officials.load(ctx)
    entered = await wechat_logins.sign_in(ctx, "w-official2-x")
    who = await again(ctx, entered.staff.id)
    assert who.scope(Permission.STATIONS).paths == ("/unit_zhengzhou/unit_gaoxin/",)
