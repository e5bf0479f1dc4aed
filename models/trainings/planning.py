"""Planning programmes (培训项目编写): writing, opening and closing them.

Nobody opens what went through their own hands (四眼), and nobody changes what others
can see: who wants to change an open programme closes it first, and somebody else
opens it again.
Source: features S1-24; rules §7.2 (author ≠ approver), §1.5 (test persons).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict, Invalid
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Fen
from models.eligibility import facts, rules
from models.eligibility.persons import Person, run_test_persons
from models.trainings.programmes import (
    NoSuchProgramme,
    Place,
    Programme,
    Standing,
    Topic,
    rule_of,
)
from models.trainings.turning import Seen, StaleVersion, note
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.units import NoSuchUnit, Unit
from models.workers.identities import ClientClass

CLASSES = "client_classes"

WRITABLE = (Standing.PLANNED, Standing.CLOSED)


class ProgrammeDraft(msgspec.Struct, kw_only=True, frozen=True):
    """What an editor says of a programme."""

    title: str
    summary: str
    topic: Topic
    skills: tuple[str, ...] = ()
    organiser: str
    station_id: str | None = None
    place: Place
    fee_fen: Fen = 0
    subsidy: str = ""
    body: str = ""
    rule: dict[str, Any] | None = None
    test_persons: tuple[dict[str, Any], ...] = ()
    documents_later: bool = True
    first: tuple[ClientClass, ...] = ()


class FourEyes(Conflict):
    """Whoever wrote it does not open it."""

    code = "four_eyes"
    message = "自己编写的内容须由另一位同事开放，请转交他人。"


class ProgrammeMoved(Conflict):
    """The programme is not where this starts from; ``details.standing`` says where."""

    code = "programme_moved"
    message = "项目当前状态不能这样操作，请刷新后再试。"


class PersonsFail(Invalid):
    """The rule's test persons come out otherwise; ``details.problems`` say how."""

    code = "test_persons_fail"
    message = "试算人员的结果与预期不符，请按提示修改资格条件或试算人员。"


async def plan(
    ctx: Context, unit_id: str, draft: ProgrammeDraft, *, by: Official
) -> Programme:
    """Begin a programme (新建项目); nobody outside sees it yet.

    Refuses: PermissionMissing, NoSuchUnit, BadRule, BadFacts, PersonsFail.
    """
    scope = by.scope(Permission.TRAININGS)
    unit = await Unit.find(ctx, _id=unit_id)
    if unit is None or not scope.covers(unit.path):
        raise NoSuchUnit
    programme = Programme(
        id=ctx.new_id("programme"),
        unit_id=unit.id,
        org_path=unit.path,
        standing=Standing.PLANNED,
        added_at=ctx.clock.now(),
        version=1,
        written_by=by.hands(Permission.TRAININGS),
        **_said(draft),
    )
    return await _plan(ctx, programme, by)


@atomic()
async def _plan(ctx: Context, programme: Programme, by: Official) -> Programme:
    await programme.insert(ctx)
    await note(ctx, "training.plan", programme, by=by)
    return programme


async def change(
    ctx: Context,
    programme_id: str,
    draft: ProgrammeDraft,
    *,
    version: int,
    by: Official,
) -> Programme:
    """Write a programme anew that is not open (修改项目).

    Refuses: PermissionMissing, NoSuchProgramme, BadRule, BadFacts, PersonsFail,
        ProgrammeMoved, StaleVersion.
    """
    programme = await reach(ctx, programme_id, by=by)
    hands = sorted(by.hands(Permission.TRAININGS))
    update = {
        "$set": plain(_said(draft)),
        "$addToSet": {"written_by": {"$each": hands}},
    }
    return await _turn(ctx, programme, update, Seen("change", WRITABLE, version, by))


async def open_up(
    ctx: Context, programme_id: str, *, version: int, by: Official
) -> Programme:
    """Let everybody see a programme that others wrote (开放项目).

    Refuses: PermissionMissing, NoSuchProgramme, FourEyes, PersonsFail,
        ProgrammeMoved, StaleVersion.
    """
    programme = await reach(ctx, programme_id, by=by)
    if programme.written_by & by.hands(Permission.TRAININGS):
        raise FourEyes
    _try_rule(programme)
    update = {"$set": {"standing": Standing.OPEN, "written_by": []}}
    return await _turn(ctx, programme, update, Seen("open", WRITABLE, version, by))


async def close(
    ctx: Context, programme_id: str, *, version: int, reason: str, by: Official
) -> Programme:
    """Take a programme off the list (下架项目); sessions that run go on.

    Refuses: PermissionMissing, NoSuchProgramme, ProgrammeMoved, StaleVersion.
    """
    programme = await reach(ctx, programme_id, by=by)
    update = {"$set": {"standing": Standing.CLOSED}}
    seen = Seen("close", (Standing.OPEN,), version, by, reason)
    return await _turn(ctx, programme, update, seen)


async def reach(ctx: Context, programme_id: str, *, by: Official) -> Programme:
    """Return a programme within the official's reach.

    Refuses: PermissionMissing, NoSuchProgramme.
    """
    where = {"_id": programme_id, **by.scope(Permission.TRAININGS).where()}
    programme = await Programme.find(ctx, **where)
    if programme is None:
        raise NoSuchProgramme
    return programme


async def of(
    ctx: Context,
    *,
    standing: Standing | None = None,
    cursor: str | None = None,
    limit: int = 20,
    by: Official,
) -> Page[Programme]:
    """List the programmes within reach, newest first.

    Refuses: PermissionMissing, BadCursor.
    """
    where = by.scope(Permission.TRAININGS).where()
    if standing is not None:
        where["standing"] = standing
    return await Programme.page(ctx, where, cursor=cursor, limit=limit)


def _said(draft: ProgrammeDraft) -> dict[str, Any]:
    """Return a draft's fields and whom its rule is for, once the rule makes sense."""
    if draft.rule is not None:
        rules.decode(draft.rule)
    _check_persons(draft.test_persons)
    audience = tuple(dict.fromkeys(audience_of(draft.rule or {})))
    return {**msgspec.structs.asdict(draft), "audience": audience}


def _check_persons(persons: Iterable[dict[str, Any]]) -> None:
    """Keep only people whose facts mean something, whatever comes out for them."""
    for place, raw in enumerate(persons):
        path = f"$.test_persons[{place}]"
        try:
            person = msgspec.convert(raw, Person)
        except msgspec.ValidationError as problem:
            wrong = {"path": path, "message": "请写明 name、facts、at 和 expects。"}
            raise PersonsFail({"problems": [wrong]}) from problem
        facts.decode(person.facts, root=f"{path}.facts")
        facts.decode_dates(person.at, root=f"{path}.at")


def audience_of(node: dict[str, Any]) -> Iterator[ClientClass]:
    """Return the classes a rule asks for; what it forbids is no audience."""
    for below in (*node.get("all", ()), *node.get("any", ())):
        yield from audience_of(below)
    if node.get("fact") == CLASSES:
        named = node["value"]
        yield from map(ClientClass, named if isinstance(named, list) else [named])


def _try_rule(programme: Programme) -> None:
    rule = rule_of(programme)
    if rule is None:
        return
    failures = run_test_persons(rule, programme.test_persons)
    if failures:
        raise PersonsFail({"problems": msgspec.to_builtins(failures)})


@atomic()
async def _turn(
    ctx: Context, programme: Programme, update: dict[str, Any], seen: Seen
) -> Programme:
    where = {
        "_id": programme.id,
        "version": seen.version,
        "standing": {"$in": list(seen.stages)},
    }
    turned = await Programme.change(ctx, where, {**update, "$inc": {"version": 1}})
    if turned is None:
        now = await Programme.find(ctx, _id=programme.id) or programme
        if now.standing not in seen.stages:
            raise ProgrammeMoved({"standing": now.standing})
        raise StaleVersion({"version": now.version})
    await note(ctx, f"training.{seen.deed}", turned, by=seen.by, reason=seen.reason)
    return turned
