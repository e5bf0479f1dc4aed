"""A stranger falls; nobody answers for two minutes; then everything goes right."""

import pytest

STATION = "station_science_park"
CALL = f"/worker/v1/stations/{STATION}/first-aid"
TAP = {"kind": "unconscious", "for_self": False, "tap_id": "tap-0123456789abcdef"}


@pytest.fixture
def staff(run, story):
    """The clerk, a second clerk, the zone's desk, and a clerk of another station."""
    numbers = {"lu": 3, "song": 4, "gao": 1, "elsewhere": 12}
    return {
        name: run(story.http.sign_in(f"w-staff{number}", port="station"))
        for name, number in numbers.items()
    }


async def rung(client):
    """Return the open alarms somebody sees, with their level."""
    page = (await client.get("/station/v1/first-aid?state=open")).body
    return [(alarm["level"], alarm["state"]) for alarm in page["items"]]


async def levels_told(story):
    """Return the rungs that were recorded, each as often as it was."""
    rows = story.house.ctx.db["events"].find({"kind": "FirstAidEscalated"})
    return sorted([row["data"]["level"] async for row in rows])


async def call(story):
    """Two taps of one hand: one alarm, 120 and the AED first."""
    called = await story.http.post(CALL, TAP)
    assert called.status == 201
    assert "120" in called.body["call_120"]
    assert called.body["aed"]["text"]
    assert called.body["alert"]["responders"]
    again = await story.http.post(CALL, TAP)
    assert (again.status, again.body["alert"]["id"]) == (
        200,
        called.body["alert"]["id"],
    )
    return called.body


async def nobody_answers(story, staff):
    """The ladder climbs at 60 and at 120 seconds, each rung once."""
    assert await rung(staff["lu"]) == [(1, "called")]
    assert await rung(staff["gao"]) == [(1, "called")]
    await story.later(seconds=59)
    await story.tick()
    assert await levels_told(story) == []
    await story.later(seconds=1)
    for _ in range(3):
        await story.tick()
    assert await levels_told(story) == [2]
    await story.later(seconds=60)
    for _ in range(3):
        await story.tick()
    assert await levels_told(story) == [2, 3]
    assert await rung(staff["gao"]) == [(3, "called")]


async def one_comes(story, staff, alert_id):
    """The first answer wins; the second is told who goes."""
    path = f"/station/v1/first-aid/{alert_id}"
    first = await staff["lu"].post(f"{path}/acknowledgement")
    assert first.status == 200
    second = await staff["song"].post(f"{path}/acknowledgement")
    assert (second.status, second.code) == (409, "alert_moved")
    assert second.body["details"]["state"] == "acknowledged"
    assert (await staff["lu"].post(f"{path}/arrival")).status == 200
    closed = await staff["lu"].post(f"{path}/closing", {"outcome": "handed_to_120"})
    assert (closed.status, closed.body["state"]) == (200, "closed")


async def the_stranger_looks(story, called, state):
    """Who called may look with the token, nobody else."""
    path = f"/worker/v1/first-aid/{called['alert']['id']}"
    mine = await story.http.get(
        path, headers={"Follow-Up-Token": called["follow_up_token"]}
    )
    assert (mine.status, mine.body["state"]) == (200, state)
    assert (await story.http.get(path)).status == 404


async def test_an_alarm_through_the_whole_ladder(story, staff):
    called = await call(story)
    alert_id = called["alert"]["id"]
    foreign = await staff["elsewhere"].get(f"/station/v1/first-aid/{alert_id}")
    assert foreign.status == 404
    await nobody_answers(story, staff)
    await the_stranger_looks(story, called, "called")
    await one_comes(story, staff, alert_id)
    await the_stranger_looks(story, called, "closed")
    await story.later(minutes=10)
    await story.tick()
    assert await levels_told(story) == [2, 3]


async def test_at_night_with_nobody_on_duty_the_next_rung_is_called_at_once(story):
    me = await story.http.sign_in("w-1")
    await story.at("11-24 03:00")
    called = await me.post(CALL, TAP | {"tap_id": "tap-another-0123456789"})
    assert called.status == 201
    assert called.body["alert"]["level"] == 2
