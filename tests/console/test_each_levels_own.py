"""Workers, stations, figures and the audit of three levels: each sees its own."""

import pytest

from models.base import audit
from models.members import affiliations
from models.stations import visits
from models.stations.visits import Kind, Visitor
from models.workers import names
from models.workers.consent_texts import Purpose
from tests.models.stations import people as crew
from tests.models.stations import places
from tests.models.unions import people
from tests.models.workers.people import agree, signed_in

LEVELS = {"city": "unit_city", "zone": "unit_east", "firm": "unit_east_firm"}

PATHS = {
    "unit_city": "/unit_city/",
    "unit_east": "/unit_city/unit_east/",
    "unit_east_firm": "/unit_city/unit_east/unit_east_firm/",
    "unit_west": "/unit_city/unit_west/",
}

CAME = {"unit_city": 80, "unit_east": 40, "unit_east_firm": 20, "unit_west": 10}
"""To the station of each; every sum of them is another."""

WORKERS = {
    "unit_east": "乙示范",
    "unit_east_firm": "丙示范",
    "unit_west": "丁示范",
}

OWN = {
    "city": tuple(PATHS),
    "zone": ("unit_east", "unit_east_firm"),
    "firm": ("unit_east_firm",),
}


@pytest.fixture
def levels(run, office):
    """In four units a station people came to and a deed, below the city workers."""

    async def furnish():
        ctx = office.ctx
        await people.plant(ctx)
        stations = [
            places.station(slug, unit_id=slug, org_path=path)
            for slug, path in PATHS.items()
        ]
        await places.put(ctx, *stations)
        lu = await crew.clerk(ctx, stations=tuple(PATHS))
        for unit, path in PATHS.items():
            said = Visitor(kind=Kind.COUNT_ONLY, people=CAME[unit])
            await visits.register(ctx, f"station_{unit}", said, by=lu)
            deed = {"what": "units.rename", "about": unit, "org_path": path}
            await audit.note(ctx, who="clockwork", **deed)
        for number, (unit, name) in enumerate(WORKERS.items()):
            me = await signed_in(ctx, str(number))
            await agree(ctx, me, Purpose.IDENTITY)
            await affiliations.join(ctx, unit, by=me)
            await names.rename(ctx, name, by=me)
        return {
            level: await people.administrator(ctx, level, unit=unit)
            for level, unit in LEVELS.items()
        }

    return run(furnish())


async def rows(page, heading):
    """Read the first column of a screen's list, behind its ticks, once it is there."""
    await page.get_by_role("heading", name=heading, level=1).wait_for()
    await page.get_by_text("没有更多了").wait_for()
    cells = page.locator(".list .el-table__body tr td:nth-child(2)")
    return set(await cells.all_inner_texts())


@pytest.mark.parametrize("level", LEVELS)
async def test_each_level_sees_what_is_its_own_and_below(office, levels, level):
    own = OWN[level]
    desk = await office.desk(levels[level])
    page = await desk.open("/workers")
    masked = {f"{name[0]}*{name[-1]}" for unit, name in WORKERS.items() if unit in own}
    assert await rows(page, "劳动者") == masked
    stations = {f"示例·{unit}驿站" for unit in own}
    await desk.open("/stations")
    assert await rows(page, "驿站管理") == stations
    await desk.open("/figures")
    card = page.locator("dl > div").filter(has_text="服务人次").locator("dd")
    assert await card.inner_text() == str(sum(CAME[unit] for unit in own))
    assert await rows(page, "数据看板") == stations
    await desk.open("/audit?what=units.rename")
    await page.get_by_role("heading", name="审计日志", level=1).wait_for()
    await page.get_by_text(f"已显示{len(own)}条").wait_for()
    called = {name for id_, name, _, _ in people.TREE if id_ in own}
    things = page.locator(".el-table__body button[title^='只看这个对象']")
    assert set(await things.all_inner_texts()) == {f"组织：{name}" for name in called}
    await desk.reads_well()
