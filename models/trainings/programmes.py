"""Programmes (培训项目): what is taught, by whom, for whom, at what price.

A programme is run in sessions (班次); it holds the rule that says who may sign up.

::

    planned ── open_up (another's eyes) ──▶ open ── close ──▶ closed ──▶ open again

Workers see it only while it is open. It is written in `planning`.
Source: features S9-01, S9-02; screens 培训列表/详情.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import NotFound
from models.base.places import Point
from models.base.units import Fen, Instant
from models.eligibility import rules
from models.eligibility.rules import Rule
from models.workers.identities import ClientClass

RULES_KEPT = 512
"""Rules kept compiled; a district has some dozens of programmes."""


class Topic(StrEnum):
    """What a programme is about."""

    DEGREE = "degree"
    HOUSEKEEPING = "housekeeping"
    MANUFACTURING = "manufacturing"
    DIGITAL = "digital"
    SAFETY = "safety"
    SERVICE = "service"
    CATERING = "catering"
    LOGISTICS = "logistics"
    JOB_SEARCH = "job_search"


class Standing(StrEnum):
    """Where a programme is in its life."""

    PLANNED = "planned"
    """Being written; nobody outside sees it."""
    OPEN = "open"
    CLOSED = "closed"
    """Taken off the list; its sessions that run go on."""


class Place(msgspec.Struct, kw_only=True, frozen=True):
    """Where a course is held."""

    name: str
    point: Point


class Programme(Document, kw_only=True, frozen=True):
    """One course that is offered again and again (培训项目)."""

    SHELF = "programmes"
    INDEXES = (
        IndexModel(["standing", "_id"]),
        IndexModel(["topic"]),
        IndexModel(["audience"]),
        IndexModel([("org_path", 1), ("_id", -1)]),
    )
    PERSONAL = personal.nobody()

    unit_id: str = ""
    """The union that answers for it."""
    org_path: str = ""
    """That union's path; follows when the unit moves."""
    standing: Standing = Standing.OPEN
    title: str
    summary: str
    topic: Topic
    skills: tuple[str, ...] = ()
    organiser: str
    """The union's or partner's name."""
    station_id: str | None = None
    """The station it is held at; None elsewhere."""
    place: Place
    fee_fen: Annotated[Fen, Meta(ge=0)] = 0
    subsidy: str = ""
    """Who pays, and how one is refunded."""
    body: str = ""
    """Markdown."""
    rule: dict[str, Any] | None = None
    """Who may sign up, as the editor wrote it; None is everybody."""
    audience: tuple[ClientClass, ...] = ()
    """The classes the rule is for, to filter by; none is everybody."""
    documents_later: bool = True
    """Papers may be brought after signing up (材料可后补)."""
    first: tuple[ClientClass, ...] = ()
    """Whom the waitlist serves first, in this order (优先人群)."""
    test_persons: tuple[dict[str, Any], ...] = ()
    """Made-up people the rule is tried on before the programme opens."""
    added_at: Instant
    version: int = 0
    """Goes up with every change by staff, so that nobody changes what they have
    not seen."""
    written_by: frozenset[str] = frozenset()
    """Whose hands it went through since it was last opened: none of them opens it."""


class NoSuchProgramme(NotFound):
    """No programme has this id."""

    code = "no_such_programme"
    message = "没有找到这个培训项目，可能已下架，请返回列表看看。"


async def find(ctx: Context, programme_id: str) -> Programme:
    """Return a programme.

    Refuses: NoSuchProgramme.
    """
    programme = await Programme.get(ctx, programme_id)
    if programme is None:
        raise NoSuchProgramme
    return programme


async def find_open(ctx: Context, programme_id: str) -> Programme:
    """Return a programme that everybody may see.

    Refuses: NoSuchProgramme.
    """
    programme = await find(ctx, programme_id)
    if programme.standing is not Standing.OPEN:
        raise NoSuchProgramme
    return programme


def rule_of(programme: Programme) -> Rule | None:
    """Return the programme's rule, ready to be asked."""
    if programme.rule is None:
        return None
    return _compiled(msgspec.json.encode(programme.rule))


@lru_cache(maxsize=RULES_KEPT)
def _compiled(raw: bytes) -> Rule:
    return rules.read(msgspec.json.decode(raw))
