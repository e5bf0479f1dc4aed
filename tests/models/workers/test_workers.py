"""One document a person, found by openid; what is personal is sealed."""

import asyncio

import pytest

from models.base.events import Happening
from models.workers import sign_in, workers
from models.workers.exchanges import Proof
from models.workers.sessions import SignedIn
from models.workers.sign_in import AccountNotActive
from models.workers.workers import AccountGone, State, Worker
from tests.models.workers.people import actor_of, another_house, arrive


def proof(openid="o-17", unionid=None, *, exchange_id="exchange_1"):
    return Proof(
        exchange_id=exchange_id, openid=openid, unionid=unionid, session_key="sealed"
    )


async def joined(ctx):
    return await Happening.shelf(ctx).count_documents({"kind": "WorkerJoined"})


async def test_the_first_sign_in_makes_an_account_and_the_next_finds_it(ctx):
    first, second = await arrive(ctx), await arrive(ctx)
    assert first.worker.id == second.worker.id
    assert (first.is_new, second.is_new) == (True, False)
    assert await joined(ctx) == 1


async def test_ten_answers_to_one_code_all_say_that_the_account_is_new(ctx):
    answers = await asyncio.gather(*(sign_in.sign_in(ctx, "w-17") for _ in range(10)))
    assert len({answer.worker.id for answer in answers}) == 1
    assert {answer.is_new for answer in answers} == {True}
    assert len({answer.tokens.refresh_token for answer in answers}) == 10


async def test_first_sign_ins_with_different_codes_at_once_make_one_account(
    ctx, settings, clock
):
    async with another_house(settings, clock) as other:
        answers = await asyncio.gather(
            *(
                sign_in.sign_in(each, f"w-17-{number}")
                for number, each in enumerate([ctx, other.ctx] * 8)
            )
        )
    assert len({answer.worker.id for answer in answers}) == 1
    assert await Worker.shelf(ctx).count_documents({}) == 1
    assert await joined(ctx) == 1


@pytest.mark.parametrize("state", [State.FROZEN, State.CLOSED])
async def test_an_account_that_is_not_active_does_not_come_in(ctx, state):
    worker = (await arrive(ctx)).worker
    await Worker.change(ctx, {"_id": worker.id}, {"$set": {"state": state}})
    with pytest.raises(AccountNotActive):
        await arrive(ctx)
    assert await workers.openid_of(ctx, worker.id) is None


async def test_nothing_personal_can_be_read_on_the_shelf_or_in_a_repr(ctx, simulator):
    simulator.world.users.tells_unionid = True
    entered = await arrive(ctx)
    (row,) = await Worker.shelf(ctx).find().to_list()
    key = simulator.world.users.of("o-17").session_key
    for secret in ("o-17", "u-17", key):
        assert secret not in str(row)
    assert ctx.secrets.open(row["session_key"]) == key
    assert repr(entered.worker) == f"<Worker {entered.worker.id}>"
    for told in (entered.tokens.access_token, entered.tokens.refresh_token):
        assert told not in repr(entered)


async def test_a_new_session_key_takes_the_place_of_the_old(ctx, simulator):
    await arrive(ctx)
    simulator.world.users.renew_key(simulator.world.users.of("o-17"))
    worker = (await arrive(ctx)).worker
    key = simulator.world.users.of("o-17").session_key
    assert ctx.secrets.open(worker.session_key) == key


async def test_a_unionid_that_comes_later_is_kept(ctx):
    first = await workers.enter(ctx, proof())
    second = await workers.enter(ctx, proof(unionid="u-17"))
    assert first.id == second.id
    assert ctx.secrets.open(second.unionid) == "u-17"


async def test_a_known_unionid_finds_the_person_under_a_new_openid(ctx):
    first = await workers.enter(ctx, proof("o-old", "u-17"))
    second = await workers.enter(ctx, proof("o-new", "u-17"))
    assert first.id == second.id
    assert await workers.openid_of(ctx, first.id) == "o-new"
    assert await workers.id_of_openid(ctx, "o-new") == first.id
    assert await workers.id_of_openid(ctx, "o-old") is None


async def test_people_that_are_loaded_are_loaded_once(ctx):
    given = {"id_": "worker_rider_li", "openid": "o-rider", "name": "李示例"}
    first = await workers.put_worker(ctx, **given, nickname="示例·小李")
    again = await workers.put_worker(ctx, **given)
    assert first == again
    assert first.masked_name(ctx) == "李*例"
    assert (await arrive(ctx, "rider")).worker.id == "worker_rider_li"
    assert await joined(ctx) == 1


async def test_only_who_is_there_is_shown(ctx):
    by = actor_of(ctx, (await arrive(ctx)).tokens)
    assert (await workers.me(ctx, by=by)).id == by.id
    with pytest.raises(AccountGone):
        await workers.me(ctx, by=SignedIn(id="worker_none", session_id="session_1"))
    assert await workers.openid_of(ctx, "worker_none") is None
