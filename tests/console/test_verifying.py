"""Workers at the back office: verified, appealing, looked up for a reason, written."""

import io

import pytest
import segno

from models.members import affiliations
from models.stations import appeals, bookings, lapses
from models.stations.strikes import Strike
from models.unions.permissions import Permission
from models.workers import names
from models.workers.consent_texts import Purpose
from models.workers.phones import _keep as keep_number
from tests.models.moderation import texts
from tests.models.stations import people as crew
from tests.models.stations import places
from tests.models.stations.places import at, slot
from tests.models.unions import people
from tests.models.workers.people import actor_of, agree, arrive

WORKERS = (
    Permission.IDENTITIES,
    Permission.WORKERS_READ,
    Permission.WORKERS_UNMASK,
)


def photo():
    """A page of proof: the code on a rider's card."""
    kept = io.BytesIO()
    segno.make("示例骑手证 0017").save(kept, kind="png", scale=8)
    return kept.getvalue()


@pytest.fixture
def li(run, office):
    """A worker of the east's firm, with name, number, and a request with one page."""

    async def furnish():
        ctx = office.ctx
        await people.plant(ctx)
        tokens = (await arrive(ctx)).tokens
        me = actor_of(ctx, tokens)
        await agree(ctx, me, Purpose.IDENTITY, Purpose.PHONE)
        await affiliations.join(ctx, "unit_east_firm", by=me)
        await names.rename(ctx, "李示例", by=me)
        await keep_number(ctx, me.id, "+8613800001234")
        client = office.http.as_(tokens.access_token)
        await client.put("/worker/v1/me/identities", {"classes": ["platform_worker"]})
        asked = await client.post(
            "/worker/v1/me/verifications", {"class": "platform_worker"}, key="tap-1"
        )
        path = f"/worker/v1/me/verifications/{asked.body['id']}/evidence"
        png = {"Content-Type": "image/png"}
        added = await client.post(path, photo(), headers=png)
        assert added.status == 201, added.body
        return client

    return run(furnish())


async def looked_at(li):
    """Return what the worker is told of who looked."""
    rows = (await li.get("/worker/v1/me/access-log")).body["items"]
    return {row["deed"] for row in rows}


async def test_proof_is_opened_for_a_reason_and_a_class_verified(office, li):
    wang = await people.official(office.ctx, "wang", permissions=WORKERS)
    desk = await office.desk(wang)
    page = await desk.open("/workers/verifications")
    row = page.get_by_role("row", name="李*例")
    await desk.reads_well()
    await row.get_by_role("button", name="核验").click()
    await page.get_by_role("button", name="查看第1份").click()
    why = page.get_by_role("dialog", name="查看第1份材料")
    await why.get_by_role("textbox").fill("核对在职证明")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_role("img", name="第1份材料").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="核验通过").click()
    await page.get_by_role("button", name="撤销核验").wait_for()
    await page.get_by_text("2027-11-23", exact=True).wait_for()
    assert await looked_at(li) == {"核实通过了您的身份", "查看了您的身份证明材料"}
    await page.get_by_role("button", name="撤销核验").click()
    why = page.get_by_role("dialog", name="撤销核验")
    await why.get_by_role("textbox").fill("已不在该平台从业")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_text("已撤销", exact=True).wait_for()


async def test_a_request_is_refused_with_words_for_the_worker(office, li):
    wang = await people.official(office.ctx, "wang", permissions=WORKERS)
    page = await (await office.desk(wang)).open("/workers/verifications")
    await page.get_by_role("button", name="核验", exact=True).click()
    await page.get_by_role("button", name="不予通过").click()
    why = page.get_by_role("dialog", name="不予通过")
    await why.get_by_role("textbox").fill("照片不清楚，请重新拍")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_text("未通过", exact=True).wait_for()
    (mine,) = (await li.get("/worker/v1/me/verifications")).body["items"]
    assert (mine["state"], mine["reason"]) == ("refused", "照片不清楚，请重新拍")


async def test_a_worker_is_found_unmasked_for_a_reason_and_locked(office, li):
    wang = await people.official(office.ctx, "wang", permissions=WORKERS)
    desk = await office.desk(wang)
    page = await desk.open("/workers")
    await page.get_by_label("完整手机号或编号").fill("13800001234")
    await page.get_by_role("button", name="查找").click()
    await page.get_by_role("button", name="打开").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="打开").click()
    await page.get_by_role("heading", name="李*例").wait_for()
    await page.get_by_text("138****1234").wait_for()
    assert await page.get_by_text("13800001234").count() == 0
    await page.get_by_label("原因").fill("电话通知培训改期")
    await page.get_by_role("button", name="查看", exact=True).click()
    await page.get_by_label("完整信息").get_by_text("13800001234").wait_for()
    await desk.reads_well()
    assert any("手机" in deed or "信息" in deed for deed in await looked_at(li))
    await page.get_by_role("button", name="冻结账号").click()
    why = page.get_by_role("dialog", name="冻结账号")
    await why.get_by_role("textbox").fill("本人报失手机")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_role("button", name="解冻账号").wait_for()
    assert (await li.get("/worker/v1/me")).status in {401, 403}


async def test_an_appeal_is_read_and_accepted(office, clock):
    ctx = office.ctx
    await places.put(ctx, places.station(org_path="/unit_city/unit_east/"))
    li = await crew.worker(ctx)
    wang = await people.official(ctx, "wang", permissions=[Permission.STATIONS])
    await bookings.book(ctx, slot("1055"), by=li)
    clock.put(at("11:05"))
    await lapses.lapse_no_shows(ctx)
    [strike] = await Strike.many(ctx, {})
    await appeals.appeal(ctx, strike.id, "驿站门口封路，实在进不去", by=li)
    desk = await office.desk(wang)
    page = await desk.open("/workers/appeals")
    await desk.reads_well()
    await page.get_by_role("button", name="处理").click()
    await page.get_by_text("驿站门口封路，实在进不去").wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="采纳，消除爽约").click()
    why = page.get_by_role("dialog", name="采纳申诉")
    await why.get_by_role("textbox").fill("属实")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_text("已采纳", exact=True).wait_for()
    assert (await Strike.get(ctx, strike.id)).lifted_at


async def test_a_doubtful_comment_is_let_through_and_a_word_put_on_the_list(
    office, simulator
):
    ctx = office.ctx
    wang = await texts.moderator(ctx)
    await texts.author(ctx, simulator)
    await texts.hand_in(ctx, texts.DOUBTFUL)
    await texts.deliver_events(ctx)
    desk = await office.desk(wang)
    page = await desk.open("/workers/moderation")
    await page.get_by_role("row", name=texts.DOUBTFUL).wait_for()
    await desk.reads_well()
    await page.get_by_role("button", name="查看和处理").click()
    await desk.reads_well()
    await page.get_by_role("button", name="允许公开").click()
    why = page.get_by_role("dialog", name="允许公开")
    await why.get_by_role("textbox").fill("正常评价")
    await why.get_by_role("button", name="确定").click()
    await page.get_by_text("没有要审核的内容").wait_for()
    await desk.open("/workers/words")
    await page.get_by_label("词语").fill("刷单兼职")
    await page.get_by_role("button", name="加入", exact=True).click()
    word = page.get_by_role("row", name="刷单兼职")
    await word.wait_for()
    await desk.reads_well()
    await word.get_by_role("button", name="移除").click()
    await page.get_by_role("dialog").get_by_role("button", name="移除").click()
    await page.get_by_text("还没有敏感词").wait_for()
