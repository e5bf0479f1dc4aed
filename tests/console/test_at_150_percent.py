"""Every screen of the menu in large type: nothing is cut off, nothing hangs out."""

import pytest

from models.unions.permissions import GrantRole, Permission
from models.unions.staff import Staff
from scripts.demo.__main__ import load
from tests.models.unions import people

SIZE = "localStorage.setItem('inn.size', '{}')"

VIEWS = {
    "the console's own large type": (1.5, {"width": 1280, "height": 800}),
    "the browser's zoom": (1, {"width": 853, "height": 533}),
    "a small screen": (1, {"width": 390, "height": 800}),
}
"""1280 pixels at 150 % are 853 of the page's; who zooms further has a phone's width."""

HANGING_OUT = """() => {
  const page = document.documentElement
  const out = page.scrollWidth - page.clientWidth
  if (out <= 1) return []
  const scrolls = (each) => each.parentElement && (
    /auto|scroll|hidden/.test(getComputedStyle(each.parentElement).overflowX)
    || scrolls(each.parentElement))
  const edge = page.getBoundingClientRect().right
  const widest = [...document.querySelectorAll('body *')].filter(
    (each) => each.getBoundingClientRect().right > edge + 1 && !scrolls(each))
  return [`${out}px`, ...widest.slice(-3).map((each) => each.outerHTML.slice(0, 160))]
}"""
"""By how much the page is wider than the window, and what makes it so."""

WHERE_THEY_LEAD = """links => links.slice(1).map(
  (each) => [each.getAttribute('href').slice(1), each.textContent])"""
"""All links of the menu but its own name."""

IS_SHOWN = """(title) => document.title.startsWith(title)
  && document.querySelector('main h1, main h2')
  && !document.querySelector('[aria-label="正在加载"]')"""
"""It is this screen, and it has what it asked for."""


@pytest.fixture
def boss(run, office):
    """Somebody of the demo who serves at its stations and may do everything."""

    async def furnish():
        await load(office.ctx)
        boss = await Staff.get(office.ctx, "staff_zone_desk_gao")
        await people.grant(
            office.ctx,
            boss.id,
            unit="unit_zhengzhou",
            permissions=list(Permission),
            role=GrantRole.ADMINISTRATOR,
        )
        return boss

    return run(furnish())


@pytest.mark.parametrize("view", VIEWS)
async def test_no_screen_of_the_menu_hangs_out_of_the_window(office, boss, view):
    size, viewport = VIEWS[view]
    desk = await office.desk(boss, viewport=viewport)
    await desk.page.context.add_init_script(SIZE.format(size))
    page = await desk.open("/")
    links = page.locator("nav a")
    await links.get_by_text("审核", exact=True).wait_for(state="attached")
    screens = dict(await links.evaluate_all(WHERE_THEY_LEAD))
    assert {"/contents", "/reviewing", "/trainings", "/unions", "/audit"} <= set(
        screens
    )
    found = {}
    for path, title in {**screens, "/me": "我的账号", "/messages": "消息"}.items():
        await desk.open(path)
        await page.wait_for_function(IS_SHOWN, arg=title)
        if out := await page.evaluate(HANGING_OUT):
            found[path] = out
    assert not found, found
