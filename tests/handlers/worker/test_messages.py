"""The inbox and the allowances of cards, as the mini-program meets them."""

import pytest

from models.messages import inbox
from models.messages.kinds import Kind

VALUES = {"programme": "电工班", "position": 2}


@pytest.fixture
def me(run, http):
    return run(http.sign_in("w-1"))


@pytest.fixture
def my_id(run, me):
    return run(me.get("/worker/v1/me")).body["id"]


async def tell(ctx, worker_id, cause):
    await inbox.tell(
        ctx, worker_id, Kind.WAITLIST_JOINED, VALUES, ref="enrolment_1", cause=cause
    )


async def test_a_message_is_shown_read_and_counted(ctx, me, my_id):
    await tell(ctx, my_id, "event_1")
    page = await me.get("/worker/v1/me/messages")
    (message,) = page.body["items"]
    assert message == {
        "id": message["id"],
        "kind": "waitlist_joined",
        "title": "已加入候补",
        "text": "“电工班”目前满员，您已排入候补第2位。有名额时会为您保留并通知您。",
        "ref": "enrolment_1",
        "at": "2026-11-23T02:00:00Z",
        "is_read": False,
    }
    assert (await me.get("/worker/v1/me/messages/unread")).body == {"unread": 1}
    read = await me.put(f"/worker/v1/me/messages/{message['id']}/reading")
    assert read.status == 204
    assert (await me.get("/worker/v1/me/messages/unread")).body == {"unread": 0}


async def test_everything_is_read_at_once(ctx, me, my_id):
    await tell(ctx, my_id, "event_1")
    await tell(ctx, my_id, "event_2")
    assert (await me.put("/worker/v1/me/messages/reading")).status == 204
    assert (await me.get("/worker/v1/me/messages/unread")).body == {"unread": 0}


async def test_pages_go_on(ctx, me, my_id):
    for number in range(3):
        await tell(ctx, my_id, f"event_{number}")
    first = (await me.get("/worker/v1/me/messages?limit=2")).body
    second = (await me.get(f"/worker/v1/me/messages?cursor={first['next']}")).body
    assert len(first["items"]) == 2
    assert len(second["items"]) == 1
    assert second["next"] is None


async def test_a_cursor_of_ones_own_making_is_refused(me):
    answer = await me.get("/worker/v1/me/messages?cursor=eyIkZ3QiOiIifQ")
    assert (answer.status, answer.code) == (422, "bad_cursor")


async def test_anothers_message_is_not_there(ctx, http, me, my_id):
    await tell(ctx, my_id, "event_1")
    (message,) = (await me.get("/worker/v1/me/messages")).body["items"]
    other = await http.sign_in("w-2")
    assert (await other.get("/worker/v1/me/messages")).body["items"] == []
    answer = await other.put(f"/worker/v1/me/messages/{message['id']}/reading")
    assert (answer.status, answer.code) == (404, "no_such_message")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/worker/v1/me/messages"),
        ("GET", "/worker/v1/me/messages/unread"),
        ("PUT", "/worker/v1/me/messages/reading"),
        ("PUT", "/worker/v1/me/messages/message_1/reading"),
        ("GET", "/worker/v1/me/subscriptions"),
        ("POST", "/worker/v1/me/subscriptions"),
    ],
)
async def test_nobody_reads_without_signing_in(http, method, path):
    answer = await http.call(method, path)
    assert (answer.status, answer.code) == (401, "not_signed_in")
