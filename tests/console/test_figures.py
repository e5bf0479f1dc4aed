"""The figures on the screen are the API's, and an export holds what the table shows."""

import pytest

from models.stations import visits
from models.stations.visits import Kind, Visitor
from models.unions.permissions import Permission
from tests.console import sheets
from tests.models.stations import people, places
from tests.models.unions import people as union

EAST = "/unit_city/unit_east/"
CAME = {"park": 12, "lake": 30}


@pytest.fixture
def leader(run, office):
    """A leader of the east, with two stations to which people came today."""

    async def furnish():
        here = [places.station(slug, org_path=EAST) for slug in CAME]
        await places.put(office.ctx, *here)
        lu = await people.clerk(office.ctx, stations=tuple(CAME))
        for slug, heads in CAME.items():
            said = Visitor(kind=Kind.COUNT_ONLY, people=heads)
            await visits.register(office.ctx, f"station_{slug}", said, by=lu)
        grants = (Permission.STATISTICS,)
        return await union.official(office.ctx, "wang", permissions=grants)

    return run(furnish())


async def test_the_board_says_what_the_api_says(office, leader, tmp_path):
    desk = await office.desk(leader)
    page = await desk.open("/figures")
    http = office.http.as_(await union.token(office.ctx, leader))
    answer = await http.get("/union/v1/stats/overview?from=2026-10-25&to=2026-11-23")
    card = page.locator("dl > div").filter(has_text="服务人次").locator("dd")
    assert await card.inner_text() == str(answer.body["visits"]) == "42"
    services = page.get_by_role("region", name="各项服务")
    await services.locator("canvas").wait_for()
    await services.get_by_role("row", name="其他 42").wait_for()
    await desk.reads_well()

    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="导出", exact=True).click()
    file = await waiting.value
    assert file.suggested_filename.startswith("驿站数据_20261123")
    await file.save_as(tmp_path / "stations.xlsx")
    _, *kept = sheets.rows(tmp_path / "stations.xlsx")
    shown = await page.locator(".el-table__body tr").all()
    cells = [await each.locator("td").all_inner_texts() for each in shown]
    assert kept == [[cell.strip() for cell in row[1:]] for row in cells]  # [0] ticks
    assert {row[0]: row[1] for row in kept} == {
        f"示例·{slug}驿站": str(heads) for slug, heads in CAME.items()
    }


async def test_a_station_tells_no_small_groups_and_keeps_the_span(office, leader):
    desk = await office.desk(leader)
    page = await desk.open("/figures")
    await page.get_by_role("button", name="本年").click()
    await page.get_by_role("link", name="示例·park驿站").click()
    await page.get_by_role("heading", name="示例·park驿站", level=1).wait_for()
    assert "from=2026-01-01" in page.url
    await page.get_by_role("row", name="农民工 少于10人不显示").wait_for()
    await desk.reads_well()
