"""A list as somebody wants it: only what is ticked goes out, and widths are kept."""

from datetime import timedelta

import pytest

from models.unions.permissions import Permission
from tests.console import sheets
from tests.models.policies import papers
from tests.models.unions import people


@pytest.fixture
def desk(run, office):
    """A browser of somebody who has three lines of the audit before them."""

    async def furnish():
        song = await people.official(
            office.ctx, "song", permissions=[Permission.AUDIT, Permission.UNITS]
        )
        song_at = office.http.as_(await people.token(office.ctx, song))
        for name in ("甲", "乙", "丙"):
            renamed = {"name": f"示例·东区{name}工会"}
            await song_at.patch("/union/v1/units/unit_east_firm", renamed)
        return await office.desk(song)

    return run(furnish())


async def test_only_what_is_ticked_goes_out(desk, tmp_path):
    page = await desk.open("/audit")
    await page.get_by_text("已显示3条").wait_for()
    await page.get_by_role("row").nth(2).get_by_role("checkbox").check()
    await desk.reads_well()
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="导出所选1条").click()
    file = await coming.value
    assert file.suggested_filename.startswith("审计日志_")
    await file.save_as(tmp_path / "ticked.xlsx")
    _, *kept = sheets.rows(tmp_path / "ticked.xlsx")
    assert len(kept) == 1
    await page.get_by_role("checkbox", name="选择已显示的所有行").check()
    await page.get_by_role("button", name="导出所选3条").wait_for()
    await page.get_by_role("button", name="近7天").click()
    await page.get_by_role("button", name="导出所选").wait_for(state="hidden")


async def width_of(page, title):
    box = await page.get_by_role("columnheader", name=title, exact=True).bounding_box()
    return round(box["width"])


async def test_a_column_stays_as_wide_as_it_was_drawn(desk):
    page = await desk.open("/audit")
    await page.get_by_text("已显示3条").wait_for()
    first = await width_of(page, "谁")
    head = page.get_by_role("columnheader", name="谁", exact=True)
    box = await head.bounding_box()
    edge, middle = box["x"] + box["width"] - 2, box["y"] + box["height"] / 2
    await page.mouse.move(edge - 20, middle)
    await page.mouse.move(edge, middle)
    await page.mouse.down()
    await page.mouse.move(edge + 60, middle, steps=4)
    await page.mouse.up()
    assert await width_of(page, "谁") == first + 60
    await page.reload()
    await page.get_by_text("已显示3条").wait_for()
    assert await width_of(page, "谁") == first + 60
    await page.get_by_role("button", name="列", exact=True).click()
    await page.get_by_role("button", name="恢复默认列和列宽").click()
    await page.wait_for_function(
        "() => localStorage.getItem('inn.widths.审计日志') === null"
    )
    await page.reload()
    await page.get_by_text("已显示3条").wait_for()
    assert await width_of(page, "谁") == first


@pytest.fixture
def editors_desk(run, office, clock):
    """A browser of an editor who wrote one policy last week and one today."""

    async def furnish():
        author = await papers.editor(office.ctx)
        clock.forward(timedelta(days=-8))
        await papers.begun(office.ctx, author, papers.content("上周的补贴"))
        clock.forward(timedelta(days=8))
        await papers.begun(office.ctx, author, papers.content("今天的补贴"))
        return await office.desk(author)

    return run(furnish())


async def test_manuscripts_are_narrowed_to_the_days_they_were_changed_on(editors_desk):
    page = await editors_desk.open("/contents")
    await page.get_by_role("link", name="上周的补贴").wait_for()
    await page.get_by_role("button", name="近7天").click()
    await page.get_by_role("link", name="上周的补贴").wait_for(state="hidden")
    await page.get_by_role("link", name="今天的补贴").wait_for()
    await editors_desk.reads_well()
    assert "from=2026-11-17&to=2026-11-23" in page.url
    await page.reload()
    await page.get_by_text("已显示1条").wait_for()
    await page.get_by_role("button", name="重置").click()
    await page.get_by_role("link", name="上周的补贴").wait_for()
