"""What a person allowed WeChat to show, reported by the client and by WeChat."""

import msgspec
import pytest

from app.settings import Settings

TEMPLATES = {
    "booking_reminder": "template-1",
    "seat_offered": "template-2",
    "training_reminder": "template-3",
    "enrolment_made": "template-4",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, wechat_templates=TEMPLATES)


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


def left(answer, kind):
    return next(item["left"] for item in answer.body["items"] if item["kind"] == kind)


async def report(me, results, tap_id="tap-1"):
    return await me.post(
        "/worker/v1/me/subscriptions", {"results": results, "tap_id": tap_id}
    )


async def test_what_was_accepted_counts_and_the_rest_does_not(me):
    answer = await report(me, {"booking_reminder": "accept", "seat_offered": "reject"})
    assert answer.status == 200
    assert left(answer, "booking_reminder") == 1
    assert left(answer, "seat_offered") == 0


async def test_the_same_tap_counts_once(me):
    await report(me, {"booking_reminder": "accept"})
    answer = await report(me, {"booking_reminder": "accept"})
    assert left(answer, "booking_reminder") == 1


async def test_at_most_three_are_worth_asking_for_the_scarcest_first(me):
    for tap in range(3):
        await report(me, {"booking_reminder": "accept"}, f"tap-{tap}")
    answer = await me.get("/worker/v1/me/subscriptions")
    assert sorted(answer.body["ask"]) == ["template-2", "template-3", "template-4"]


@pytest.mark.parametrize(
    "body",
    [
        {"results": {}, "tap_id": "t"},
        {"results": {"booking_reminder": "yes"}, "tap_id": "t"},
        {"results": {"other": "accept"}, "tap_id": "t"},
        {"results": {"booking_reminder": "accept"}, "tap_id": ""},
        {"results": {"booking_reminder": "accept"}},
    ],
)
async def test_a_report_that_makes_no_sense_is_refused(me, body):
    answer = await me.post("/worker/v1/me/subscriptions", body)
    assert (answer.status, answer.code) == (422, "invalid")
