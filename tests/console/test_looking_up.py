"""Looking somebody or something up at the console, and never by an address."""

import pytest

from models.unions.permissions import Permission
from tests.models.stations import places
from tests.models.unions import people

ZONE, FIRM = "unit_east", "unit_east_firm"
HINT = "完整姓名、登录名或编号"


@pytest.fixture
def qian(run, office):
    """An account of the firm's, opened by the zone's administrator; its id."""

    async def furnish():
        lin = await people.administrator(office.ctx, "lin", unit=ZONE)
        zone = office.http.as_(await people.token(office.ctx, lin))
        account = {"unit_id": FIRM, "name": "钱示例", "login": "qian.shili"}
        opened = await zone.post("/union/v1/accounts", account)
        return opened.body["account"]["id"]

    return run(furnish())


async def test_somebody_is_found_by_name_and_the_name_stays_nowhere(office, qian):
    gao = await people.administrator(office.ctx, "gao", unit=ZONE)
    desk = await office.desk(gao)
    page = await desk.open("/unions/accounts")
    field = page.get_by_label(HINT)
    await field.fill("钱示")
    await field.press("Enter")
    await page.get_by_text("没有找到：可能姓名不完整").wait_for()
    await field.fill("钱示例")
    await field.press("Enter")
    await page.get_by_role("button", name="打开").wait_for()
    await desk.reads_well()
    assert "钱" not in page.url
    await page.get_by_role("button", name="打开").click()
    await page.get_by_role("heading", name="钱*例").wait_for()
    assert page.url.endswith(qian)


async def test_the_audit_is_narrowed_to_somebody_found_by_name(office, qian):
    both = [Permission.AUDIT, Permission.STAFF]
    song = await people.official(office.ctx, "song", unit=ZONE, permissions=both)
    desk = await office.desk(song)
    page = await desk.open("/audit")
    box = page.get_by_role("combobox", name="谁", exact=True)
    await box.fill("无此人")
    await page.get_by_text(f"没有找到：请输入{HINT}").wait_for()
    await box.fill("qian.shili")
    offered = page.get_by_role("option", name="钱*例")
    await offered.wait_for()
    await desk.reads_well()
    await offered.click()
    await page.get_by_text("这些条件下没有记录").wait_for()
    assert f"who={qian}" in page.url
    await page.reload()
    await page.get_by_text("这些条件下没有记录").wait_for()
    await page.get_by_role("search").get_by_text("钱*例").wait_for()
    await page.get_by_role("button", name="重置").click()
    await page.get_by_role("row", name="开通账号").wait_for()


async def test_a_station_is_found_by_a_part_of_its_name(office):
    keeper = await people.official(
        office.ctx, "keeper", unit=ZONE, permissions=[Permission.STATIONS]
    )
    zone = {"org_path": f"/unit_city/{ZONE}/", "unit_id": ZONE}
    await places.put(office.ctx, places.station(**zone), places.station("lake", **zone))
    desk = await office.desk(keeper)
    page = await desk.open("/stations")
    await page.get_by_text("已显示2条").wait_for()
    field = page.get_by_label("名称或地址")
    await field.fill("LAKE")
    await field.press("Enter")
    await page.get_by_text("已显示1条").wait_for()
    await page.get_by_role("link", name="示例·lake驿站").wait_for()
    await field.fill("没有的驿站")
    await field.press("Enter")
    await page.get_by_text("没有符合条件的驿站").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="重置").click()
    await page.get_by_text("已显示2条").wait_for()
