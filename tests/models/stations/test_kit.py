"""The first-aid kit: never below zero, soonest to expire first, told once."""

import asyncio
from datetime import date, timedelta

import pytest

from models.base.errors import Refusal
from models.base.events import Happening, deliver_one
from models.base.pages import BadCursor
from models.messages.inbox import Message
from models.reactions import REACTIONS
from models.stations import (
    first_aid,
    first_aid_response,
    kit,
    kit_changes,
    kit_issues,
    kit_levels,
    kit_notices,
    kit_recount,
    kit_watch,
)
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import NoSuchAlert, Outcome
from models.stations.hours import parse
from models.stations.kit import Batch, Delivery, Kind, Movement, NoSuchBatch, State
from models.stations.kit_books import BatchExpired, NotEnough
from models.stations.kit_changes import BatchDiffers
from models.stations.kit_issues import Unattended
from models.stations.kit_notices import Notice, Why
from models.stations.stations import NoSuchStation
from models.unions.officials import PermissionMissing
from models.unions.permissions import Permission
from models.unions.staff import Role, RoleMissing
from tests.models.stations import people, places
from tests.models.stations.places import DAILY, at
from tests.models.unions import people as union

PARK = "station_park"
EAST = "/unit_city/unit_east/"
STAFFED = parse(DAILY | {"attended": DAILY["weekly"] | {"mon": ["08:00-18:00"]}})


@pytest.fixture
def lu(ctx, run):
    """A clerk at the park, which is staffed till 18:00 on Mondays."""

    async def furnish():
        here = places.station(hours=STAFFED, org_path=EAST)
        await places.put(ctx, here, places.station("lake"))
        return await people.clerk(ctx)

    return run(furnish())


def delivery(batch="B1", quantity=2, expires=date(2027, 11, 1), item="纱布"):
    return Delivery(item=item, batch=batch, expires_on=expires, quantity=quantity)


async def stock(ctx, by, *deliveries):
    return [await kit_changes.receive(ctx, PARK, each, by=by) for each in deliveries]


async def issue(ctx, by, quantity=1, **other):
    return await kit_issues.issue(
        ctx, PARK, item="纱布", quantity=quantity, by=by, **other
    )


async def left(ctx):
    return {batch.batch: batch.quantity for batch in await Batch.many(ctx, {})}


async def words(*tries):
    answers = await asyncio.gather(*tries, return_exceptions=True)
    return sorted(a.code if isinstance(a, Refusal) else "done" for a in answers)


async def test_three_of_two_are_not_enough(ctx, lu):
    await stock(ctx, lu, delivery())
    with pytest.raises(NotEnough) as refused:
        await issue(ctx, lu, 3)
    assert refused.value.details == {"left": 2}
    assert await left(ctx) == {"B1": 2}
    assert await Movement.shelf(ctx).count_documents({}) == 1


async def test_what_expires_first_goes_first(ctx, lu):
    late, soon = date(2028, 1, 1), date(2027, 1, 1)
    await stock(ctx, lu, delivery("late", 5, late), delivery("soon", 3, soon))
    moved = await issue(ctx, lu, 4)
    assert [(each.pieces, each.left, each.kind) for each in moved] == [
        (-3, 0, Kind.ISSUED),
        (-1, 4, Kind.ISSUED),
    ]
    assert await left(ctx) == {"late": 4, "soon": 0}


async def test_past_its_day_nothing_is_handed_out(ctx, clock, lu):
    [batch] = await stock(ctx, lu, delivery(expires=date(2026, 11, 24)))
    await issue(ctx, lu)
    clock.put(at("08:30", day=24))
    await places.put(ctx, places.station(hours=parse(DAILY | {"attended": weekly()})))
    with pytest.raises(BatchExpired):
        await issue(ctx, lu)
    await stock(ctx, lu, delivery("B2"))
    with pytest.raises(BatchExpired):
        await issue(ctx, lu, batch_id=batch.id)
    [moved] = await issue(ctx, lu)
    assert moved.batch_id != batch.id
    with pytest.raises(NotEnough):
        await issue(ctx, lu, 2)


def weekly():
    return {day: ["08:00-20:00"] for day in ("mon", "tue", "wed")}


async def test_of_ten_who_take_the_last_one_has_it(ctx, lu):
    await stock(ctx, lu, delivery(quantity=1))
    assert await words(*(issue(ctx, lu) for _ in range(10))) == [
        "done",
        *["not_enough"] * 9,
    ]
    assert await left(ctx) == {"B1": 0}
    assert (await kit_recount.recount(ctx, PARK, by=lu)).is_equal


async def test_a_named_batch_and_no_other(ctx, lu):
    one, two = await stock(ctx, lu, delivery(), delivery("B2"))
    [moved] = await issue(ctx, lu, batch_id=two.id)
    assert moved.batch_id == two.id
    with pytest.raises(NotEnough):
        await issue(ctx, lu, 2, batch_id=two.id)
    with pytest.raises(NoSuchBatch):
        await issue(ctx, lu, batch_id="batch_none")
    with pytest.raises(NoSuchBatch):
        await kit_issues.issue(
            ctx, PARK, item="绷带", quantity=1, batch_id=one.id, by=lu
        )


async def test_nothing_is_handed_out_while_nobody_is_there(ctx, clock, lu):
    await stock(ctx, lu, delivery())
    for time in ("18:00", "20:00"):
        clock.put(at(time))
        with pytest.raises(Unattended):
            await issue(ctx, lu)


async def test_who_arrived_at_a_call_is_there_and_the_use_names_the_call(
    ctx, clock, lu
):
    bai = await people.clerk(ctx, "bai", roles=(Role.FIRST_AID_RESPONDER,))
    await stock(ctx, lu, delivery())
    clock.put(at("19:00"))
    called = await first_aid.call(ctx, PARK, Call(), by=None)
    alert_id = called.alert.id
    with pytest.raises(Unattended):
        await issue(ctx, bai, alert_id=alert_id)
    await first_aid_response.arrive(ctx, alert_id, by=bai)
    [moved] = await issue(ctx, bai, alert_id=alert_id)
    assert (moved.alert_id, moved.by) == (alert_id, bai.id)
    await first_aid_response.close(ctx, alert_id, Outcome.HELPED, by=bai)
    with pytest.raises(Unattended):
        await issue(ctx, bai, alert_id=alert_id)


async def test_another_stations_call_is_none(ctx, lu):
    await stock(ctx, lu, delivery())
    called = await first_aid.call(ctx, "station_lake", Call(), by=None)
    for alert_id in (called.alert.id, "alert_none"):
        with pytest.raises(NoSuchAlert):
            await issue(ctx, lu, alert_id=alert_id)


async def test_a_delivery_adds_to_its_batch_or_is_refused(ctx, lu):
    await stock(ctx, lu, delivery(), delivery(quantity=3))
    assert await left(ctx) == {"B1": 5}
    with pytest.raises(BatchDiffers):
        await stock(ctx, lu, delivery(expires=date(2027, 11, 2)))
    with pytest.raises(BatchExpired):
        await stock(ctx, lu, delivery("B2", expires=date(2026, 11, 23)))


async def test_ten_deliveries_of_a_new_batch_at_once_add_up(ctx, lu):
    tries = [kit_changes.receive(ctx, PARK, delivery(), by=lu) for _ in range(10)]
    assert await words(*tries) == ["done"] * 10
    assert await left(ctx) == {"B1": 20}
    assert (await kit_recount.recount(ctx, PARK, by=lu)).is_equal


async def test_what_is_spoilt_is_written_off_and_what_is_wrong_corrected(ctx, lu):
    [batch] = await stock(ctx, lu, delivery(quantity=5))
    thrown = await kit_changes.write_off(
        ctx, PARK, batch.id, quantity=2, reason="受潮", by=lu
    )
    assert (thrown.kind, thrown.pieces, thrown.left) == (Kind.WRITTEN_OFF, -2, 3)
    counted = await kit_changes.count(
        ctx, PARK, batch.id, counted=7, reason="盘点多出", by=lu
    )
    assert (counted.kind, counted.pieces, counted.left) == (Kind.COUNTED, 4, 7)
    assert counted.reason == "盘点多出"
    with pytest.raises(NotEnough):
        await kit_changes.write_off(
            ctx, PARK, batch.id, quantity=8, reason="受潮", by=lu
        )
    for deed in (
        kit_changes.write_off(ctx, PARK, "batch_x", quantity=1, reason="无", by=lu),
        kit_changes.count(ctx, PARK, "batch_x", counted=1, reason="无", by=lu),
    ):
        with pytest.raises(NoSuchBatch):
            await deed


async def test_counting_and_issuing_at_once_keep_the_books_right(ctx, lu):
    [batch] = await stock(ctx, lu, delivery(quantity=10))
    await asyncio.gather(
        *(issue(ctx, lu) for _ in range(5)),
        *(
            kit_changes.count(ctx, PARK, batch.id, counted=9, reason="盘点", by=lu)
            for _ in range(3)
        ),
    )
    recount = await kit_recount.recount(ctx, PARK, by=lu)
    assert (recount.batches, recount.is_equal) == (1, True)


async def test_a_recount_names_what_is_not_equal(ctx, lu):
    [batch] = await stock(ctx, lu, delivery())
    await Batch.change(ctx, {"_id": batch.id}, {"$set": {"quantity": 9}})
    recount = await kit_recount.recount(ctx, PARK, by=lu)
    [difference] = recount.differences
    assert (difference.kept, difference.folded) == (9, 2)


async def test_a_batch_is_told_of_once_thirty_days_before(ctx, clock, lu):
    day = date(2026, 12, 24)
    await stock(ctx, lu, delivery(expires=day), delivery("B2", expires=day, item="碘"))
    assert await kit_watch.look(ctx) == 0
    clock.put(at("00:00", day=24))
    counts = await asyncio.gather(*(kit_watch.look(ctx) for _ in range(4)))
    assert sum(counts) == 2
    for _ in range(30):
        clock.forward(timedelta(days=1))
        await kit_watch.look(ctx)
    notices = await Notice.many(ctx, {})
    assert [notice.why for notice in notices] == [Why.EXPIRING] * 2
    assert await Happening.shelf(ctx).count_documents({"kind": "KitRunsOut"}) == 2
    page = await kit_notices.notices(ctx, PARK, by=lu, limit=9)
    assert page.items[0].expires_on == day


async def test_an_item_is_low_once_a_fall(ctx, lu):
    await stock(ctx, lu, delivery(quantity=6), delivery("B2", quantity=1))
    level = await kit_levels.set_level(ctx, PARK, "纱布", 5, by=lu)
    assert (level.least, level.is_low) == (5, False)

    async def told():
        return await Notice.shelf(ctx).count_documents({"why": Why.LOW})

    await asyncio.gather(*(issue(ctx, lu) for _ in range(3)))
    assert await told() == 1
    await issue(ctx, lu)
    assert await told() == 1
    await stock(ctx, lu, delivery(quantity=2))
    await issue(ctx, lu)
    assert await told() == 2
    page = await kit_levels.levels(ctx, PARK, by=lu, limit=9)
    assert [(each.is_low, each.falls) for each in page.items] == [(True, 2)]
    [event, _] = await Happening.many(ctx, {"kind": "KitRunsOut"})
    assert f"desk@{EAST}" in event.push.topics


async def test_a_higher_level_may_be_low_at_once(ctx, lu):
    await kit_levels.set_level(ctx, PARK, "纱布", 1, by=lu)
    [notice] = await Notice.many(ctx, {})
    assert (notice.why, notice.left) == (Why.LOW, 0)


async def test_what_expires_counts_as_gone(ctx, clock, lu):
    await stock(ctx, lu, delivery(quantity=9, expires=date(2026, 12, 1)))
    await kit_levels.set_level(ctx, PARK, "纱布", 5, by=lu)
    await kit_watch.look(ctx)
    clock.forward(timedelta(days=8))
    await kit_watch.look(ctx)
    await kit_watch.look(ctx)
    notices = await Notice.many(ctx, {}, sort=[("at", 1)])
    assert [notice.why for notice in notices] == [Why.EXPIRING, Why.LOW]


async def test_the_list_goes_by_expiry_page_by_page(ctx, clock, lu):
    days = [date(2027, 1, 2), date(2026, 12, 1), date(2027, 1, 2), date(2028, 1, 1)]
    made = await stock(
        ctx, lu, *(delivery(f"B{n}", 1, day) for n, day in enumerate(days))
    )
    seen, cursor = [], None
    while True:
        page = await kit.of(ctx, PARK, by=lu, cursor=cursor, limit=2)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [each.expires_on for each in seen] == sorted(days)
    assert {each.id for each in seen} == {each.id for each in made}
    assert seen[0].state_on(clock.today()) is State.EXPIRING
    with pytest.raises(BadCursor):
        await kit.of(ctx, PARK, by=lu, cursor="?", limit=2)


async def test_a_kit_stocked_again_holds_the_same(ctx, lu):
    station = places.station(org_path=EAST)
    for _ in range(2):
        await kit_changes.lay_in(ctx, station, delivery())
    assert await left(ctx) == {"B1": 2}
    assert await kit.items_in_date(ctx, PARK) == ["纱布"]


async def test_a_kit_is_its_clerks_alone(ctx, lu):
    [batch] = await stock(ctx, lu, delivery())
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    nobody = await people.clerk(ctx, "bai", roles=())
    about = {"quantity": 1, "reason": "受潮"}
    for who, refusal in ((fan, NoSuchStation), (nobody, RoleMissing)):
        for deed in (
            kit_changes.receive(ctx, PARK, delivery(), by=who),
            issue(ctx, who),
            kit_changes.write_off(ctx, PARK, batch.id, **about, by=who),
            kit_changes.count(ctx, PARK, batch.id, counted=1, reason="多", by=who),
            kit_levels.set_level(ctx, PARK, "纱布", 1, by=who),
            kit.of(ctx, PARK, by=who, limit=9),
            kit.movements(ctx, PARK, by=who, limit=9),
            kit_recount.recount(ctx, PARK, by=who),
            kit_notices.notices(ctx, PARK, by=who, limit=9),
            kit_levels.levels(ctx, PARK, by=who, limit=9),
        ):
            with pytest.raises(refusal):
                await deed


async def test_officials_see_the_kits_below_them(ctx, lu):
    await stock(ctx, lu, delivery())
    wang = await union.official(ctx, "wang", permissions=(Permission.STATIONS,))
    west = await union.official(
        ctx, "xi", unit="unit_west", permissions=(Permission.STATIONS,)
    )
    plain = await union.official(ctx, "pu", permissions=(Permission.UNITS,))
    assert len((await kit.of(ctx, PARK, by=wang, limit=9)).items) == 1
    assert len((await kit.movements(ctx, PARK, by=wang, limit=9)).items) == 1
    with pytest.raises(NoSuchStation):
        await kit.of(ctx, PARK, by=west, limit=9)
    with pytest.raises(PermissionMissing):
        await kit.of(ctx, PARK, by=plain, limit=9)


async def test_every_clerk_is_told_once_what_runs_out(ctx, clock, lu):
    await people.clerk(ctx, "song")
    await people.clerk(ctx, "fan", stations=("lake",))
    await stock(ctx, lu, delivery(quantity=2, expires=date(2026, 12, 20)))
    await kit_levels.set_level(ctx, PARK, "纱布", 3, by=lu)
    await kit_watch.look(ctx)
    for _ in range(2):
        while await deliver_one(ctx, REACTIONS):
            pass
        again = {"$set": {"state": "waiting", "due_at": clock.now(), "tries": 0}}
        await Happening.shelf(ctx).update_many({}, again)
    told = await Message.many(ctx, {"kind": "kit_runs_out"})
    assert sorted((each.worker_id, each.text) for each in told) == [
        (
            f"staff_{name}",
            f"示例·park驿站的纱布{why}，请及时补充或更换，并在值守台登记。",
        )
        for name in ("lu", "song")
        for why in (
            "将于2026年12月20日到期，还有2件",
            "库存不足，可用的只剩2件",
        )
    ]
