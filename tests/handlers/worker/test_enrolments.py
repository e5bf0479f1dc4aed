"""The doors of signing up: every refusal by its word, every repeat once."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from models.trainings import offers
from tests.models.trainings.courses import (
    MIGRANT,
    PLATFORM,
    RIDERS_ONLY,
    START,
    cancel,
    check_all_settled,
    course,
    is_,
    programme,
    session,
    sign,
)

ALL = "/worker/v1/enrolments"
MINE = "/worker/v1/me/enrolments"
WANT = {"session_id": "session_one"}


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


async def my_id(me):
    return (await me.get("/worker/v1/me")).body["id"]


async def refused(call, status, code):
    answer = await call
    assert (answer.status, answer.code) == (status, code)
    return answer.body["details"]


async def offered(ctx, me):
    """I waited and a seat is held for me."""
    run = await course(ctx, seats=1)
    first = await sign(ctx, "first")
    waiting = await me.post(ALL, {**WANT, "waitlist": True})
    assert (waiting.status, waiting.body["state"]) == (201, "waitlisted")
    await cancel(ctx, first)
    return run, f"{ALL}/{waiting.body['id']}"


async def test_signing_up_answers_with_the_enrolment(ctx, clock, me):
    run = await course(ctx)
    made = await me.post(ALL, WANT)
    assert made.status == 201
    zulu = lambda at: at.isoformat().replace("+00:00", "Z")  # noqa: E731
    assert made.body == {
        "id": made.body["id"],
        "state": "enrolled",
        "programme_id": "programme_one",
        "session_id": "session_one",
        "title": "示例：one",
        "place": "示例·驿站",
        "starts_at": zulu(START),
        "ends_at": zulu(run.ends_at),
        "received_at": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "position": None,
        "offer_until": None,
        "cancel_until": zulu(run.cancel_until),
        "documents_due": False,
        "moved_from": None,
        "clash": None,
        "reason": None,
    }
    assert (await me.get(f"{ALL}/{made.body['id']}")).body == made.body
    assert (await me.get(MINE)).body == {"items": [made.body], "next": None}


async def test_papers_still_to_be_brought_are_shown(ctx, me):
    await course(ctx, rule=RIDERS_ONLY)
    await me.put("/worker/v1/me/identities", {"classes": [PLATFORM]})
    made = await me.post(ALL, WANT)
    assert (made.status, made.body["documents_due"]) == (201, True)


async def test_what_is_not_there(ctx, me):
    await refused(me.post(ALL, WANT), 404, "no_such_training_session")
    await session(ctx)
    await refused(me.post(ALL, WANT), 404, "no_such_programme")


async def test_outside_of_the_window(ctx, clock, me):
    run = await course(ctx)
    clock.put(run.sign_up_opens - timedelta(seconds=1))
    me = await me.sign_in("w-1-1")
    details = await refused(me.post(ALL, WANT), 409, "sign_up_not_open")
    assert details == {"opens_at": run.sign_up_opens.isoformat()}
    clock.put(run.sign_up_closes)
    me = await me.sign_in("w-1-2")
    await refused(me.post(ALL, WANT), 409, "sign_up_closed")


async def test_twice(ctx, me):
    await course(ctx)
    made = await me.post(ALL, WANT)
    details = await refused(me.post(ALL, WANT), 409, "already_enrolled")
    assert details["enrolment_id"] == made.body["id"]


async def test_full_says_to_wait_and_waiting_shows_the_place(ctx, me):
    await course(ctx, seats=1)
    await sign(ctx, "li")
    details = await refused(me.post(ALL, WANT), 409, "session_full")
    assert details == {"may_wait": True}
    waiting = await me.post(ALL, {**WANT, "waitlist": True})
    assert (waiting.status, waiting.body["position"]) == (201, 1)


async def test_whoever_may_not(ctx, me):
    await course(ctx, rule=RIDERS_ONLY, documents_later=False)
    details = await refused(me.post(ALL, WANT), 422, "facts_missing")
    assert [each["name"] for each in details["missing"]] == [
        "client_classes",
        "documents",
    ]
    told = {**WANT, "facts": {"client_classes": [MIGRANT]}}
    details = await refused(me.post(ALL, told), 409, "not_eligible")
    assert details["failed"][0]["id"] == "riders"
    told = {**WANT, "facts": {"client_classes": [PLATFORM]}}
    await refused(me.post(ALL, told), 422, "documents_missing")
    told = {**WANT, "facts": {"hat": 1}}
    await refused(me.post(ALL, told), 422, "bad_fact")


async def test_a_clash_names_what_stands_in_the_way(ctx, me):
    await course(ctx)
    await programme(ctx, "two")
    await session(ctx, "two", of="two", starts_at=START + timedelta(hours=2))
    made = await me.post(ALL, WANT)
    clash = me.post(ALL, {"session_id": "session_two"})
    details = await refused(clash, 409, "time_conflict")
    assert (details["ref"], details["title"]) == (made.body["id"], "示例：one")


async def test_a_cancellation_can_be_made_once_and_in_time(ctx, clock, me):
    run = await course(ctx)
    one = f"{ALL}/{(await me.post(ALL, WANT)).body['id']}"
    done = await me.post(f"{one}/cancellation")
    assert (done.status, done.body["state"]) == (200, "cancelled_by_worker")
    details = await refused(me.post(f"{one}/cancellation"), 409, "enrolment_over")
    assert details == {"state": "cancelled_by_worker"}
    again = await me.post(ALL, WANT)
    clock.put(run.cancel_until)
    me = await me.sign_in("w-1-3")
    late = me.post(f"{ALL}/{again.body['id']}/cancellation")
    await refused(late, 409, "cancel_too_late")


async def test_an_offer_is_shown_and_accepted(ctx, clock, me):
    _, one = await offered(ctx, me)
    shown = await me.get(one)
    assert (shown.body["state"], shown.body["position"]) == ("offered", None)
    until = (clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert shown.body["offer_until"] == until
    done = await me.post(f"{one}/acceptance")
    assert (done.status, done.body["state"]) == (200, "enrolled")


async def test_an_offer_is_refused_with_one_tap(ctx, me):
    _, one = await offered(ctx, me)
    done = await me.post(f"{one}/refusal")
    assert (done.status, done.body["state"]) == (200, "declined")
    details = await refused(me.post(f"{one}/refusal"), 409, "not_offered")
    assert details == {"state": "declined"}
    await refused(me.post(f"{one}/acceptance"), 409, "not_offered")


async def test_an_offer_is_over_when_its_time_is(ctx, clock, me):
    _, one = await offered(ctx, me)
    clock.forward(timedelta(hours=2))
    me = await me.sign_in("w-1-4")
    assert (await me.get(one)).body["state"] == "offer_lapsed"
    await refused(me.post(f"{one}/acceptance"), 409, "offer_over")


async def test_an_offer_cannot_be_taken_while_busy(ctx, me):
    _, one = await offered(ctx, me)
    await programme(ctx, "two")
    await session(ctx, "two", of="two")
    await me.post(ALL, {"session_id": "session_two"})
    details = await refused(me.post(f"{one}/acceptance"), 409, "time_conflict")
    assert details["title"] == "示例：two"


@pytest.mark.parametrize("deed", ["", "/cancellation", "/acceptance", "/refusal"])
async def test_anothers_enrolment_is_not_there(ctx, me, deed):
    await course(ctx)
    others = await sign(ctx, "li")
    for id_ in (others.id, "enrolment_none"):
        path = f"{ALL}/{id_}{deed}"
        call = me.post(path) if deed else me.get(path)
        await refused(call, 404, "no_such_enrolment")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ALL),
        ("GET", MINE),
        ("GET", f"{ALL}/enrolment_1"),
        ("POST", f"{ALL}/enrolment_1/cancellation"),
        ("POST", f"{ALL}/enrolment_1/acceptance"),
        ("POST", f"{ALL}/enrolment_1/refusal"),
    ],
)
async def test_nobody_comes_in_without_signing_in(http, method, path):
    body = WANT if path == ALL else None
    await refused(http.call(method, path, body), 401, "not_signed_in")


async def test_my_list_goes_on_and_refuses_a_made_up_cursor(ctx, me):
    for number in range(3):
        await programme(ctx, f"p{number}")
        day = START + timedelta(days=number)
        await session(ctx, f"p{number}", of=f"p{number}", starts_at=day)
        await me.post(ALL, {"session_id": f"session_p{number}"})
    first = await me.get(f"{MINE}?limit=2")
    rest = await me.get(f"{MINE}?cursor={first.body['next']}")
    seen = [each["session_id"] for each in first.body["items"] + rest.body["items"]]
    assert sorted(seen) == ["session_p0", "session_p1", "session_p2"]
    await refused(me.get(f"{MINE}?cursor=x"), 422, "bad_cursor")


async def test_a_long_list_asks_no_more_than_a_short_one(ctx, me):
    counts = []
    for number in range(30):
        await programme(ctx, f"p{number}")
        day = START + timedelta(days=number)
        await session(ctx, f"p{number}", of=f"p{number}", starts_at=day, seats=0)
        want = {"session_id": f"session_p{number}", "waitlist": True}
        assert (await me.post(ALL, want)).status == 201
        if number in {0, 29}:
            counts.append(await commands(ctx, me.get(f"{MINE}?limit=50")))
    assert counts[0] == counts[1] == 4
    everything = await commands(ctx, me.get("/worker/v1/trainings?limit=50"))
    assert everything == 1


async def commands(ctx, call):
    """Count what the database is asked for on our shelves while a call runs."""
    await ctx.db.command("profile", 2)
    answer = await call
    await ctx.db.command("profile", 0)
    assert answer.status == 200
    shelves = ("enrolments", "programmes", "training_sessions")
    ours = {"$in": [f"{ctx.db.name}.{shelf}" for shelf in shelves]}
    count = await ctx.db["system.profile"].count_documents({"ns": ours})
    await ctx.db.drop_collection("system.profile")
    return count


@pytest.mark.parametrize("flushed", [False, True])
async def test_the_same_key_again_is_the_same_sign_up(ctx, http, flushed):
    await course(ctx, seats=3)
    crowd = [await http.sign_in(f"w-{number}") for number in range(8)]

    async def insist(number, one):
        answers = []
        for attempt in range(3):
            if flushed and number == 0 and attempt == 1:
                await ctx.redis.flushall()
            answers.append(await one.post(ALL, WANT, key=f"k-{number}"))
        assert len({(each.status, str(each.body)) for each in answers}) == 1
        return answers[-1]

    got = await asyncio.gather(*(insist(n, one) for n, one in enumerate(crowd)))
    assert Counter(each.status for each in got) == {201: 3, 409: 5}
    assert (await check_all_settled(ctx)).left == 0


async def test_the_same_key_again_leaves_and_answers_once(ctx, me):
    _, one = await offered(ctx, me)
    for deed in ("acceptance", "cancellation"):
        first = await me.post(f"{one}/{deed}", key="k-1")
        again = await me.post(f"{one}/{deed}", key="k-1")
        assert (first.status, first.body) == (again.status, again.body)
        assert again.headers["Idempotency-Replayed"] == "true"
    assert (await check_all_settled(ctx)).left == 1


async def test_the_last_seat_by_offer_and_by_sign_up_over_http(ctx, http, me):
    await course(ctx, seats=1)
    first = await me.post(ALL, WANT)
    await is_(ctx, "waiter", MIGRANT)
    await sign(ctx, "waiter", or_wait=True)
    late = await http.sign_in("w-2")
    await asyncio.gather(
        me.post(f"{ALL}/{first.body['id']}/cancellation"),
        late.post(ALL, WANT),
        offers.offer_free_seats(ctx),
        ctx.redis.flushall(),
    )
    run = await check_all_settled(ctx)
    assert [held.worker_id for held in run.holders] == ["worker_waiter"]
