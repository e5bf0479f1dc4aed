"""The audit at the console: by name, by deed and by day, on its way out, and whole."""

import pytest

from models.unions.permissions import Permission
from tests.console import sheets
from tests.models.unions import people

CITY, ZONE, FIRM = "unit_city", "unit_east", "unit_east_firm"


@pytest.fixture
def auditor(run, office, clock):
    """An auditor of the zone, in which its administrator and the city's did things."""

    async def furnish():
        song = await people.official(
            office.ctx, "song", unit=ZONE, permissions=[Permission.AUDIT]
        )
        made = {}
        for name, unit in (("gao", CITY), ("lin", ZONE)):
            made[name] = await people.administrator(office.ctx, name, unit=unit)
        city, zone = [
            office.http.as_(await people.token(office.ctx, who))
            for who in made.values()
        ]
        account = {"unit_id": FIRM, "name": "钱示例", "login": "qian.shili"}
        opened = await zone.post("/union/v1/accounts", account)
        given = {"account_id": opened.body["account"]["id"], "unit_id": FIRM}
        await zone.post("/union/v1/grants", given | {"role": "verifier"})
        name = {"name": "示例·东区快递业工会"}
        await city.patch(f"/union/v1/units/{FIRM}", name)
        return song

    return run(furnish())


async def test_who_did_what_is_read_by_name_narrowed_and_taken_along(
    office, auditor, tmp_path
):
    desk = await office.desk(auditor)
    page = await desk.open("/audit")
    table = page.get_by_role("table")
    await table.get_by_role("button", name="组织：示例·东区快递业工会").wait_for()
    opened = page.get_by_role("row", name="开通账号")
    await opened.get_by_text("王*例").wait_for()
    await opened.get_by_text("工作人员：钱*例").wait_for()
    renamed = page.get_by_role("row", name="组织改名")
    await renamed.get_by_text("本级以外的人员").wait_for()
    await desk.reads_well()

    await page.get_by_role("button", name="近7天").click()
    await page.get_by_role("combobox", name="做了什么").click(force=True)
    await page.get_by_role("option", name="授权", exact=True).click()
    await page.get_by_text("已显示1条").wait_for()
    await page.get_by_role("row", name="授权：钱*例").wait_for()
    assert "what=grants.give" in page.url
    assert "from=2026-11-" in page.url
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="导出").click()
    file = await coming.value
    assert file.suggested_filename.startswith("审计日志_")
    await file.save_as(tmp_path / "audit.xlsx")
    head, row = sheets.rows(tmp_path / "audit.xlsx")
    assert head[1:5] == ["谁", "代表", "做了什么", "对什么"]
    assert row[1:5] == ["王*例", "—", "授权", "授权：钱*例"]

    await page.reload()
    await page.get_by_text("已显示1条").wait_for()
    await page.get_by_role("button", name="重置").click()
    await page.get_by_text("已显示3条").wait_for()
    await renamed.get_by_role("button", name="本级以外的人员").click()
    await page.get_by_text("已显示1条").wait_for()
    assert (
        await page.get_by_role("textbox", name="人员编号").input_value() == "staff_gao"
    )
    await page.get_by_role("textbox", name="对象编号").fill("unit_nowhere")
    await page.get_by_role("textbox", name="对象编号").press("Enter")
    await page.get_by_text("这些条件下没有记录").wait_for()


async def test_the_chain_is_walked_and_a_changed_link_is_named(office, auditor, clock):
    clock.put(clock.now().replace(minute=1))
    desk = await office.desk(auditor)
    page = await desk.open("/audit")
    await page.get_by_role("button", name="核对审计链").click()
    await page.get_by_text("审计链完整，共核对3条").wait_for()
    await desk.reads_well()
    changed = {"$set": {"reason": "改"}}
    await office.ctx.db["audit"].update_one({"seq": 2}, changed)
    await page.get_by_role("button", name="核对审计链").click()
    await page.get_by_text("审计链在第2条处断开，请立即报告上级工会。").wait_for()
