"""A clerk does a worker's own deed: what, which, the code last, then the receipt."""

import pytest

from models.assisted import codes
from models.assisted.codes import What
from models.stations.booked import Booking
from models.trainings.enrolments import Enrolment
from models.workers import identities
from models.workers.workers import Worker
from tests.console.forms import choose
from tests.models.stations import people, places
from tests.models.trainings import courses


@pytest.fixture
def furnished(run, office):
    """A clerk at the park, and a worker who asks for help."""

    async def furnish():
        await places.put(office.ctx, places.station(), places.station("lake"))
        await courses.course(office.ctx)
        li = await people.worker(office.ctx)
        return await people.clerk(office.ctx), li

    return run(furnish())


async def finish(page, office, li, what):
    """Have the worker read a code out, and type it."""
    shown = await codes.ask(office.ctx, what, by=li)
    await page.get_by_label("办理码").fill(shown.code)
    await page.get_by_role("button", name="办理", exact=True).click()
    return page.get_by_label("回执")


async def test_a_slot_of_another_station_is_booked(office, furnished):
    clerk, li = furnished
    desk = await office.desk(clerk)
    page = await desk.open("/desk/assisted")
    await desk.reads_well()
    await page.get_by_role("button", name="预约驿站服务").click()
    await page.get_by_role("combobox", name="预约哪个驿站").click()
    await page.get_by_role("option", name="示例·lake驿站").click()
    slot = page.get_by_role("button", name="10:55–11:25")
    await slot.wait_for()
    await desk.reads_well()
    await slot.click()
    await (
        page.get_by_text("示例·lake驿站，预约充电口")
        .or_(page.get_by_text("示例·lake驿站，"))
        .first.wait_for()
    )
    await desk.reads_well()
    await page.get_by_label("办理码").fill("zzzzzzzz")
    await page.get_by_role("button", name="办理", exact=True).click()
    await page.get_by_text("办理码无效或已过期").wait_for()
    receipt = await finish(page, office, li, What.BOOKING)
    await receipt.get_by_text("2026-11-23 10:55到11:25").wait_for()
    await desk.reads_well()
    held = await Booking.find(office.ctx, worker_id=li.id)
    assert held is not None
    assert held.station_id == "station_lake"


async def test_a_training_is_signed_up_for_and_classes_are_declared(office, furnished):
    clerk, li = furnished
    desk = await office.desk(clerk)
    page = await desk.open("/desk/assisted")
    await page.get_by_role("button", name="报名培训").click()
    await page.get_by_role("button", name="报名", exact=True).click()
    receipt = await finish(page, office, li, What.SIGN_UP)
    await receipt.get_by_text("报名“示例：one”").wait_for()
    held = await Enrolment.find(office.ctx, worker_id=li.id)
    assert held is not None
    assert held.state == "enrolled"

    await page.get_by_role("button", name="再办一件").click()
    await page.get_by_role("button", name="申报职业类别").click()
    await page.get_by_text("农民工", exact=True).click()
    await desk.reads_well()
    await page.get_by_role("button", name="下一步").click()
    receipt = await finish(page, office, li, What.IDENTITY_DECLARATION)
    await receipt.get_by_text("已申报：农民工。").wait_for()
    declared = await identities.of(office.ctx, li.id)
    assert [each.client_class for each in declared] == ["migrant_worker"]


async def test_what_a_course_asks_is_asked_at_the_desk_and_the_code_stays_good(
    office, furnished
):
    clerk, li = furnished
    await courses.programme(office.ctx, "two", rule=courses.RIDERS_ONLY)
    await courses.session(office.ctx, "two", of="two")
    desk = await office.desk(clerk)
    page = await desk.open("/desk/assisted")
    await page.get_by_role("button", name="报名培训").click()
    wanted = page.get_by_role("row", name="示例：two")
    await wanted.get_by_role("button", name="报名", exact=True).click()
    shown = await codes.ask(office.ctx, What.SIGN_UP, by=li)
    await page.get_by_label("办理码").fill(shown.code)
    await page.get_by_role("button", name="办理", exact=True).click()
    await answer(page)
    await page.get_by_label("办理码").fill("ZZZZZZZZ")
    await page.get_by_role("group", name="还要问本人").wait_for(state="hidden")
    await page.get_by_label("办理码").fill(shown.code)
    await page.get_by_role("button", name="办理", exact=True).click()
    asked = page.get_by_role("group", name="还要问本人")
    await asked.wait_for()
    assert await asked.get_by_role("checkbox", checked=True).count() == 0
    await answer(page)
    await desk.reads_well()
    await page.get_by_role("button", name="办理", exact=True).click()
    await page.get_by_label("回执").get_by_text("报名“示例：two”").wait_for()
    held = await Enrolment.find(office.ctx, worker_id=li.id)
    assert held.admitted.used == ("client_classes", "documents")


async def answer(page):
    """Say that somebody is a rider and has a diploma."""
    asked = page.get_by_role("group", name="还要问本人")
    for label, choice in (("人群类别", "新就业形态劳动者"), ("材料", "毕业证书")):
        await asked.get_by_role("group", name=label).get_by_text(choice).click()


async def adding(office, li):
    """Begin to add somebody to a lesson that asks; give the desk and the form."""
    desk = await office.desk(await courses.manager(office.ctx))
    page = await desk.open("/trainings/sessions/session_two")
    await page.get_by_role("button", name="添加学员").click()
    sheet = page.get_by_role("dialog", name="添加学员")
    await sheet.get_by_label("劳动者编号").fill(li.id)
    await sheet.get_by_label("添加原因").fill("现场报名")
    await sheet.get_by_role("button", name="加入名单").click()
    return desk, sheet


async def test_a_learner_is_added_with_what_the_course_asks(office, furnished):
    _, li = furnished
    await Worker.change(
        office.ctx, {"_id": li.id}, {"$set": {"unit_id": "unit_east_firm"}}
    )
    await courses.programme(office.ctx, "two", rule=courses.RIDERS_ONLY)
    await courses.session(office.ctx, "two", of="two")
    desk, sheet = await adding(office, li)
    page = desk.page
    await answer(page)
    await desk.reads_well()
    await sheet.get_by_role("button", name="加入名单").click()
    await page.get_by_text("已加入名单。").wait_for()
    await page.get_by_role("row", name="李*例").get_by_text("已报名").wait_for()


async def near(office):
    """Teach only those who live in a district."""
    here = {"fact": "residence_region", "op": "region_within", "value": ["410102"]}
    said = {"id": "near", "says": "居住在中原区", "cites": "第一条"}
    await courses.programme(office.ctx, "two", rule={"all": [here | said]})
    await courses.session(office.ctx, "two", of="two")


async def test_a_region_is_chosen_by_name_where_the_names_are_to_be_had(
    office, furnished
):
    _, li = furnished
    await Worker.change(
        office.ctx, {"_id": li.id}, {"$set": {"unit_id": "unit_east_firm"}}
    )
    await near(office)
    desk, sheet = await adding(office, li)
    page = desk.page
    await choose(page, "居住地", "中原区（郑州市）")
    await desk.reads_well()
    await sheet.get_by_role("button", name="加入名单").click()
    await page.get_by_text("已加入名单。").wait_for()


async def test_a_clerk_chooses_a_region_by_its_name(office, furnished):
    clerk, li = furnished
    await near(office)
    desk = await office.desk(clerk)
    page = await desk.open("/desk/assisted")
    await page.get_by_role("button", name="报名培训").click()
    wanted = page.get_by_role("row", name="示例：two")
    await wanted.get_by_role("button", name="报名", exact=True).click()
    await finish(page, office, li, What.SIGN_UP)
    await choose(page, "居住地", "中原区（郑州市）")
    await desk.reads_well()
    await page.get_by_role("button", name="办理", exact=True).click()
    await page.get_by_label("回执").get_by_text("报名“示例：two”").wait_for()
