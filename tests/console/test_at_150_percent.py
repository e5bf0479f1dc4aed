"""Every screen, what it opens and what drops down in large type: nothing is cut off."""

import pytest
from playwright.async_api import expect

from models.policies.manuscripts import Manuscript
from models.stations import first_aid
from models.stations.first_aid import Call
from models.stations.first_aid_alerts import Alert
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

WIDEST_AND_NARROWEST = ["the console's own large type", "a small screen"]

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


STATION, SESSION = "station_science_park", "session_degree_dream_2027_spring"
TABS = ("about", "hours", "closing", "services", "disruptions", "rota", "kit")

DETAILS = (
    "/reviewing/policies/policy_zz_employment_hardship_recognition/editions",
    "/stations/new",
    *(f"/stations/{STATION}?tab={tab}" for tab in TABS),
    f"/figures/stations/{STATION}",
    "/trainings/new",
    "/trainings/programme_degree_dream",
    f"/trainings/sessions/{SESSION}",
    f"/trainings/sessions/{SESSION}/code",
    "/unions/accounts/staff_city_admin_zheng",
    "/workers/people/worker_rider_li",
)

DIALOGS = (
    ("/contents", "新建稿件"),
    ("/desk", "无手机登记"),
    ("/unions", "设立下级组织"),
    ("/unions/accounts", "开通账号"),
    ("/unions/accounts/staff_city_admin_zheng", "授权"),
    ("/unions/delegations", "请同事代办"),
    ("/reviewing/synonyms", "新增"),
    (f"/trainings/sessions/{SESSION}", "添加学员"),
    (f"/trainings/sessions/{SESSION}", "改期"),
)
"""Where, and the button by which it opens."""

CUT_OFF = """() => {
  const shown = (each) => each.getClientRects().length > 0
  const front = [...document.querySelectorAll('.el-dialog')].filter(shown).at(-1)
  const place = front ?? document.querySelector('main')
  const edge = place.getBoundingClientRect()
  const wrong = []
  if (edge.left < -1 || edge.right > innerWidth + 1) wrong.push('hangs out')
  const scrolled = '.el-table, .scroll, .el-tabs__header, .el-select, [tabindex="0"]'
  for (const each of place.querySelectorAll('*')) {
    const style = getComputedStyle(each)
    const told = `${each.className}: ${each.textContent.trim().slice(0, 40)}`
    if (!shown(each) || !each.textContent.trim() || each.closest(scrolled)) continue
    const hides = /hidden|clip/.test(style.overflowX) && style.clipPath === 'none'
    if (hides && each.scrollWidth > each.clientWidth + 2) wrong.push(`cut ${told}`)
  }
  for (const each of place.querySelectorAll('button, input, a, p, h1, h2, dd')) {
    const {left, right, width} = each.getBoundingClientRect()
    if (!width || each.closest('.el-table, .scroll, .el-tabs__header, .el-select')
      || each.closest('label')) continue
    if (right > edge.right + 1 || left < edge.left - 1)
      wrong.push(`beside ${each.outerHTML.slice(0, 120)}`)
  }
  return wrong.slice(0, 5)
}"""
"""What of the foremost can neither be read nor pressed; tables scroll by themselves."""


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
    desk = await sit(office, boss, view)
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


async def sit(office, boss, view):
    size, viewport = VIEWS[view]
    desk = await office.desk(boss, viewport=viewport)
    await desk.page.context.add_init_script(SIZE.format(size))
    return desk


async def wrong_on(page):
    return await page.evaluate(HANGING_OUT) + await page.evaluate(CUT_OFF)


@pytest.mark.parametrize("view", WIDEST_AND_NARROWEST)
async def test_nothing_of_a_detail_is_cut(office, boss, view):
    called = Call()
    await first_aid.call(office.ctx, STATION, called, by=None)
    alert = await Alert.find(office.ctx, station_id=STATION)
    drafts = await Manuscript.many(
        office.ctx, {"stage": {"$in": ["draft", "submitted"]}}
    )
    papers = {
        f"/{'contents' if each.stage == 'draft' else 'reviewing'}/{each.id}"
        for each in drafts
    }
    desk = await sit(office, boss, view)
    found = {}
    for path in (*DETAILS, *sorted(papers), f"/desk/first-aid/{alert.id}"):
        page = await desk.open(path)
        await page.locator("main").get_by_role("heading").first.wait_for()
        if wrong := await wrong_on(page):
            found[path] = wrong
    assert not found, found


@pytest.mark.parametrize("view", WIDEST_AND_NARROWEST)
async def test_nothing_of_a_dialog_is_cut(office, boss, view):
    desk = await sit(office, boss, view)
    found = {}
    for path, button in DIALOGS:
        page = await desk.open(path)
        await page.get_by_role("button", name=button, exact=True).first.click()
        sheet = page.locator(".el-dialog").locator("visible=true")
        last = sheet.get_by_role("button").last
        await last.scroll_into_view_if_needed()
        if wrong := await wrong_on(page):
            found[path, button] = wrong
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)
    assert not found, found


AT_ITS_FIELD = """([field, list]) => {
  const one = field.closest('.el-select__wrapper').getBoundingClientRect()
  const other = list.closest('.el-popper').getBoundingClientRect()
  const gap = (begin, end, from, to) => Math.max(0, from - end, begin - to)
  return gap(one.left, one.right, other.left, other.right) < 24
    && gap(one.top, one.bottom, other.top, other.bottom) < 24
}"""
"""Below it, or beside it where the window has no room below."""


async def test_a_drop_down_opens_at_its_field_in_large_type(office, boss):
    desk = await sit(office, boss, "the console's own large type")
    page = await desk.open("/unions/accounts")
    field = page.get_by_role("combobox", name="所在组织")
    await field.click(force=True)
    offered = page.get_by_role("listbox", name="所在组织")
    await offered.get_by_role("option").first.wait_for()
    handles = [await each.element_handle() for each in (field, offered)]
    await page.wait_for_function(AT_ITS_FIELD, arg=handles)
