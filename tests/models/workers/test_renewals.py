"""A refresh token works once; an old one betrays a thief."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base.audit import Entry
from models.base.events import Happening
from models.workers import chain, renewals, sessions
from models.workers.renewals import GRACE, RefreshInvalid, RefreshReused
from models.workers.sessions import (
    MOST_TURNS,
    REFRESH_LIFE,
    PortMismatch,
    Session,
    SessionExpired,
    SessionRevoked,
)
from models.workers.tokens import Port
from tests.models.workers.people import actor_of, another_house, arrive
from tests.models.workers.test_tokens import SECRETS

AFTER_GRACE = GRACE + timedelta(milliseconds=1)


async def renew(ctx, token):
    return await renewals.renew(ctx, token, port=Port.WORKER)


@pytest.fixture
def first(run, ctx):
    """The tokens somebody was given at sign-in."""
    return run(arrive(ctx, device="HUAWEI Mate 60")).tokens


async def is_in(ctx, tokens):
    try:
        await sessions.admit(ctx, tokens.access_token, port=Port.WORKER)
    except SessionRevoked:
        return False
    return True


async def test_each_token_gives_the_next_and_the_session_goes_on(ctx, first):
    second = await renew(ctx, first.refresh_token)
    third = await renew(ctx, second.refresh_token)
    tokens = {each.refresh_token for each in (first, second, third)}
    assert len(tokens) == 3
    actors = {actor_of(ctx, each) for each in (first, second, third)}
    assert len(actors) == 1
    assert await is_in(ctx, third)


async def test_a_lost_reply_is_answered_with_the_same_successor(ctx, clock, first):
    second = await renew(ctx, first.refresh_token)
    clock.forward(GRACE)
    again = await renew(ctx, first.refresh_token)
    assert again.refresh_token == second.refresh_token
    await renew(ctx, again.refresh_token)


async def test_ten_at_once_in_two_processes_get_one_successor(
    ctx, settings, clock, first
):
    async with another_house(settings, clock) as other:
        renewed = await asyncio.gather(
            *(renew(each, first.refresh_token) for each in [ctx, other.ctx] * 5)
        )
    assert len({each.refresh_token for each in renewed}) == 1
    session = await Session.find(ctx, _id=actor_of(ctx, first).session_id)
    assert session.turns == 1
    await renew(ctx, renewed[0].refresh_token)


@pytest.mark.parametrize("turns", [1, 2, 7])
async def test_an_old_token_ends_the_session_for_everybody(ctx, clock, first, turns):
    newest = first
    for _ in range(turns):
        newest = await renew(ctx, newest.refresh_token)
    clock.forward(AFTER_GRACE)
    with pytest.raises(RefreshReused):
        await renew(ctx, first.refresh_token)
    assert not await is_in(ctx, newest)
    for token in (newest.refresh_token, first.refresh_token):
        with pytest.raises(SessionRevoked):
            await renew(ctx, token)


async def test_an_older_one_than_the_last_has_no_grace(ctx, first):
    second = await renew(ctx, first.refresh_token)
    await renew(ctx, second.refresh_token)
    with pytest.raises(RefreshReused):
        await renew(ctx, first.refresh_token)


async def test_a_suspected_theft_is_recorded_once_and_audited(ctx, clock, first):
    session_id = actor_of(ctx, first).session_id
    await renew(ctx, first.refresh_token)
    clock.forward(AFTER_GRACE)
    told = await asyncio.gather(
        *(renew(ctx, first.refresh_token) for _ in range(5)), return_exceptions=True
    )
    assert {type(each) for each in told} <= {RefreshReused, SessionRevoked}
    events = await Happening.shelf(ctx).find({"kind": "TheftSuspected"}).to_list()
    assert [event["data"]["device"] for event in events] == ["HUAWEI Mate 60"]
    assert events[0]["data"]["session_id"] == session_id
    notes = await Entry.many(ctx, {"about": session_id})
    assert [note.what for note in notes] == ["renewals.renew"]


async def test_other_sessions_of_the_same_person_go_on(ctx, clock, first):
    other = (await arrive(ctx)).tokens
    await renew(ctx, first.refresh_token)
    clock.forward(AFTER_GRACE)
    with pytest.raises(RefreshReused):
        await renew(ctx, first.refresh_token)
    assert await is_in(ctx, await renew(ctx, other.refresh_token))


async def test_a_stranger_who_knows_a_sessions_id_cannot_end_it(ctx, clock, first):
    newest = await renew(ctx, first.refresh_token)
    clock.forward(AFTER_GRACE)
    session_id = actor_of(ctx, first).session_id
    for invented in (chain.first(session_id), session_id, f"{session_id}.", "", "."):
        with pytest.raises(RefreshInvalid):
            await renew(ctx, invented)
    assert await is_in(ctx, newest)


async def test_a_token_of_another_port_is_refused_and_stays_good(ctx, first):
    with pytest.raises(PortMismatch):
        await renewals.renew(ctx, first.refresh_token, port=Port.STATION)
    await renew(ctx, first.refresh_token)


async def test_a_session_that_was_signed_out_is_not_renewed(ctx, first):
    await sessions.sign_out(ctx, by=actor_of(ctx, first))
    with pytest.raises(SessionRevoked):
        await renew(ctx, first.refresh_token)


async def test_a_session_nobody_used_for_a_month_is_over(ctx, clock, first):
    clock.forward(REFRESH_LIFE - timedelta(milliseconds=1))
    second = await renew(ctx, first.refresh_token)
    clock.forward(REFRESH_LIFE)
    with pytest.raises(SessionExpired):
        await renew(ctx, second.refresh_token)


async def test_a_session_does_not_turn_for_ever(ctx, first):
    await Session.change(ctx, {}, {"$set": {"turns": MOST_TURNS}})
    with pytest.raises(SessionExpired):
        await renew(ctx, first.refresh_token)


async def test_nothing_that_opens_is_kept(ctx, first):
    second = await renew(ctx, first.refresh_token)
    (row,) = await Session.shelf(ctx).find().to_list()
    for token in (first.refresh_token, second.refresh_token):
        assert token.partition(".")[2] not in str(row)


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_chain_tells_its_own_old_links_from_all_others(back, turns):
    start = token = chain.first("session_1")
    for _ in range(back):
        token = chain.successor(SECRETS, token)
    newest = chain.mark(token)
    assert chain.leads_to(SECRETS, start, newest, turns=turns) == (0 < back <= turns)
    stranger = chain.first("session_1")
    assert not chain.leads_to(SECRETS, stranger, newest, turns=turns)
