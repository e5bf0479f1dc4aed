"""One number an account, with WeChat's own proof, under a consent."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.meanings import PHONE
from models.workers import masks, phones
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired
from models.workers.phones import PhoneCodeInvalid, PhoneInUse, PhoneNotUsable
from models.workers.sessions import SignedIn
from models.workers.wechat import WeChatUnavailable
from models.workers.workers import AccountGone, State, Worker
from scripts.wechat_simulator.faults import Do, Fault
from tests.models.workers.people import agree, publish, signed_in


@pytest.fixture
def by(run, ctx):
    """A worker who has agreed to the use of their number."""
    by = run(signed_in(ctx))
    run(agree(ctx, by, Purpose.PHONE))
    return by


async def held(ctx):
    return await Worker.shelf(ctx).count_documents({"phone_blind": {"$ne": None}})


async def test_a_number_is_bound_sealed_and_masked(ctx, by):
    worker = await phones.bind(ctx, "p-17", by=by)
    assert worker.masked_phone(ctx) == "138****0017"
    assert ctx.secrets.open(worker.phone) == "+8613800000017"
    (row,) = await Worker.shelf(ctx).find().to_list()
    assert "13800000017" not in str(row)


async def test_another_number_takes_the_place_of_the_first(ctx, by):
    await phones.bind(ctx, "p-17", by=by)
    worker = await phones.bind(ctx, "p-18", by=by)
    assert worker.masked_phone(ctx) == "138****0018"
    await phones.bind(ctx, "p-18-again", by=by)
    assert await held(ctx) == 1


async def test_without_consent_wechat_is_not_even_asked(ctx, simulator):
    by = await signed_in(ctx)
    await publish(ctx, Purpose.PHONE)
    with pytest.raises(ConsentRequired):
        await phones.bind(ctx, "p-17", by=by)
    assert simulator.world.calls[f"/{PHONE}"] == 0


@pytest.mark.parametrize("state", [State.ACTIVE, State.FROZEN])
async def test_the_number_of_another_account_is_refused(ctx, by, state):
    other = await signed_in(ctx, "18")
    await agree(ctx, other, Purpose.PHONE)
    await phones.bind(ctx, "p-17", by=other)
    await Worker.change(ctx, {"_id": other.id}, {"$set": {"state": state}})
    with pytest.raises(PhoneInUse):
        await phones.bind(ctx, "p-17-b", by=by)
    assert await held(ctx) == 1


async def test_of_ten_accounts_at_once_one_gets_the_number(ctx):
    people = [await signed_in(ctx, str(number)) for number in range(10)]
    for each in people:
        await agree(ctx, each, Purpose.PHONE)
    told = await asyncio.gather(
        *(phones.bind(ctx, f"p-17-{each.id}", by=each) for each in people),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Worker) for each in told) == 1
    assert sum(isinstance(each, PhoneInUse) for each in told) == 9
    assert await held(ctx) == 1


async def test_a_number_that_was_let_go_is_free_for_others(ctx, by):
    await phones.bind(ctx, "p-17", by=by)
    await phones.unbind(ctx, by=by)
    other = await signed_in(ctx, "18")
    await agree(ctx, other, Purpose.PHONE)
    worker = await phones.bind(ctx, "p-17-b", by=other)
    assert worker.masked_phone(ctx) == "138****0017"


@pytest.mark.parametrize("code", ["nonsense", "w-17"])
async def test_a_code_of_another_kind_is_refused(ctx, by, code):
    with pytest.raises(PhoneCodeInvalid):
        await phones.bind(ctx, code, by=by)


async def test_a_code_works_once(ctx, by):
    await phones.bind(ctx, "p-17", by=by)
    with pytest.raises(PhoneCodeInvalid):
        await phones.bind(ctx, "p-17", by=by)


async def test_another_persons_code_is_refused(ctx, by, simulator):
    simulator.world.users.issue("p-17", "o-18")
    with pytest.raises(PhoneCodeInvalid):
        await phones.bind(ctx, "p-17", by=by)
    assert await held(ctx) == 0


async def test_wechat_away_is_no_fault_of_the_person(ctx, by, simulator):
    simulator.world.faults.ordered.append(
        Fault(path=f"/{PHONE}", do=Do.ERRCODE, errcode=45011)
    )
    with pytest.raises(WeChatUnavailable) as refusal:
        await phones.bind(ctx, "p-17", by=by)
    assert refusal.value.retry_after == 60


async def test_an_account_that_is_gone_or_frozen_keeps_no_number(ctx, by):
    await Worker.change(ctx, {"_id": by.id}, {"$set": {"state": State.FROZEN}})
    with pytest.raises(AccountGone):
        await phones.bind(ctx, "p-17", by=by)
    nobody = SignedIn(id="worker_none", session_id="session_1")
    await agree(ctx, nobody, Purpose.PHONE)
    with pytest.raises(AccountGone):
        await phones.bind(ctx, "p-18", by=nobody)


@pytest.mark.parametrize(
    ("given_as", "kept_as", "shown_as"),
    [
        ("13800001234", "+8613800001234", "138****1234"),
        ("138 0000 1234", "+8613800001234", "138****1234"),
        ("138-0000-1234", "+8613800001234", "138****1234"),
        ("+86 13800001234", "+8613800001234", "138****1234"),
        ("０１３８００００１２３４", "+8613800001234", "138****1234"),
        ("+852 6123 4567", "+85261234567", "+85****67"),
        ("+1 650 253 0000", "+16502530000", "+16****00"),
    ],
)
def test_a_number_has_one_form(given_as, kept_as, shown_as):
    assert phones.normalise(given_as) == kept_as
    assert masks.phone(kept_as) == shown_as


@given(st.text(max_size=40))
def test_what_is_no_number_is_refused_and_nothing_else_happens(text):
    try:
        number = phones.normalise(text)
    except PhoneNotUsable:
        return
    assert number.startswith("+")
    assert phones.normalise(number) == number
    assert number[-6:] not in masks.phone(number)
