"""Staff from before names could be looked for are found by theirs."""

from app.migrations import running
from app.migrations.m0002_staff_names import MIGRATION, ROWS
from models.base.documents import plain
from models.unions.staff import NAME, Staff
from tests.house.minimal import document


async def put_old(ctx, id_, name):
    """Put a row as the release before wrote it; name is sealed already."""
    row = plain(Staff.of(document(Staff) | {"_id": id_, "name": name}))
    for absent in ("name_blind", "openid_blind"):
        row.pop(absent, None)
    await Staff.shelf(ctx).insert_one(row)


async def test_every_old_name_can_be_looked_for(ctx):
    for number in range(ROWS + 2):
        await put_old(ctx, f"staff_{number:04}", ctx.secrets.seal(f"王{number}"))
    assert await running.carry_out(ctx, [MIGRATION]) == ROWS + 2
    for number in (0, ROWS - 1, ROWS, ROWS + 1):
        mark = ctx.secrets.found_by(NAME, f"王{number}")
        found = await Staff.many(ctx, {"name_blind": mark})
        assert [who.id for who in found] == [f"staff_{number:04}"]


async def test_a_former_names_index_is_mended_and_what_opens_no_more_stays(ctx):
    await put_old(ctx, "staff_lost", "gAAAAAunreadable")
    await put_old(ctx, "staff_new", ctx.secrets.seal("李四"))
    await put_old(ctx, "staff_right", ctx.secrets.seal("赵六"))
    for id_, name in (("staff_new", "王五"), ("staff_right", "赵六")):
        mark = {"name_blind": ctx.secrets.mark(NAME, name)}
        await Staff.change(ctx, {"_id": id_}, {"$set": mark})
    assert await running.carry_out(ctx, [MIGRATION]) == 1
    found = await Staff.many(ctx, {"name_blind": ctx.secrets.found_by(NAME, "李四")})
    assert [who.id for who in found] == ["staff_new"]
    assert (await Staff.get(ctx, "staff_lost")).name_blind is None
