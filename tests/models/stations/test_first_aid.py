"""First aid: every call gets through, one answers, the ladder climbs each rung once."""

import asyncio
from datetime import timedelta

import pytest

from models.base import events
from models.base.audit import Entry
from models.base.errors import Refusal
from models.base.events import Happening
from models.reactions import REACTIONS
from models.stations import first_aid, scenes
from models.stations import first_aid_details as details
from models.stations import first_aid_ladder as ladder
from models.stations import first_aid_response as response
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import (
    OPEN,
    Alert,
    AlertMoved,
    Kind,
    NoSuchAlert,
    Outcome,
    ReasonNeeded,
    State,
)
from models.stations.scenes import Target
from models.stations.stations import NoSuchStation
from models.unions.staff import Staff
from models.workers import consent_texts, consents, withdrawals
from models.workers.consent_texts import Purpose
from tests.models.stations import people, places
from tests.models.stations.places import PHONE

TAP = "a-random-tap-id-of-a-phone"


@pytest.fixture
def crew(ctx, run):
    """Who may come; see `people.crew`."""
    return run(people.crew(ctx))


async def call(ctx, by=None, place="station_park", **said):
    return await first_aid.call(ctx, place, Call(**said), by=by)


def rung(alert, level):
    return [
        ring.staff_id.removeprefix("staff_")
        for ring in alert.rings
        if ring.level == level
    ]


async def now_of(ctx, alert):
    return await Alert.find(ctx, _id=alert.id)


async def told(ctx, kind):
    found = Happening.shelf(ctx).find({"kind": kind}, sort=[("at", 1)])
    return [row["data"] async for row in found]


async def consent_to_health(ctx, by):
    await consent_texts.publish(
        ctx,
        purpose=Purpose.HEALTH,
        version=1,
        title="同意",
        text="…",
        published_on=ctx.clock.today(),
    )
    await consents.give(ctx, Purpose.HEALTH, 1, by=by)


async def test_a_strangers_call_rings_everybody_on_duty(ctx, crew):
    called = await call(ctx, kind=Kind.CHEST_PAIN)
    assert called.is_new
    assert (called.alert.state, called.alert.level) == (State.CALLED, 1)
    assert rung(called.alert, 1) == ["lu", "song"]
    (event,) = await told(ctx, "FirstAidCalled")
    assert event["staff_ids"] == ["staff_lu", "staff_song"]
    assert "chest" not in str(event)


async def test_a_closed_station_and_a_suspended_worker_do_not_stop_a_call(
    ctx, crew, clock
):
    await places.close(ctx, places.station())
    li = await people.worker(ctx)
    assert (await call(ctx, li)).is_new


async def test_ten_taps_of_one_hand_at_once_are_one_alert(ctx, crew):
    li = await people.worker(ctx)
    for said in ({"by": li}, {"tap_id": TAP}):
        taps = await asyncio.gather(*(call(ctx, **said) for _ in range(10)))
        assert len({tap.alert.id for tap in taps}) == 1
        assert sum(tap.is_new for tap in taps) == 1
    assert await Alert.shelf(ctx).count_documents({}) == 2
    assert len(await told(ctx, "FirstAidCalled")) == 2


async def test_ten_taps_with_a_note_under_consent_keep_one_note(ctx, crew):
    li = await people.worker(ctx)
    await consent_to_health(ctx, li)
    taps = await asyncio.gather(*(call(ctx, li, note="青霉素过敏") for _ in range(10)))
    assert len({tap.alert.id for tap in taps}) == 1
    kept = (await now_of(ctx, taps[0].alert)).details
    assert ctx.secrets.open(kept.note) == "青霉素过敏"


async def test_a_tap_is_the_same_for_30_seconds_and_until_it_is_closed(
    ctx, crew, clock
):
    lu, _ = crew
    first = await call(ctx, tap_id=TAP)
    clock.forward(timedelta(seconds=30) - timedelta(milliseconds=1))
    assert (await call(ctx, tap_id=TAP)).alert.id == first.alert.id
    clock.forward(timedelta(milliseconds=1))
    second = await call(ctx, tap_id=TAP)
    assert second.alert.id != first.alert.id
    await response.close(ctx, second.alert.id, Outcome.FALSE_ALARM, "误触", by=lu)
    assert (await call(ctx, tap_id=TAP)).is_new


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"tap_id": "1"}, {"tap_id": "1"}),
        ({"tap_id": TAP}, {"tap_id": TAP + "x"}),
        ({"tap_id": TAP}, {"tap_id": TAP, "kind": Kind.INJURY}),
        ({"tap_id": TAP}, {"tap_id": TAP, "for_self": False}),
        ({"tap_id": TAP}, {"tap_id": TAP, "place": "station_lake"}),
    ],
)
async def test_what_may_be_another_person_is_another_alert(ctx, crew, one, other):
    assert (await call(ctx, **one)).is_new
    assert (await call(ctx, **other)).is_new


async def test_two_workers_are_never_one(ctx, crew):
    li, qian = await people.worker(ctx), await people.worker(ctx, "qian")
    calls = await asyncio.gather(call(ctx, li), call(ctx, qian))
    assert len({each.alert.id for each in calls}) == 2


async def test_a_place_is_named_by_its_id_or_any_code_even_a_revoked_one(ctx, crew):
    port = Target(
        kind=scenes.Kind.PORT, station_id="station_park", service=PHONE, port=3
    )
    code = await scenes.ensure(ctx, port)
    await scenes.revoke(ctx, code, reason="", by=crew[0])
    by_code = await call(ctx, place=code)
    assert by_code.alert.station_id == "station_park"
    assert by_code.alert.spot == "手机充电3号口"
    assert (await call(ctx, scene=code)).alert.spot == "手机充电3号口"
    assert (await call(ctx, place="x", scene=code)).alert.spot == "手机充电3号口"
    assert (await call(ctx, place="station_lake", scene=code)).alert.spot is None
    assert (await call(ctx, scene="?")).alert.spot is None
    with pytest.raises(NoSuchStation) as refused:
        await call(ctx, place="nowhere")
    assert "120" in refused.value.message


async def test_the_ladder_climbs_at_60_and_120_seconds(ctx, crew, clock):
    alert = (await call(ctx)).alert
    clock.forward(timedelta(seconds=60) - timedelta(milliseconds=1))
    assert await ladder.climb(ctx) == 0
    assert ladder.level_at(alert, clock.now()) == 1
    clock.forward(timedelta(milliseconds=1))
    assert ladder.level_at(alert, clock.now()) == 2
    assert await ladder.climb(ctx) == 1
    alert = await now_of(ctx, alert)
    assert (alert.level, rung(alert, 2)) == (2, ["fan", "gao"])
    clock.forward(timedelta(seconds=60))
    assert await ladder.climb(ctx) == 1
    assert await ladder.climb(ctx) == 0
    alert = await now_of(ctx, alert)
    assert (alert.level, rung(alert, 3)) == (3, ["gao", "tang"])
    assert alert.climb_at is None
    assert [event["level"] for event in await told(ctx, "FirstAidEscalated")] == [2, 3]


async def test_a_late_clockwork_climbs_both_rungs_once_however_many_run(
    ctx, crew, clock
):
    alerts = [(await call(ctx)).alert for _ in range(5)]
    clock.forward(timedelta(seconds=130))
    assert ladder.level_at(alerts[0], clock.now()) == 3
    climbed = await asyncio.gather(*(ladder.climb(ctx) for _ in range(4)))
    assert sum(climbed) == 10
    assert sorted(e["level"] for e in await told(ctx, "FirstAidEscalated")) == (
        [2] * 5 + [3] * 5
    )


async def test_with_nobody_on_duty_the_second_rung_is_called_at_once(ctx, crew, clock):
    alert = (await call(ctx, place="station_far")).alert
    assert (alert.level, rung(alert, 2)) == (2, ["gao"])
    clock.forward(timedelta(seconds=120))
    assert await ladder.climb(ctx) == 1
    assert rung(await now_of(ctx, alert), 3) == ["gao", "tang"]


async def test_an_answer_stops_the_ladder(ctx, crew, clock):
    lu, _ = crew
    alert = (await call(ctx)).alert
    clock.forward(timedelta(seconds=30))
    await response.acknowledge(ctx, alert.id, by=lu)
    clock.forward(timedelta(seconds=600))
    assert await ladder.climb(ctx) == 0
    (event,) = await told(ctx, "FirstAidAcknowledged")
    assert (event["staff_id"], event["seconds"]) == ("staff_lu", 30)


async def test_an_answer_and_a_rung_at_once_leave_one_truth(ctx, crew, clock):
    lu, _ = crew
    for _ in range(5):
        alert = (await call(ctx)).alert
        clock.forward(timedelta(seconds=60))
        await asyncio.gather(
            ladder.climb(ctx), response.acknowledge(ctx, alert.id, by=lu)
        )
        alert = await now_of(ctx, alert)
        assert alert.state is State.ACKNOWLEDGED
        assert alert.climb_at is None
        assert alert.level in {1, 2}
        assert bool(rung(alert, 2)) == (alert.level == 2)


async def test_of_two_who_answer_at_once_one_is_told_who_was_first(ctx, crew):
    alert = (await call(ctx)).alert
    answers = await asyncio.gather(
        *(response.acknowledge(ctx, alert.id, by=who) for who in crew),
        return_exceptions=True,
    )
    (moved,) = (each for each in answers if isinstance(each, AlertMoved))
    assert moved.details["state"] == State.ACKNOWLEDGED
    assert moved.details["by"] == "陆*例"
    assert "接警" in moved.message
    assert len(await told(ctx, "FirstAidAcknowledged")) == 1


async def test_the_same_step_again_changes_nothing(ctx, crew, clock):
    lu, song = crew
    alert = (await call(ctx)).alert
    for step in (
        lambda: response.acknowledge(ctx, alert.id, by=lu),
        lambda: response.arrive(ctx, alert.id, by=lu),
        lambda: response.close(ctx, alert.id, Outcome.HELPED, by=lu),
    ):
        clock.forward(timedelta(seconds=40))
        first = await step()
        clock.forward(timedelta(seconds=40))
        assert await step() == first
    with pytest.raises(AlertMoved):
        await response.arrive(ctx, alert.id, by=song)
    assert len(await Happening.shelf(ctx).find({}).to_list()) == 4


async def test_somebody_on_the_spot_may_arrive_without_having_answered(ctx, crew):
    _, song = crew
    alert = (await call(ctx)).alert
    alert = await response.arrive(ctx, alert.id, by=song)
    assert alert.acknowledged == alert.arrived
    assert alert.climb_at is None


async def test_what_a_closing_needs(ctx, crew):
    lu, song = crew
    alert = (await call(ctx)).alert
    with pytest.raises(ReasonNeeded):
        await response.close(ctx, alert.id, Outcome.FALSE_ALARM, "  ", by=lu)
    with pytest.raises(AlertMoved) as moved:
        await response.close(ctx, alert.id, Outcome.HELPED, by=lu)
    assert moved.value.details == {"state": State.CALLED, "by": None}
    closed = await response.close(ctx, alert.id, Outcome.HANDED_TO_120, by=lu)
    assert (closed.state, closed.climb_at) == (State.CLOSED, None)
    with pytest.raises(AlertMoved):
        await response.close(ctx, alert.id, Outcome.FALSE_ALARM, "误触", by=song)


async def test_other_stations_staff_find_nothing_until_they_are_called(
    ctx, crew, clock
):
    fan = await Staff.get(ctx, "staff_fan")
    alert = (await call(ctx)).alert
    for step in (response.get, response.acknowledge, response.arrive):
        with pytest.raises(NoSuchAlert):
            await step(ctx, alert.id, by=fan)
    with pytest.raises(NoSuchAlert):
        await response.close(ctx, alert.id, Outcome.HELPED, by=fan)
    assert not (await response.of(ctx, OPEN, by=fan, limit=5)).items
    clock.forward(timedelta(seconds=60))
    await ladder.climb(ctx)
    (listed,) = (await response.of(ctx, OPEN, by=fan, limit=5)).items
    assert listed.id == alert.id
    assert (await response.acknowledge(ctx, alert.id, by=fan)).acknowledged.by == fan.id


async def test_alerts_are_listed_newest_first_by_cursor(ctx, crew, clock):
    lu, _ = crew
    ids = []
    for _ in range(5):
        ids.append((await call(ctx)).alert.id)
        clock.forward(timedelta(seconds=1))
    seen, cursor = [], None
    while True:
        page = await response.of(ctx, OPEN, by=lu, cursor=cursor, limit=2)
        seen += [alert.id for alert in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == ids[::-1]


async def test_only_the_caller_follows_a_call(ctx, crew):
    li, qian = await people.worker(ctx), await people.worker(ctx, "qian")
    alert = (await call(ctx, li)).alert
    token = first_aid.follow_up_token(ctx, alert)
    assert await first_aid.own(ctx, alert.id, token="", by=li)
    assert await first_aid.own(ctx, alert.id, token=token, by=None)
    other = (await call(ctx)).alert
    for given, by in (
        ("", None),
        ("", qian),
        (token[:-1], None),
        (first_aid.follow_up_token(ctx, other), None),
        ("é", None),
    ):
        with pytest.raises(NoSuchAlert):
            await first_aid.own(ctx, alert.id, token=given, by=by)
    with pytest.raises(NoSuchAlert):
        await first_aid.own(ctx, "alert_none", token="", by=li)


async def test_a_note_is_kept_with_consent_or_of_another_and_sealed(ctx, crew):
    li = await people.worker(ctx)
    without = (await call(ctx, li, note="心脏病")).alert
    assert without.details.note is None
    ticked = (await call(ctx, note="心脏病", agrees=True)).alert
    of_another = (await call(ctx, note="腿上出血", for_self=False)).alert
    assert ctx.secrets.open(ticked.details.note) == "心脏病"
    assert ctx.secrets.open(of_another.details.note) == "腿上出血"
    raw = await Alert.shelf(ctx).find({}).to_list()
    assert "心脏病" not in str(raw)
    await consent_to_health(ctx, li)
    under_consent = (await call(ctx, li, note="心脏病", kind=Kind.INJURY)).alert
    assert ctx.secrets.open(under_consent.details.note) == "心脏病"


async def test_what_is_too_long_is_cut_not_refused(ctx, crew):
    alert = (await call(ctx, note="痛" * 999, agrees=True, phone="1" * 99)).alert
    assert len(ctx.secrets.open(alert.details.note)) == details.LONGEST_NOTE
    assert len(ctx.secrets.open(alert.details.phone)) == details.LONGEST_PHONE


async def test_only_the_response_reads_details_and_that_is_recorded(ctx, crew):
    lu, _ = crew
    shi = await people.clerk(ctx, "shi")
    said = {"note": "过敏", "agrees": True, "phone": "13800001234"}
    alert = (await call(ctx, **said)).alert
    opened = await details.read(ctx, alert, by=lu)
    assert (opened.note, opened.phone) == ("过敏", "13800001234")
    assert await details.read(ctx, alert, by=shi) is None
    entries = await Entry.many(ctx, {"what": "first_aid.read_details"})
    assert [(entry.who, entry.about) for entry in entries] == [(lu.id, alert.id)]
    alert = await response.acknowledge(ctx, alert.id, by=shi)
    assert (await details.read(ctx, alert, by=shi)).note == "过敏"


async def test_without_a_number_the_callers_bound_one_is_called_back(ctx, crew):
    lu, _ = crew
    li = await people.worker(ctx)
    sealed = ctx.secrets.seal("+8613800001234")
    await ctx.db.workers.update_one({"_id": li.id}, {"$set": {"phone": sealed}})
    alert = (await call(ctx, li)).alert
    assert (await details.read(ctx, alert, by=lu)).phone == "+8613800001234"


async def test_thirty_days_after_the_end_nothing_says_what_somebody_had(
    ctx, crew, clock
):
    lu, _ = crew
    li = await people.worker(ctx)
    await consent_to_health(ctx, li)
    alert = (
        await call(ctx, li, kind=Kind.CHEST_PAIN, note="心脏病", phone="1380")
    ).alert
    clock.forward(timedelta(days=3))
    await response.close(ctx, alert.id, Outcome.FALSE_ALARM, "只是岔气", by=lu)
    clock.forward(timedelta(days=30) - timedelta(milliseconds=1))
    assert await details.forget(ctx) == 0
    assert (await details.read(ctx, await now_of(ctx, alert), by=lu)).note == "心脏病"
    clock.forward(timedelta(milliseconds=1))
    assert await details.read(ctx, await now_of(ctx, alert), by=lu) is None
    assert await details.forget(ctx) == 1
    assert await details.forget(ctx) == 0
    kept = await now_of(ctx, alert)
    assert (kept.details, kept.reason, kept.caller_id) == (None, None, None)
    assert (kept.station_id, kept.called_at) == (alert.station_id, alert.called_at)


async def test_an_alert_nobody_closes_forgets_too(ctx, crew, clock):
    alert = (await call(ctx, note="过敏", agrees=True)).alert
    clock.forward(timedelta(days=30))
    assert await details.forget(ctx) == 1
    assert (await now_of(ctx, alert)).details is None


async def test_without_consent_the_end_erases_at_once(ctx, crew):
    lu, _ = crew
    alert = (await call(ctx, kind=Kind.CHEST_PAIN, phone="1380")).alert
    closed = await response.close(ctx, alert.id, Outcome.HANDED_TO_120, by=lu)
    assert closed.details is None


async def test_consent_taken_back_erases_at_once_what_was_kept_under_it(ctx, crew):
    lu, _ = crew
    li = await people.worker(ctx)
    await consent_to_health(ctx, li)
    ended = (await call(ctx, li, note="心脏病")).alert
    await response.close(ctx, ended.id, Outcome.HANDED_TO_120, by=lu)
    running = (await call(ctx, li, note="心脏病", phone="1380")).alert
    await withdrawals.withdraw(ctx, Purpose.HEALTH, by=li)
    while await events.deliver_one(ctx, REACTIONS):
        pass
    assert (await now_of(ctx, ended)).details is None
    kept = (await now_of(ctx, running)).details
    assert (kept.note, kept.kind) == (None, Kind.OTHER)
    assert kept.phone is not None


async def test_a_call_and_a_withdrawal_at_once_leave_no_note(ctx, crew):
    for number in range(5):
        li = await people.worker(ctx, f"w{number}")
        await consent_to_health(ctx, li)
        answers = await asyncio.gather(
            call(ctx, li, note="心脏病"),
            withdrawals.withdraw(ctx, Purpose.HEALTH, by=li),
            return_exceptions=True,
        )
        assert not any(isinstance(each, Refusal) for each in answers), answers
        while await events.deliver_one(ctx, REACTIONS):
            pass
        assert (await now_of(ctx, answers[0].alert)).details.note is None


async def test_the_questions_of_every_few_seconds_use_their_index(ctx, crew):
    await call(ctx, tap_id=TAP)
    shelf = Alert.shelf(ctx)
    for where in (
        {"state": State.CALLED, "climb_at": {"$lte": ctx.clock.now()}},
        {"forget_at": {"$lte": ctx.clock.now(), "$type": "date"}},
        {"tap": {"$eq": "x", "$type": "string"}},
    ):
        plan = await shelf.find(where).explain()
        assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"]), where
