"""Emergencies (应急授权): two persons open a unit's doors for one hour, and all hear.

For when nobody in charge can be reached. One asks with a reason, another one of the
same reach agrees, both by what they hold themselves and were not lent; the asker then
administers the unit for an hour::

    asked ── another agrees within 15 minutes ──▶ opened ── an hour later ──▶ over
      └── nobody does ──▶ lapsed

Every administrator of the unit and above is told, and it stands in the audit.

Source: rules 7.10 (break-glass).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter
from pymongo import IndexModel

from models.base import audit, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.events import Event, record
from models.base.pages import Page
from models.base.store import atomic
from models.base.units import Instant
from models.unions import officials, units
from models.unions.grants import Grant
from models.unions.officials import Official, Power
from models.unions.permissions import PERMISSIONS_OF, GrantRole
from models.unions.scopes import Scope
from models.unions.staff import Staff
from models.unions.units import Unit

log = structlog.get_logger("inn.unions")

OPEN_FOR = timedelta(hours=1)
AGREE_WITHIN = timedelta(minutes=15)

opened = Counter("inn_emergencies_opened", "Emergency grants that were opened.")


class Emergency(Document, kw_only=True, frozen=True):
    """One request."""

    SHELF = "emergencies"
    PERSONAL = personal.nobody("of staff")
    INDEXES = (IndexModel([("org_path", 1), ("_id", -1)]),)

    unit_id: str
    org_path: str
    asked_by: str
    asked_at: Instant
    reason: str
    agreed_by: str | None = None
    agreed_at: Instant | None = None

    @property
    def lapses_at(self) -> datetime:
        """When it is too late to agree."""
        return self.asked_at + AGREE_WITHIN


class EmergencyOpened(Event, kw_only=True, frozen=True):
    """Somebody administers a unit for an hour; everybody in charge is told."""

    emergency_id: str
    unit_id: str
    org_path: str
    until: Instant


class NoSuchEmergency(NotFound):
    """No request within reach has this id, or its time is over."""

    code = "no_such_emergency"
    message = "没有找到这项应急申请，可能已失效，请重新申请。"


class OneIsNotTwo(Conflict):
    """Whoever asked does not agree."""

    code = "one_is_not_two"
    message = "应急授权须由另一位工作人员确认，不能自己确认。"


class AlreadyOpened(Conflict):
    """Somebody agreed already."""

    code = "already_opened"
    message = "这项应急申请已被确认。"


@atomic()
async def ask(ctx: Context, unit_id: str, *, reason: str, by: Official) -> Emergency:
    """Ask for an hour's administration of a unit one has any power at (申请应急授权).

    Refuses: NoSuchUnit.
    """
    unit = await units.find(ctx, unit_id, scope=_own_reach(by.powers))
    asked = Emergency(
        id=ctx.new_id("emergency"),
        unit_id=unit.id,
        org_path=unit.path,
        asked_by=by.id,
        asked_at=ctx.clock.now(),
        reason=reason,
    )
    await asked.insert(ctx)
    await _note(ctx, asked, by, "emergencies.ask")
    return asked


async def agree(ctx: Context, emergency_id: str, *, by: Official) -> Grant:
    """Agree to somebody else's request, and open the doors (确认应急授权).

    Rules: whoever asked must still have power there, and the unit be where it was.
    Refuses: NoSuchEmergency, OneIsNotTwo, AlreadyOpened.
    Records: EmergencyOpened.
    """
    grant = await _agree(ctx, emergency_id, by=by)
    opened.inc()
    log.error("emergency_opened", unit=grant.unit_id, grant=grant.id)
    return grant


@atomic()
async def _agree(ctx: Context, emergency_id: str, *, by: Official) -> Grant:
    now = ctx.clock.now()
    asked = await Emergency.find(ctx, _id=emergency_id)
    if asked is None or not _own_reach(by.powers).covers(asked.org_path):
        raise NoSuchEmergency
    if asked.asked_by == by.id:
        raise OneIsNotTwo
    if asked.agreed_at is None and now >= asked.lapses_at:
        raise NoSuchEmergency
    if not await _still_stands(ctx, asked):
        raise NoSuchEmergency
    agreed = await Emergency.change(
        ctx,
        {"_id": emergency_id, "agreed_at": None},
        {"$set": {"agreed_by": by.id, "agreed_at": now}},
    )
    if agreed is None:
        raise AlreadyOpened
    grant = Grant(
        id=ctx.new_id("grant"),
        staff_id=agreed.asked_by,
        unit_id=agreed.unit_id,
        org_path=agreed.org_path,
        role=GrantRole.ADMINISTRATOR,
        permissions=PERMISSIONS_OF[GrantRole.ADMINISTRATOR],
        begins_at=now,
        ends_at=now + OPEN_FOR,
        granted_by=by.id,
        reason=agreed.reason,
        given_at=now,
    )
    await grant.insert(ctx)
    await _note(ctx, agreed, by, "emergencies.agree")
    await record(
        ctx,
        EmergencyOpened(
            emergency_id=agreed.id,
            unit_id=agreed.unit_id,
            org_path=agreed.org_path,
            until=now + OPEN_FOR,
        ),
    )
    return grant


async def in_scope(
    ctx: Context, *, cursor: str | None, limit: int, by: Official
) -> Page[Emergency]:
    """List the requests within reach, newest first.

    Refuses: BadCursor.
    """
    return await Emergency.page(ctx, by.reach.where(), cursor=cursor, limit=limit)


async def _still_stands(ctx: Context, asked: Emergency) -> bool:
    """Say whether the asker serves and has power there, and hold the unit in place."""
    asker = await Staff.get(ctx, asked.asked_by)
    if asker is None or not asker.is_serving(ctx.clock.today()):
        return False
    unit = await Unit.get(ctx, asked.unit_id)
    if unit is None or unit.path != asked.org_path:
        return False
    await units.hold(ctx, unit)
    reach = _own_reach(await officials.powers_of(ctx, asker.id))
    return reach.covers(unit.path)


def _own_reach(powers: Iterable[Power]) -> Scope:
    """Return where powers that were not lent allow anything."""
    own = [power for power in powers if power.lent_by is None]
    return Scope.of(path for power in own for path in power.scope.paths)


async def _note(ctx: Context, about: Emergency, by: Official, what: str) -> None:
    await audit.note(
        ctx,
        who=by.id,
        what=what,
        about=about.id,
        reason=about.reason,
        org_path=about.org_path,
    )
