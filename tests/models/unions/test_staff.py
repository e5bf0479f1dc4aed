"""Staff: found by openid, read anew for every call, bound to their stations."""

from datetime import date

import pytest

from models.unions import staff
from models.unions.staff import NotStaff, Role, RoleMissing, Staff
from models.workers import sessions
from models.workers.tokens import Port
from tests.models.workers.people import actor_of, arrive


async def put(ctx, id_="staff_lu", *, openid="o-17", **given):
    about = {
        "name": "陆示例",
        "unit_id": "unit_zone",
        "station_ids": ["station_park"],
        "roles": [Role.STATION_CLERK],
    }
    return await staff.put_staff(ctx, id_=id_, openid=openid, **about | given)


async def test_a_staff_member_signs_in_at_the_stations_port(ctx):
    lu = await put(ctx)
    entered = await staff.sign_in(ctx, "w-17")
    assert entered.staff == lu
    by = await sessions.admit(ctx, entered.tokens.access_token, port=Port.STATION)
    assert await staff.who(ctx, by=by) == lu


async def test_one_person_may_be_worker_and_staff(ctx):
    await put(ctx)
    as_staff = await staff.sign_in(ctx, "w-17-a")
    as_worker = await arrive(ctx, "17")
    assert as_worker.worker.id != as_staff.staff.id
    assert actor_of(ctx, as_worker.tokens).id == as_worker.worker.id


@pytest.mark.parametrize(
    "given",
    [
        {"openid": "o-18"},
        {"active": False},
        {"valid_from": date(2026, 11, 24)},
        {"valid_to": date(2026, 11, 23)},
    ],
)
async def test_who_does_not_work_for_us_today_is_refused(ctx, given):
    await put(ctx, **given)
    with pytest.raises(NotStaff):
        await staff.sign_in(ctx, "w-17")


async def test_a_service_ends_with_the_day_before_valid_to(ctx, clock):
    await put(ctx, valid_from=date(2026, 11, 23), valid_to=date(2026, 11, 24))
    by = actor_of(ctx, (await staff.sign_in(ctx, "w-17")).tokens)
    await staff.who(ctx, by=by)
    clock.put(clock.now().replace(hour=16))
    with pytest.raises(NotStaff):
        await staff.who(ctx, by=by)


async def test_what_is_taken_away_is_gone_with_the_next_call(ctx):
    await put(ctx)
    by = actor_of(ctx, (await staff.sign_in(ctx, "w-17")).tokens)
    (await staff.who(ctx, by=by)).require(Role.STATION_CLERK)
    await put(ctx, roles=[Role.ON_CALL], station_ids=[])
    now = await staff.who(ctx, by=by)
    assert not now.may_serve("station_park")
    with pytest.raises(RoleMissing):
        now.require(Role.STATION_CLERK)
    await put(ctx, active=False)
    with pytest.raises(NotStaff):
        await staff.who(ctx, by=by)
    assert await staff.openid_of(ctx, "staff_lu") is None


async def test_loading_the_same_again_changes_nothing_not_even_a_seal(ctx):
    first = await put(ctx)
    again = await put(ctx)
    assert first == again == await Staff.find(ctx, _id="staff_lu")
    changed = await put(ctx, name="陆新名", openid="o-19")
    assert ctx.secrets.open(changed.name) == "陆新名"
    assert await staff.openid_of(ctx, "staff_lu") == "o-19"
    assert changed == await Staff.find(ctx, _id="staff_lu")


async def test_name_and_openid_are_sealed_and_not_in_a_repr(ctx):
    lu = await put(ctx)
    (row,) = await Staff.shelf(ctx).find().to_list()
    assert "陆示例" not in str(row)
    assert "o-17" not in str(row)
    assert repr(lu) == "<Staff staff_lu>"
    assert lu.masked_name(ctx) == "陆*例"


async def test_who_serves_where_in_which_role(ctx):
    await put(ctx, "staff_b", openid="o-2")
    await put(ctx, "staff_a", openid="o-1", station_ids=["station_park", "station_x"])
    await put(ctx, "staff_c", openid="o-3", station_ids=["station_x"])
    await put(ctx, "staff_d", openid="o-4", active=False)
    await put(ctx, "staff_e", openid="o-5", roles=[Role.ON_CALL])
    found = await staff.serving(ctx, role=Role.STATION_CLERK, station_id="station_park")
    assert [each.id for each in found] == ["staff_a", "staff_b"]
    anywhere = await staff.serving(ctx, role=Role.ON_CALL)
    assert [each.id for each in anywhere] == ["staff_e"]
