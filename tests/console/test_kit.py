"""A clerk's small rooms: the kit and its books, seats and water, the door's code."""

import pytest

from models.stations import lapses, walk_ins
from models.stations.drop_in_services import DropIn, DropInKind
from models.stations.hours import parse
from models.unions.permissions import Permission
from tests.models.stations import people, places
from tests.models.stations.places import DAILY, VEHICLE, at, somebody
from tests.models.unions.people import official

EAST = "/unit_city/unit_east/"


@pytest.fixture
def lu(run, office, clock):
    """The browser of a clerk whose station has water and two seats."""

    async def furnish():
        clock.put(at("10:30"))
        drop_ins = DropIn(kind=DropInKind.WATER), DropIn(kind=DropInKind.REST, seats=2)
        staffed = parse(DAILY | {"attended": DAILY["weekly"]})
        here = places.station(
            org_path=EAST, unit_id="unit_east", drop_ins=drop_ins, hours=staffed
        )
        await places.put(office.ctx, here)
        return await office.desk(await people.clerk(office.ctx))

    return run(furnish())


async def fill(page, title, **fields):
    sheet = page.get_by_role("dialog", name=title)
    for label, value in fields.items():
        await sheet.get_by_label(label, exact=True).fill(value)
    await sheet.get_by_role("button", name="登记").click()
    await sheet.wait_for(state="hidden")


async def test_kit_comes_in_goes_out_is_counted_and_the_books_agree(office, lu):
    page = await lu.open("/desk/kit")
    await page.get_by_role("button", name="入库").click()
    await lu.reads_well()
    received = {"物资": "纱布", "批号": "B1", "到期日": "2027-11-01", "数量": "10"}
    await fill(page, "入库", **received)
    row = page.get_by_role("row", name="B1")
    await row.get_by_role("button", name="领用").click()
    await fill(page, "领用", 数量="3")
    await row.get_by_role("cell", name="7", exact=True).wait_for()
    await row.get_by_role("button", name="盘点").click()
    await fill(page, "盘点", 实际数到="6", 原因="月末盘点")
    await row.get_by_role("cell", name="6", exact=True).wait_for()
    await page.get_by_role("button", name="设最少数量").click()
    await fill(page, "设最少数量", 物资="纱布", 最少应有="8")
    await page.get_by_role("button", name="核对账目").click()
    await page.get_by_text("账实一致：1批").wait_for()
    await lu.reads_well()
    await page.get_by_role("tab", name="最少数量").click()
    await page.get_by_text("数量不足").wait_for()
    await page.get_by_role("tab", name="出入流水").click()
    await page.get_by_role("row", name="月末盘点").wait_for()
    await lu.reads_well()
    who = await official(office.ctx, "wang", permissions=[Permission.STATIONS])
    seen = await (await office.desk(who)).open("/stations/station_park?tab=kit")
    await seen.get_by_role("row", name="B1").wait_for()
    await seen.get_by_role("button", name="核对账目").click()
    await seen.get_by_text("账实一致：1批").wait_for()


async def test_cups_are_counted_and_seats_given_and_free_again(lu):
    page = await lu.open("/desk/comfort")
    await page.get_by_label("杯数").fill("5")
    await page.get_by_role("button", name="登记", exact=True).click()
    await page.get_by_text("今天共5杯").wait_for()
    await page.get_by_role("button", name="安排一位").click()
    await page.get_by_text("在座1人，空1座").wait_for()
    await lu.reads_well()
    await page.get_by_role("button", name="已离开").click()
    await page.get_by_text("在座0人，空2座").wait_for()


async def test_power_is_cut_when_it_is_due_and_that_is_confirmed(office, lu, clock):
    session = await walk_ins.walk_in(
        office.ctx, "station_park", VEHICLE, 2, by=somebody()
    )
    clock.put(session.end + lapses.OVERSTAY)
    page = await lu.open("/desk/cut-offs")
    await lu.page.clock.set_fixed_time(clock.now())
    await lu.reads_well()
    await page.get_by_role("button", name="已断电").click()
    await page.get_by_text("现在没有要断电的位置").wait_for()


async def test_the_doors_code_is_shown_large_and_changes(lu):
    page = await lu.open("/desk/code")
    code = page.get_by_alt_text("到站二维码")
    await code.wait_for()
    assert await code.evaluate("(shown) => shown.naturalWidth > 0")
    await lu.reads_well()
