"""The first administrator: only where there is none, and only one."""

import pytest

from models.unions import beginning
from models.unions.beginning import HasAdministrator
from models.unions.grants import Grant
from models.unions.logins import NameTaken
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit
from tests.client import together
from tests.models.unions.people import again, plant


async def first(ctx, unit_id="unit_city", login="wang.wu"):
    return await beginning.first_administrator(
        ctx, unit_id=unit_id, name="王示例", login=login
    )


async def test_a_fresh_house_gets_a_root_once(ctx):
    root = await beginning.begin(ctx, city="示例·市总工会")
    assert await beginning.begin(ctx, city="别的名字") == root


async def test_the_first_one_holds_everything_below(ctx):
    await plant(ctx)
    opened = await first(ctx)
    assert opened.password
    wang = await again(ctx, opened.staff.id)
    assert all(wang.may(each, "/unit_city/unit_west/") for each in Permission)


async def test_there_is_no_second_first_one(ctx):
    await plant(ctx)
    await first(ctx)
    with pytest.raises(HasAdministrator):
        await first(ctx, login="li.si")
    with pytest.raises(NoSuchUnit):
        await first(ctx, "unit_nowhere", "li.si")
    with pytest.raises(NameTaken):
        await first(ctx, "unit_east")


async def test_of_two_at_once_one_becomes_it(ctx):
    await plant(ctx)

    async def attempt(login):
        try:
            await first(ctx, login=login)
        except HasAdministrator:
            return False
        return True

    assert sorted(await together(attempt("wang.wu"), attempt("li.si"))) == [False, True]
    assert await Grant.shelf(ctx).count_documents({}) == 1
