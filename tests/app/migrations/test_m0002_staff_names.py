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


async def test_what_has_an_index_keeps_it_and_what_opens_no_more_stays(ctx):
    await put_old(ctx, "staff_lost", "gAAAAAunreadable")
    await put_old(ctx, "staff_new", ctx.secrets.seal("李四"))
    where = {"_id": "staff_new"}
    await Staff.change(ctx, where, {"$set": {"name_blind": "its own"}})
    assert await running.carry_out(ctx, [MIGRATION]) == 0
    assert (await Staff.get(ctx, "staff_new")).name_blind == "its own"
    assert (await Staff.get(ctx, "staff_lost")).name_blind is None
