"""Writing visits down over HTTP: no number comes back, keys and event ids hold."""

import pytest

from models.stations.ledger import CheckIn
from tests.models.stations import people, places

PATH = "/station/v1/stations/station_park/visits"
IMPORT = "/station/v1/visits/import"


@pytest.fixture
def lu(ctx, http, run):
    """A clerk of the park, signed in."""

    async def furnish():
        await places.put(ctx)
        return http.as_(await people.token(ctx, await people.clerk(ctx)))

    return run(furnish())


async def test_a_stranger_is_written_down_without_the_number(ctx, lu):
    body = {"kind": "by_phone_number", "number": "13800001234"}
    answer = await lu.post(PATH, body)
    assert answer.status == 201
    assert answer.body == {
        "id": answer.body["id"],
        "name": None,
        "booking_id": None,
        "service": None,
        "way": "by_phone_number",
        "people": 1,
        "server_time": "2026-11-23T02:00:00Z",
        "undoes": None,
    }
    again = await lu.post(PATH, body)
    assert (again.status, again.code) == (409, "already_in")
    wrong = await lu.post(PATH, {"kind": "by_id_number", "number": "13800001234"})
    assert (wrong.status, wrong.code) == (422, "number_not_usable")
    assert "1380000" not in str(wrong.body)


async def test_heads_are_counted_once_a_key(ctx, lu):
    body = {"kind": "count_only", "people": 12, "service": "hot_water"}
    first, again = [await lu.post(PATH, body, key="k1") for _ in range(2)]
    assert (first.status, again.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await CheckIn.shelf(ctx).count_documents({}) == 1
    for wrong in ({"people": 0}, {"people": 201}, {"service": "casino"}, {"x": 1}):
        answer = await lu.post(PATH, body | wrong)
        assert (answer.status, answer.code) == (422, "invalid")


async def test_a_list_is_answered_row_by_row(ctx, lu):
    rows = [
        {"event_id": "1", "kind": "count_only", "people": 3},
        {"event_id": "1", "kind": "count_only", "people": 3},
        {"event_id": "2", "kind": "by_phone_number", "number": "1"},
    ]
    answer = await lu.post(IMPORT, {"station_id": "station_park", "rows": rows})
    assert answer.status == 200
    assert answer.body == {
        "counted": 1,
        "known": 1,
        "refused": 1,
        "items": [
            {"event_id": "1", "outcome": "counted", "code": None, "message": None},
            {"event_id": "1", "outcome": "known", "code": None, "message": None},
            {
                "event_id": "2",
                "outcome": "refused",
                "code": "number_not_usable",
                "message": "号码有误，请核对后重新输入，或只登记人数。",
            },
        ],
    }


async def test_a_list_has_500_rows_at_most(ctx, lu):
    rows = [{"event_id": f"e{n}", "kind": "count_only"} for n in range(501)]
    too_many = await lu.post(IMPORT, {"station_id": "station_park", "rows": rows})
    assert (too_many.status, too_many.code) == (422, "invalid")
    full = await lu.post(IMPORT, {"station_id": "station_park", "rows": rows[:500]})
    assert full.body["counted"] == 500
    none = await lu.post(IMPORT, {"station_id": "station_park", "rows": []})
    assert none.status == 422


async def test_other_stations_clerks_are_told_nothing(ctx, http, lu):
    fan = await people.clerk(ctx, "fan", stations=("lake",))
    client = http.as_(await people.token(ctx, fan))
    answer = await client.post(PATH, {"kind": "count_only"})
    assert (answer.status, answer.code) == (404, "no_such_station")
    rows = [{"event_id": "1", "kind": "count_only"}]
    answer = await client.post(IMPORT, {"station_id": "station_park", "rows": rows})
    assert (answer.status, answer.code) == (404, "no_such_station")
