"""Appeals: said once, decided once, by somebody else; an accepted one ends it all."""

import asyncio
from datetime import timedelta

import pytest

from models.base import aliases
from models.base.audit import Entry
from models.base.errors import Refusal
from models.base.events import deliver_one
from models.messages.inbox import Message
from models.reactions import REACTIONS
from models.stations import (
    appeal_decisions,
    appeals,
    bookings,
    desk_endings,
    lapses,
    strikes,
)
from models.stations.appeal_decisions import AppealMoved, OwnMark
from models.stations.appeals import (
    Appeal,
    AppealOpen,
    NoSuchAppeal,
    NoSuchStrike,
    State,
    StrikeOver,
)
from models.stations.strikes import BookingSuspended, Strike
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from tests.models.stations import people, places
from tests.models.stations.places import at, slot
from tests.models.unions import people as union

STATIONS = (Permission.STATIONS,)
WHY = "驿站门口封路，实在进不去"


@pytest.fixture
def inn(ctx, run, clock):
    """Li, who missed 10:55 at a park of the east, and wang, who decides there."""

    async def furnish():
        await places.put(ctx, places.station(org_path="/unit_city/unit_east/"))
        li, wang = (
            await people.worker(ctx),
            await union.official(ctx, "wang", permissions=STATIONS),
        )
        await bookings.book(ctx, slot("1055"), by=li)
        clock.put(at("11:05"))
        await lapses.lapse_no_shows(ctx)
        [strike] = await Strike.many(ctx, {})
        return li, wang, strike

    return run(furnish())


async def words(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def told(ctx, kind):
    while await deliver_one(ctx, REACTIONS):
        pass
    return [message.text for message in await Message.many(ctx, {"kind": kind})]


async def test_an_appeal_is_open_once(ctx, inn):
    li, _, strike = inn
    tries = [appeals.appeal(ctx, strike.id, WHY, by=li) for _ in range(6)]
    assert await words(*tries) == ["appeal_open"] * 5 + ["done"]
    with pytest.raises(AppealOpen):
        await appeals.appeal(ctx, strike.id, WHY, by=li)
    [kept] = await Appeal.many(ctx, {})
    assert (kept.state, kept.org_path) == (State.OPEN, "/unit_city/unit_east/")
    assert WHY not in str(await Appeal.shelf(ctx).find().to_list())


async def test_what_is_not_ones_own_or_over_is_not_appealed(ctx, clock, inn):
    li, _, strike = inn
    qian = await people.worker(ctx, "qian")
    for strike_id, who in ((strike.id, qian), ("strike_none", li)):
        with pytest.raises(NoSuchStrike):
            await appeals.appeal(ctx, strike_id, WHY, by=who)
    clock.forward(timedelta(days=37))
    with pytest.raises(StrikeOver):
        await appeals.appeal(ctx, strike.id, WHY, by=li)


async def test_accepted_the_strike_and_its_suspension_are_gone(ctx, clock, inn):
    li, wang, strike = inn
    for number in range(2):
        await strikes.add(
            ctx,
            li.id,
            booking_id=f"booking_{number}",
            org_path="",
            weight=strikes.Weight.NO_SHOW,
            at=clock.now(),
        )
    with pytest.raises(BookingSuspended):
        await bookings.book(ctx, slot("1240"), by=li)
    made = await appeals.appeal(ctx, strike.id, WHY, by=li)
    accepted = await appeal_decisions.accept(ctx, made.id, "属实", by=wang)
    assert (accepted.state, accepted.decided_by) == (State.ACCEPTED, wang.id)
    assert (await Strike.find(ctx, _id=strike.id)).lifted_at == clock.now()
    await bookings.book(ctx, slot("1240"), by=li)
    with pytest.raises(StrikeOver):
        await appeals.appeal(ctx, strike.id, WHY, by=li)
    [text] = await told(ctx, "appeal_accepted")
    assert "示例·park驿站（11月23日 11:05）" in text
    [entry] = await Entry.many(ctx, {"what": "appeals.accepted"})
    assert (entry.who, entry.reason) == (wang.id, "属实")
    assert entry.subject == await aliases.of(ctx, li.id)


async def test_refused_it_stands_and_the_worker_is_told_why(ctx, clock, inn):
    li, wang, strike = inn
    made = await appeals.appeal(ctx, strike.id, WHY, by=li)
    await appeal_decisions.refuse(ctx, made.id, "当日道路通畅。", by=wang)
    assert (await Strike.find(ctx, _id=strike.id)).lifted_at is None
    [text] = await told(ctx, "appeal_refused")
    assert "未通过：当日道路通畅。到站" in text
    clock.forward(timedelta(seconds=1))
    again = await appeals.appeal(ctx, strike.id, WHY, by=li)
    assert (await appeals.about(ctx, [strike.id]))[strike.id].id == again.id


async def test_of_many_who_decide_at_once_one_does(ctx, inn):
    li, wang, strike = inn
    made = await appeals.appeal(ctx, strike.id, WHY, by=li)
    tries = [
        *(appeal_decisions.accept(ctx, made.id, by=wang) for _ in range(3)),
        *(appeal_decisions.refuse(ctx, made.id, "不属实", by=wang) for _ in range(3)),
    ]
    assert await words(*tries) == ["appeal_moved"] * 5 + ["done"]
    kept = await Appeal.find(ctx, _id=made.id)
    lifted = (await Strike.find(ctx, _id=strike.id)).lifted_at is not None
    assert lifted is (kept.state is State.ACCEPTED)
    with pytest.raises(AppealMoved):
        await appeal_decisions.accept(ctx, made.id, by=wang)


async def test_who_marked_it_does_not_decide_nor_who_acts_for_them(ctx, clock, inn):
    li, wang, _ = inn
    lu = await people.clerk(ctx)
    booking = await bookings.book(ctx, slot("1130"), by=li)
    clock.put(at("11:40"))
    await desk_endings.mark_no_show(ctx, booking.id, by=lu)
    made = await appeals.appeal(ctx, strikes.strike_id(booking.id), WHY, by=li)
    assert made.marked_by == lu.id
    await union.grant(ctx, lu.id, unit="unit_east", permissions=STATIONS)
    for who in (lu.id, await lent(ctx, lu.id)):
        acting = await union.again(ctx, who)
        for decide in (appeal_decisions.accept, appeal_decisions.refuse):
            with pytest.raises(OwnMark):
                await decide(ctx, made.id, "属实", by=acting)
    await appeal_decisions.accept(ctx, made.id, by=wang)


async def lent(ctx, lender):
    """Let somebody act with another's power."""
    zhao = await union.official(ctx, "zhao")
    await union.grant(
        ctx, zhao.id, unit="unit_east", permissions=STATIONS, lent_by=lender
    )
    return zhao.id


async def test_only_officials_above_see_and_decide(ctx, inn):
    li, wang, strike = inn
    made = await appeals.appeal(ctx, strike.id, WHY, by=li)
    west = await union.official(ctx, "xi", unit="unit_west", permissions=STATIONS)
    plain = await union.official(ctx, "pu", permissions=(Permission.UNITS,))
    city = await union.official(ctx, "shi", unit="unit_city", permissions=STATIONS)
    for who, refusal in ((west, NoSuchAppeal), (plain, PermissionMissing)):
        for deed in (
            appeal_decisions.read(ctx, made.id, by=who),
            appeal_decisions.accept(ctx, made.id, by=who),
            appeal_decisions.refuse(ctx, made.id, "不属实", by=who),
        ):
            with pytest.raises(refusal):
                await deed
    for who in (wang, city):
        assert (await appeals.of(ctx, by=who, limit=9)).items == [made]
    assert (await appeals.of(ctx, by=west, limit=9)).items == []
    _, text = await appeal_decisions.read(ctx, made.id, by=city)
    assert text == WHY
    [entry] = await Entry.many(ctx, {"what": "appeals.read"})
    assert (entry.who, entry.subject) == (city.id, await aliases.of(ctx, li.id))


async def test_an_undone_no_show_leaves_nothing_to_decide_but_the_appeal(
    ctx, clock, inn
):
    li, wang, strike = inn
    lu = await people.clerk(ctx)
    made = await appeals.appeal(ctx, strike.id, WHY, by=li)
    await desk_endings.undo_no_show(ctx, strike.booking_id, by=lu)
    accepted = await appeal_decisions.accept(ctx, made.id, by=wang)
    assert accepted.state is State.ACCEPTED
    assert await Strike.many(ctx, {}) == []
