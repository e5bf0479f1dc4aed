"""Emergencies: two persons, one hour, and it is over by itself."""

from datetime import timedelta

import pytest

from models.base import events
from models.base.audit import Entry
from models.messages.inbox import Message
from models.messages.kinds import Kind
from models.reactions import REACTIONS
from models.unions import emergencies
from models.unions.emergencies import AlreadyOpened, NoSuchEmergency, OneIsNotTwo
from models.unions.permissions import GrantRole, Permission
from models.unions.units import NoSuchUnit
from tests.client import together
from tests.models.unions.people import again, official

EAST = "/unit_city/unit_east/"


async def two(ctx):
    return [
        await official(ctx, name, permissions=[Permission.STATISTICS])
        for name in ("gao", "tang")
    ]


async def ask(ctx, by, unit="unit_east"):
    return await emergencies.ask(ctx, unit, reason="管理员失联", by=by)


async def test_two_open_the_doors_for_an_hour(ctx, clock):
    gao, tang = await two(ctx)
    asked = await ask(ctx, gao)
    await emergencies.agree(ctx, asked.id, by=tang)
    gao = await again(ctx, gao.id)
    assert gao.may(Permission.GRANTS, EAST)
    assert not (await again(ctx, tang.id)).may(Permission.GRANTS, EAST)
    assert await Entry.shelf(ctx).count_documents({"about": asked.id}) == 2
    clock.put(clock.now() + timedelta(hours=1))
    assert not (await again(ctx, gao.id)).may(Permission.GRANTS, EAST)


async def test_one_is_not_two_and_later_is_too_late(ctx, clock):
    gao, tang = await two(ctx)
    asked = await ask(ctx, gao)
    with pytest.raises(OneIsNotTwo):
        await emergencies.agree(ctx, asked.id, by=gao)
    clock.put(clock.now() + timedelta(minutes=15))
    with pytest.raises(NoSuchEmergency):
        await emergencies.agree(ctx, asked.id, by=tang)


async def test_who_has_nothing_there_neither_asks_nor_agrees(ctx):
    gao, _ = await two(ctx)
    west = await official(ctx, "west", unit="unit_west", permissions=[Permission.AUDIT])
    with pytest.raises(NoSuchUnit):
        await ask(ctx, west)
    asked = await ask(ctx, gao)
    with pytest.raises(NoSuchEmergency):
        await emergencies.agree(ctx, asked.id, by=west)


async def test_two_who_agree_at_once_open_once(ctx):
    gao, tang = await two(ctx)
    song = await official(ctx, "song", permissions=[Permission.AUDIT])
    asked = await ask(ctx, gao)

    async def agree(by):
        try:
            await emergencies.agree(ctx, asked.id, by=by)
        except AlreadyOpened:
            return False
        return True

    assert sorted(await together(agree(tang), agree(song))) == [False, True]


async def test_everybody_in_charge_there_or_above_is_told_once(ctx):
    gao, tang = await two(ctx)
    role = GrantRole.ADMINISTRATOR
    for name in ("city", "east", "west"):
        await official(
            ctx, name, unit=f"unit_{name}", permissions=[Permission.STAFF], role=role
        )
    asked = await ask(ctx, gao)
    await emergencies.agree(ctx, asked.id, by=tang)
    while await events.deliver_one(ctx, REACTIONS):
        pass
    told = await Message.many(ctx, {"kind": Kind.EMERGENCY_OPENED})
    assert sorted(each.worker_id for each in told) == ["staff_city", "staff_east"]
