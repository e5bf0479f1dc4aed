"""Staff (工作人员): who serves at which stations, and in which roles.

Read anew for every call, so a role taken away is gone with the next one. Most are
part-timers with a phone who come in through the same mini-program: their openid
finds them. Granting with its rules (who may give what) is the back office's.

Source: screens.md, "Stations"; rules 7.2; features X-03.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import msgspec
from pymongo import IndexModel

from models.base import audit, personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Forbidden
from models.base.secrets import Mark
from models.base.store import atomic
from models.base.units import Day
from models.unions import units
from models.workers import exchanges, masks, sessions
from models.workers.sessions import SignedIn, Tokens
from models.workers.tokens import Port
from models.workers.workers import OPENID, by_openid, openid_mark

MOST = 500
"""Staff of one station or role; more is a mistake."""


NAME = "staff_name"
"""The kind of a name's blind index."""


class Role(StrEnum):
    """What somebody may do at their stations."""

    STATION_CLERK = "station_clerk"
    """值守员: scans, lists, opens and closes."""
    FIRST_AID_RESPONDER = "first_aid_responder"
    """急救响应员: is called when somebody needs help."""
    ON_CALL = "on_call"
    """后备值守: is called when no responder answers."""


class Staff(Document, kw_only=True, frozen=True):
    """One person who works for the union."""

    SHELF = "staff"
    PERSONAL = personal.nobody(
        "who works for the union; ends with the service, not here"
    )
    INDEXES = (
        IndexModel(
            ["openid_blind"],
            unique=True,
            partialFilterExpression={"openid_blind": {"$type": "string"}},
        ),
        IndexModel(["station_ids", "_id"]),
        IndexModel([("name_blind", 1), ("_id", -1)]),
        IndexModel(["unit_id"]),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel(["roles", "_id"]),
    )
    MARKED = MappingProxyType(
        {"openid_blind": (OPENID, "openid"), "name_blind": (NAME, "name")}
    )

    name: str
    """Sealed."""
    name_blind: Mark | None = None
    """None in rows from before a name could be looked for (m0002_staff_names)."""
    openid: str | None = None
    """Sealed; None until they bind their WeChat."""
    openid_blind: Mark | None = None
    unit_id: str
    org_path: str = ""
    """The unit's path; follows when the unit moves."""
    station_ids: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    active: bool = True
    valid_from: Day | None = None
    """First day of the service; None is always."""
    valid_to: Day | None = None
    """First day that no longer belongs to it; None is without end."""

    def __repr__(self) -> str:
        return f"<Staff {self.id}>"

    def masked_name(self, ctx: Context) -> str:
        """Return the name as it may be shown."""
        return masks.sealed_name(ctx.secrets, self.name)

    def is_serving(self, today: date) -> bool:
        """Say whether this person works for us on a day."""
        begun = self.valid_from is None or self.valid_from <= today
        return (
            self.active and begun and (self.valid_to is None or today < self.valid_to)
        )

    def may_serve(self, station_id: str) -> bool:
        """Say whether a station is this person's; to others it does not exist."""
        return station_id in self.station_ids

    def require(self, role: Role) -> None:
        """Go on only with somebody who has a role.

        Refuses: RoleMissing.
        """
        if role not in self.roles:
            raise RoleMissing({"role": role})


class StaffSignIn(msgspec.Struct, kw_only=True, frozen=True):
    """A staff member is in."""

    staff: Staff
    tokens: Tokens


class NotStaff(Forbidden):
    """This person does not work for us, or not any more."""

    code = "not_staff"
    message = "您目前不是驿站工作人员，如有疑问请联系所属工会。"


class RoleMissing(Forbidden):
    """The person has not been given this role; ``details`` name it."""

    code = "role_missing"
    message = "您的岗位没有这项权限，请联系驿站负责人开通。"


class WeChatTaken(Conflict):
    """Another staff member comes in by this WeChat."""

    code = "wechat_taken"
    message = "该微信已绑定其他工作人员账号，请换一个微信或联系管理员。"


async def sign_in(ctx: Context, code: str, *, device: str = "") -> StaffSignIn:
    """Let a staff member in at the station's port by their WeChat (工作人员登录).

    Refuses: NotStaff, CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable.
    """
    member = await recognise(ctx, code)
    return await let_in(ctx, member, port=Port.STATION, device=device)


async def recognise(ctx: Context, code: str) -> Staff:
    """Find whose bound WeChat a login code is of.

    Refuses: NotStaff, CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable.
    """
    proof = await exchanges.exchange(ctx, code)
    staff = await Staff.find(ctx, openid_blind=by_openid(ctx, proof.openid))
    if staff is None or not staff.is_serving(ctx.clock.today()):
        raise NotStaff
    return staff


async def let_in(ctx: Context, staff: Staff, *, port: Port, device: str) -> StaffSignIn:
    """Begin a session; who left in that moment is put out again.

    Refuses: NotStaff.
    """
    tokens = await sessions.start(ctx, owner_id=staff.id, port=port, device=device)
    now = await Staff.find(ctx, _id=staff.id)
    if now is None or not now.is_serving(ctx.clock.today()):
        await sessions.put_out(ctx, staff.id)
        raise NotStaff
    return StaffSignIn(staff=now, tokens=tokens)


async def bind(ctx: Context, code: str, *, staff_id: str) -> None:
    """Bind a WeChat to somebody who proved who they are; it stands in the audit.

    Refuses: CodeInvalid, CodeUsed, WeChatBlocked, WeChatUnavailable, WeChatTaken.
    """
    proof = await exchanges.exchange(ctx, code)
    await _bind(ctx, staff_id, proof.openid)


async def unbind(ctx: Context, staff_id: str) -> None:
    """Let nobody in by the WeChat that was bound."""
    bound = {"openid": None, "openid_blind": None}
    await Staff.shelf(ctx).update_one({"_id": staff_id}, {"$set": bound})


async def who(ctx: Context, *, by: SignedIn) -> Staff:
    """Return the staff member who is asking, as they stand now.

    Refuses: NotStaff.
    """
    staff = await Staff.get(ctx, by.id)
    if staff is None or not staff.is_serving(ctx.clock.today()):
        raise NotStaff
    return staff


async def put_staff(
    ctx: Context,
    *,
    id_: str,
    name: str,
    openid: str,
    unit_id: str,
    station_ids: Sequence[str] = (),
    roles: Sequence[Role] = (),
    active: bool = True,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Staff:
    """Keep a staff member as given; the same again changes nothing."""
    blind, seal = openid_mark(ctx, openid), ctx.secrets.seal
    given = {
        "unit_id": unit_id,
        "org_path": await units.path_of(ctx, unit_id),
        "station_ids": sorted(station_ids),
        "roles": sorted(roles),
        "active": active,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    old = await Staff.find(ctx, _id=id_)
    if old is None or old.openid_blind != blind:
        given |= {"openid": seal(openid), "openid_blind": blind}
    mark = ctx.secrets.mark(NAME, name)
    if old is None or old.name_blind != mark:
        given |= {"name": seal(name), "name_blind": mark}
    await Staff.shelf(ctx).update_one({"_id": id_}, {"$set": plain(given)}, upsert=True)
    return Staff.of({"_id": id_, **(plain(old) if old else {}), **plain(given)})


async def serving(
    ctx: Context, *, role: Role, station_id: str | None = None
) -> list[Staff]:
    """List who has a role today, at one station or anywhere; the same order always."""
    where = {"roles": role} | ({"station_ids": station_id} if station_id else {})
    today = ctx.clock.today()
    found = await Staff.many(ctx, where, sort=[("_id", 1)], limit=MOST)
    return [staff for staff in found if staff.is_serving(today)]


async def openid_of(ctx: Context, staff_id: str) -> str | None:
    """Return where WeChat reaches a staff member. Never to be logged."""
    staff = await Staff.get(ctx, staff_id)
    if staff is None or not staff.is_serving(ctx.clock.today()):
        return None
    return None if staff.openid is None else ctx.secrets.open(staff.openid)


@atomic(duplicate=WeChatTaken)
async def _bind(ctx: Context, staff_id: str, openid: str) -> None:
    mark = openid_mark(ctx, openid)
    bound = {"openid": ctx.secrets.seal(openid), "openid_blind": mark}
    member = await Staff.change(ctx, {"_id": staff_id}, {"$set": bound})
    if member is not None:
        await audit.note(
            ctx,
            who=staff_id,
            what="accounts.bind_wechat",
            about=staff_id,
            org_path=member.org_path,
        )
