"""Who looked at my record (谁看过我的资料): the audit, to the person it is about.

Source: features X-11; PIPL (个人信息保护法) art. 44, 45.
"""

import msgspec

from models.base import aliases
from models.base.audit import Entry
from models.base.context import Context
from models.base.pages import Page
from models.base.units import Instant
from models.unions import grants
from models.unions.permissions import GrantRole
from models.unions.staff import Staff
from models.unions.units import Unit
from models.workers.sessions import SignedIn

DEEDS = {
    "lookups.unmask:name": "查看了您的姓名",
    "lookups.unmask:phone": "查看了您的手机号",
    "lookups.unmask:name+phone": "查看了您的姓名和手机号",
    "lookups.freeze": "冻结了您的账号",
    "lookups.unfreeze": "解冻了您的账号",
    "verifying.read_evidence": "查看了您的身份证明材料",
    "verifying.verify": "核实通过了您的身份",
    "verifying.refuse": "退回了您的身份核实申请",
    "verifying.revoke": "撤销了您的身份核实",
    "first_aid.read_details": "在急救中查看了您的呼叫详情",
    "assisted.booking": "凭您的办理码为您预约了充电口",
    "assisted.sign_up": "凭您的办理码为您报名了培训",
    "assisted.identity_declaration": "凭您的办理码为您申报了身份",
    "exports.ask": "导出了您的个人资料",
}

ANY_DEED = "查看或处理了您的资料"

ROLES = {
    GrantRole.ADMINISTRATOR: "管理员",
    GrantRole.EDITOR: "编辑",
    GrantRole.REVIEWER: "审核员",
    GrantRole.STATION_MANAGER: "驿站管理员",
    GrantRole.TRAINING_MANAGER: "培训管理员",
    GrantRole.VERIFIER: "身份核实员",
    GrantRole.MODERATOR: "内容审核员",
    GrantRole.AUDITOR: "审计员",
    GrantRole.LEADER: "领导",
}

SELF = "本人"
SYSTEM = "系统"


class Look(msgspec.Struct, kw_only=True, frozen=True):
    """One thing somebody did with a person's record."""

    id: str
    at: Instant
    who: str
    """A masked name; oneself, or the house's clockwork."""
    unit: str | None = None
    roles: tuple[str, ...] = ()
    deed: str
    reason: str


async def of(
    ctx: Context, *, by: SignedIn, cursor: str | None, limit: int
) -> Page[Look]:
    """List who did what with one's record, newest first.

    Refuses: BadCursor.
    """
    alias = await aliases.of(ctx, by.id)
    page = await Entry.page(ctx, {"subject": alias}, cursor=cursor, limit=limit)
    people = await _people(ctx, {entry.who for entry in page.items})
    looks = [_look(ctx, entry, people, alias) for entry in page.items]
    return Page(looks, page.next)


class _Person(msgspec.Struct, frozen=True):
    staff: Staff
    unit: str | None
    roles: tuple[str, ...]


async def _people(ctx: Context, ids: set[str]) -> dict[str, _Person]:
    """Look everybody up in three questions, however many they are."""
    staff = await Staff.many(ctx, {"_id": {"$in": sorted(ids)}}, limit=0)
    unit_ids = sorted({each.unit_id for each in staff})
    found = await Unit.many(ctx, {"_id": {"$in": unit_ids}}, limit=0)
    names = {unit.id: unit.name for unit in found}
    roles: dict[str, list[str]] = {}
    for grant in await grants.held_by(ctx, *(each.id for each in staff)):
        roles.setdefault(grant.staff_id, []).append(ROLES[grant.role])
    return {
        each.id: _Person(
            each, names.get(each.unit_id), tuple(dict.fromkeys(roles.get(each.id, ())))
        )
        for each in staff
    }


def _look(ctx: Context, entry: Entry, people: dict[str, _Person], alias: str) -> Look:
    person = people.get(entry.who)
    who = SELF if entry.who == alias else SYSTEM
    return Look(
        id=entry.id,
        at=entry.at,
        who=who if person is None else person.staff.masked_name(ctx),
        unit=None if person is None else person.unit,
        roles=() if person is None else person.roles,
        deed=DEEDS.get(entry.what, ANY_DEED),
        reason=entry.reason,
    )
