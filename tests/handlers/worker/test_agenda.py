"""My agenda shows what takes my time, and nobody else's."""

from tests.models.trainings.courses import START, course


async def test_my_agenda_lists_my_hours(ctx, http):
    await course(ctx)
    me, other = await http.sign_in("w-1"), await http.sign_in("w-2")
    made = await me.post("/worker/v1/enrolments", {"session_id": "session_one"})
    answer = await me.get("/worker/v1/me/agenda")
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {
                "ref": made.body["id"],
                "kind": "training",
                "title": "示例：one",
                "starts_at": START.isoformat().replace("+00:00", "Z"),
                "ends_at": made.body["ends_at"],
                "binding": True,
            }
        ],
        "next": None,
    }
    empty = await other.get("/worker/v1/me/agenda")
    assert empty.body == {"items": [], "next": None}


async def test_nobody_has_no_agenda(http):
    answer = await http.get("/worker/v1/me/agenda")
    assert (answer.status, answer.code) == (401, "not_signed_in")
