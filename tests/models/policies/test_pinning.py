"""Pinned policies: few places, nobody pushed off, nothing dead shown on top."""

import asyncio
from datetime import date, timedelta

import pytest

from models.base.audit import Entry
from models.base.clock import end_of
from models.base.errors import Refusal
from models.policies import editions, library, pinning, pins
from models.policies.editions import NoSuchPolicy
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.pinning import BadPinDay, NotPinned, PinsFull
from models.policies.pins import MOST
from models.policies.published import Published
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from tests.models.policies import papers
from tests.models.policies.texts import DAY, NOW, draft, heard, identity, until
from tests.models.unions import people
from tests.models.workers.people import another_house

EAST = "/unit_city/unit_east/"
TODAY = date(2026, 11, 23)
WEEK = TODAY + timedelta(days=7)


async def publish(ctx, slug, org_path=EAST, **other):
    who, told = identity(f"政策{slug}"), draft(**other)
    return await editions.publish(ctx, f"policy_{slug}", who, told, org_path)


async def on_top(ctx):
    """Return what stands above all others, as this process and MongoDB have it."""
    kept = [note.policy_id for note in await library.pinned(ctx)]
    assert kept == [each.pin.policy_id for each in await pins.standing(ctx)]
    return kept


async def known(ctx, *policy_ids):
    """Wait until this process has heard that these stand on top."""

    async def heard_it():
        now = ctx.clock.now()
        found = [note.policy_id for note in ctx.the(Published).pinned(now)]
        return found == list(policy_ids)

    await until(heard_it)
    return await on_top(ctx)


async def pin(ctx, slug, by, day=WEEK):
    return await pinning.pin(ctx, f"policy_{slug}", until=day, by=by)


async def test_the_latest_stands_first_and_another_day_changes_no_place(ctx, clock):
    rao = await papers.reviewer(ctx)
    for slug in ("a", "b"):
        await publish(ctx, slug)
        await pin(ctx, slug, rao)
    await heard(ctx, editions=2)
    await known(ctx, "policy_b", "policy_a")
    clock.forward(timedelta(milliseconds=1))
    again = await pin(ctx, "a", rao, day=TODAY)
    assert again.until == TODAY
    await known(ctx, "policy_b", "policy_a")
    await pinning.unpin(ctx, "policy_b", by=rao)
    await known(ctx, "policy_a")
    with pytest.raises(NotPinned):
        await pinning.unpin(ctx, "policy_b", by=rao)
    told = await Entry.many(ctx, {"about": "policy_a"})
    assert [(each.what, each.who, each.reason) for each in told] == [
        ("policies.pin", rao.id, TODAY.isoformat()),
        ("policies.pin", rao.id, WEEK.isoformat()),
    ]
    (undone,) = await Entry.many(ctx, {"what": "policies.unpin"})
    assert (undone.about, undone.org_path) == ("policy_b", EAST)


async def test_it_stands_there_to_the_last_second_of_its_day(ctx, clock):
    rao = await papers.reviewer(ctx)
    await publish(ctx, "a")
    await pin(ctx, "a", rao, day=TODAY)
    await heard(ctx, editions=1)
    await known(ctx, "policy_a")
    before = ctx.the(Published).epoch(ctx.clock.now())
    clock.put(end_of(TODAY) - timedelta(seconds=1))
    assert await on_top(ctx) == ["policy_a"]
    clock.put(end_of(TODAY))
    assert await on_top(ctx) == []
    assert ctx.the(Published).epoch(ctx.clock.now()) != before
    with pytest.raises(NotPinned):
        await pinning.unpin(ctx, "policy_a", by=rao)


async def test_what_is_no_longer_public_is_not_on_top_and_makes_room(ctx):
    rao = await papers.reviewer(ctx)
    for number in range(MOST + 1):
        await publish(ctx, f"n{number}")
    for number in range(MOST):
        await pin(ctx, f"n{number}", rao)
    with pytest.raises(PinsFull) as full:
        await pin(ctx, f"n{MOST}", rao)
    ids = [f"policy_n{number}" for number in reversed(range(MOST))]
    assert full.value.details == {"policy_ids": ids}
    await editions.withdraw(ctx, "policy_n0", reason="发布有误。", at=NOW)
    await heard(ctx, editions=MOST + 1)
    await known(ctx, *ids[:-1])
    await pin(ctx, f"n{MOST}", rao)
    await known(ctx, f"policy_n{MOST}", *ids[:-1])


async def test_however_many_pin_at_once_there_are_only_so_many_places(ctx):
    rao = await papers.reviewer(ctx)
    many = MOST + 4
    for number in range(many):
        await publish(ctx, f"n{number}")

    async def one(number):
        try:
            await pin(ctx, f"n{number}", rao)
        except Refusal as refusal:
            return refusal.code
        return "pinned"

    said = await asyncio.gather(*(one(number) for number in range(many)))
    assert sorted(said) == ["pinned"] * MOST + ["pins_full"] * (many - MOST)
    stands = {each.pin.policy_id for each in await pins.standing(ctx)}
    assert stands == {f"policy_n{n}" for n in range(many) if said[n] == "pinned"}
    assert len(await Entry.many(ctx, {"what": "policies.pin"})) == MOST


@pytest.mark.parametrize(
    "day", [TODAY - timedelta(days=1), TODAY + pinning.FARTHEST + timedelta(days=1)]
)
async def test_a_day_that_is_over_or_too_far_is_refused(ctx, day):
    rao = await papers.reviewer(ctx)
    await publish(ctx, "a")
    with pytest.raises(BadPinDay) as refused:
        await pin(ctx, "a", rao, day=day)
    assert refused.value.details == {"until": "2027-02-21"}
    await pin(ctx, "a", rao, day=TODAY + pinning.FARTHEST)


async def test_only_what_is_public_and_ones_own_is_pinned(ctx):
    rao = await papers.reviewer(ctx)
    await publish(ctx, "west", "/unit_city/unit_west/")
    await publish(ctx, "soon", publish_at=NOW + DAY)
    await publish(ctx, "over", valid_to=TODAY - timedelta(days=1))
    await publish(ctx, "back")
    await editions.withdraw(ctx, "policy_back", reason="发布有误。", at=NOW)
    for slug, refusal in (
        ("west", NoSuchPolicy),
        ("soon", NoSuchPolicy),
        ("over", PolicyGone),
        ("back", PolicyWithdrawn),
        ("none", NoSuchPolicy),
    ):
        with pytest.raises(refusal):
            await pin(ctx, slug, rao)
    with pytest.raises(NoSuchPolicy):
        await pinning.unpin(ctx, "policy_west", by=rao)
    writer = await people.official(ctx, "han", permissions=[Permission.POLICIES_WRITE])
    with pytest.raises(PermissionMissing):
        await pin(ctx, "back", writer)
    assert await Entry.many(ctx, {"what": "policies.pin"}) == []


async def test_a_process_that_starts_later_or_goes_deaf_knows_the_same(
    ctx, settings, clock, house
):
    rao = await papers.reviewer(ctx)
    await publish(ctx, "a")
    await pin(ctx, "a", rao)
    async with another_house(settings, clock) as other:
        assert await on_top(other.ctx) == ["policy_a"]
    await house.follower.stop()
    house.follower._last_answer = float("-inf")
    await pinning.unpin(ctx, "policy_a", by=rao)
    assert await on_top(ctx) == []
