"""Sheets (名单导出): a roster as a spreadsheet, masked unless there is a reason.

Every cell is text, so nothing that a person called themselves is ever a formula.
Who asks for whole names and numbers says why; that each was looked at is kept with
the person, who can see it.
Source: screens.md (列表_YYYYMMDDHHmmss.xlsx); features X-11 (unmask with reason).
"""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

from models.base import audit
from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.errors import Invalid
from models.trainings import programmes, roster
from models.trainings.attendance import THERE
from models.trainings.enrolments import Enrolment, State
from models.trainings.programmes import Programme
from models.trainings.roster import Row
from models.trainings.sessions import Session
from models.trainings.turning import note, reach
from models.unions.officials import Official, PermissionMissing
from models.unions.permissions import Permission
from models.workers import masks

MOST_ROWS = 5_000

HEADINGS = (
    "序号",
    "姓名",
    "手机号",
    "状态",
    "报名时间",
    "候补位次",
    "到课次数",
    "备注",
)

CALLED = {
    State.ENROLLED: "已报名",
    State.WAITLISTED: "候补中",
    State.OFFERED: "待确认",
    State.DECLINED: "已放弃",
    State.OFFER_LAPSED: "保留过时",
    State.CANCELLED_BY_WORKER: "本人取消",
    State.CANCELLED_BY_ORGANISER: "主办方取消",
    State.NOT_REACHED: "未候补上",
    State.INELIGIBLE: "不符合条件",
    State.ENDED: "已结束",
    State.COMPLETED: "已结业",
    State.PARTIAL: "部分到课",
    State.NO_SHOW: "未到课",
}

EMPTY = "（暂无记录）"


class Sheet(NamedTuple):
    """A spreadsheet, ready to be saved."""

    name: str
    content: bytes


class ReasonNeeded(Invalid):
    """Whole names and numbers are handed out only for a reason."""

    code = "reason_needed"
    message = "导出完整姓名和手机号须填写用途，请说明原因。"


async def export(
    ctx: Context, session_id: str, *, unmasked: bool, reason: str, by: Official
) -> Sheet:
    """Write a session's roster as a spreadsheet (导出名单).

    Refuses: PermissionMissing, NoSuchTrainingSession, ReasonNeeded.
    """
    session = await reach(ctx, session_id, by=by)
    if unmasked and not by.may(Permission.WORKERS_UNMASK, session.org_path):
        raise PermissionMissing({"permission": Permission.WORKERS_UNMASK})
    if unmasked and not reason.strip():
        raise ReasonNeeded({"path": "$.reason"})
    programme = await programmes.find(ctx, session.programme_id)
    where = {"session_id": session.id, "state": {"$ne": State.DROPPED}}
    found = await Enrolment.many(ctx, where, sort=[("_id", 1)], limit=MOST_ROWS)
    lines = await roster.rows(ctx, found)
    if unmasked:
        await _keep_looks(ctx, lines, session, reason, by)
    await note(ctx, "training_session.export", session, by=by, reason=reason)
    table = [_cells(ctx, number, row, unmasked) for number, row in enumerate(lines, 1)]
    content = await asyncio.to_thread(_write, programme, table)
    now = ctx.clock.now().astimezone(SHANGHAI)
    return Sheet(name=f"名单_{now:%Y%m%d%H%M%S}.xlsx", content=content)


async def _keep_looks(
    ctx: Context, lines: list[Row], session: Session, reason: str, by: Official
) -> None:
    """Keep whose names and numbers were handed out, before they are."""
    lent_by = by.acting_for(Permission.WORKERS_UNMASK, session.org_path)
    for row in lines:
        await audit.note(
            ctx,
            who=by.id,
            what="worker.unmask",
            about=row.enrolment.id,
            reason=reason,
            acting_for=lent_by,
            subject=row.enrolment.worker_id,
            org_path=session.org_path,
        )


def _cells(ctx: Context, number: int, row: Row, unmasked: bool) -> list[str]:
    enrolment, worker = row.enrolment, row.worker
    received = enrolment.received_at.astimezone(SHANGHAI)
    name = phone = ""
    if worker is not None:
        name = _open(ctx, worker.name, masks.name, unmasked)
        phone = _open(ctx, worker.phone, masks.phone, unmasked)
    return [
        str(number),
        name,
        phone,
        CALLED[enrolment.state_at(ctx.clock.now())],
        f"{received:%Y-%m-%d %H:%M}",
        "" if row.position is None else str(row.position),
        str(sum(each.mark in THERE for each in row.marks)),
        "" if enrolment.clash is None else "与本人其他安排冲突",
    ]


def _open(
    ctx: Context, sealed: str | None, mask: Callable[[str], str], unmasked: bool
) -> str:
    if sealed is None:
        return ""
    whole = ctx.secrets.open(sealed)
    return whole if unmasked else mask(whole)


def _write(programme: Programme, table: list[list[str]]) -> bytes:
    """Lay the table out; a thread of its own, since it may be long."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet("名单")
    bold = book.add_format({"bold": True})
    page.write_string(0, 0, programme.title, bold)
    for column, heading in enumerate(HEADINGS):
        page.write_string(1, column, heading, bold)
    for line, cells in enumerate(table or [[EMPTY]], 2):
        for column, cell in enumerate(cells):
            page.write_string(line, column, cell)
    page.set_column(1, len(HEADINGS) - 1, 16)
    book.close()
    return file.getvalue()
