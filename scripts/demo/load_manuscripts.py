"""Leaves manuscripts on the demo's desk (演示稿件), some at each step of their way.

The zone's editor and reviewer do what people at the console do, through the same
verbs. What is there already is left as it is, so loading twice changes nothing.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from models.base.clock import start_of
from models.base.context import Context
from models.policies import editions, pinning, pins, reviewing, wording, writing
from models.policies.contents import Content, Kind
from models.policies.manuscripts import Manuscript
from models.policies.pins import Board
from models.policies.stages import Stage
from models.policies.transcripts import written
from models.policies.wording import BodyFormat
from models.unions import officials
from models.unions.officials import Official
from models.workers.sessions import SignedIn
from scripts.demo.load_policies import policy_id, policy_rows

FILE = Path(__file__).with_name("manuscripts.yaml")

EDITOR, REVIEWER = "staff_zone_editor_han", "staff_zone_reviewer_cao"

PINNED, PINNED_DAYS = "zz-gx-flexible-social-insurance-subsidy", 30
"""The policy that stands above all others from the first day on, and for how long."""

MORNING = timedelta(hours=8)
"""When what is scheduled goes before the public, after midnight."""


class Row(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One manuscript, and how far it comes."""

    until: Stage
    kind: Kind
    content: dict[str, Any]
    of: str | None = None
    """The slug of the policy whose next edition it is."""
    adds: str = ""
    """What follows the body, as Markdown."""
    reason: str = ""
    """Why it is returned."""
    days: int | None = None
    """Until the public sees what is released; None at once."""


async def load(ctx: Context) -> int:
    """Bring every manuscript as far as it comes, and pin one policy.

    Returns how many manuscripts were new.
    """
    by = await _official(ctx, EDITOR)
    other = await _official(ctx, REVIEWER)
    known = set(await Manuscript.shelf(ctx).distinct("content.title", {"hands": by.id}))
    new = 0
    for row in read():
        content = await _content(ctx, row)
        if content.title not in known:
            await _bring(ctx, row, content, by, other)
            new += 1
    if await Board.find(ctx, _id=pins.BOARD) is None:
        until = ctx.clock.today() + timedelta(days=PINNED_DAYS)
        await pinning.pin(ctx, policy_id(PINNED), until=until, by=other)
    return new


def read() -> list[Row]:
    """Read the file."""
    return msgspec.convert(yaml.safe_load(FILE.read_text("utf-8")), list[Row])


async def _official(ctx: Context, staff_id: str) -> Official:
    return await officials.who(ctx, by=SignedIn(id=staff_id, session_id="demo"))


async def _content(ctx: Context, row: Row) -> Content:
    before = {} if row.of is None else await _newest(ctx, row.of)
    content = msgspec.convert({**before, **row.content}, Content)
    if not row.adds:
        return content
    body = wording.html_of(content.body, content.body_format)
    return msgspec.structs.replace(
        content,
        body=body + wording.html_of(row.adds),
        body_format=BodyFormat.HTML,
    )


async def _newest(ctx: Context, slug: str) -> dict[str, Any]:
    """Return what stands in a demo policy's newest edition, people and all."""
    text = await editions.newest(ctx, policy_id(slug))
    if text is None:
        raise LookupError(f"no edition of {slug}")
    (author,) = (each for each in policy_rows() if each.slug == slug)
    told: dict[str, Any] = msgspec.to_builtins(written(text))
    return told | {"test_persons": author.editions[-1].test_persons}


async def _bring(
    ctx: Context, row: Row, content: Content, by: Official, other: Official
) -> None:
    document_id = None if row.of is None else policy_id(row.of)
    begun = await writing.begin(ctx, row.kind, content, by=by, document_id=document_id)
    if row.until is Stage.DRAFT:
        return
    await writing.submit(ctx, begun.id, by=by)
    if row.until is Stage.REJECTED:
        await reviewing.reject(ctx, begun.id, by=other, remark=row.reason)
    elif row.until is Stage.APPROVED:
        await reviewing.approve(ctx, begun.id, by=other, hold=True)
    elif row.until is Stage.RELEASED:
        at = _moment(ctx, row.days)
        await reviewing.approve(ctx, begun.id, by=other, publish_at=at)


def _moment(ctx: Context, days: int | None) -> datetime | None:
    if days is None:
        return None
    return start_of(ctx.clock.today() + timedelta(days=days)) + MORNING
