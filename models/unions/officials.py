"""Officials (后台人员): a staff member at the back office's port, and their powers.

Powers are worked out anew for every call from the grants in force, per permission:
a wide reach in one matter gives none in another. Lent power is worth what its
lender holds at that moment.

Source: rules 7.2, 7.3, 7.5, 7.8; features X-12.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from models.base.context import Context
from models.base.errors import Forbidden
from models.unions import grants, staff
from models.unions.grants import Grant
from models.unions.permissions import Permission
from models.unions.scopes import NOTHING, Scope
from models.unions.staff import Staff
from models.unions.units import Unit
from models.workers.sessions import SignedIn

FOR_GOOD = datetime.max.replace(tzinfo=UTC)


class Power(msgspec.Struct, kw_only=True, frozen=True):
    """One permission over some subtrees, one's own or lent."""

    permission: Permission
    scope: Scope
    lent_by: str | None = None
    until: datetime = FOR_GOOD
    """When it ends by itself."""


class PermissionMissing(Forbidden):
    """The person holds this permission nowhere; ``details`` name it."""

    code = "permission_missing"
    message = "您没有这项操作的权限，请联系上级工会管理员开通。"


class Official(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who is asking at the back office."""

    id: str
    """The staff member's id."""
    session_id: str
    staff: Staff
    powers: tuple[Power, ...] = ()

    @property
    def reach(self) -> Scope:
        """Where the person may do anything at all."""
        return Scope.of(path for power in self.powers for path in power.scope.paths)

    def scope(self, permission: Permission) -> Scope:
        """Return where the person may do this.

        Refuses: PermissionMissing.
        """
        reach = reach_of(self.powers, permission)
        if not reach.paths:
            raise PermissionMissing({"permission": permission})
        return reach

    def is_in_charge(self, permission: Permission, unit: Unit) -> bool:
        """Say whether the person holds this at a unit itself or right above it.

        Rules: each level looks after the next one down, and no further (7.4).
        """
        at = {unit.path, unit.path_above}
        return any(
            not at.isdisjoint(power.scope.paths)
            for power in self.powers
            if power.permission is permission
        )

    def may(self, permission: Permission, path: str) -> bool:
        """Say whether the person may do this at a place of the tree."""
        return reach_of(self.powers, permission).covers(path)

    def held_until(self, permission: Permission, path: str) -> datetime | None:
        """Say until when one holds this oneself, not lent, at a place; None: never."""
        held = [
            power.until
            for power in self.powers
            if power.permission is permission
            and power.lent_by is None
            and power.scope.covers(path)
        ]
        return max(held, default=None)

    def hands(self, permission: Permission) -> frozenset[str]:
        """Name everybody behind an act: oneself, and whoever lent this power."""
        lent = {each.lent_by for each in self.powers if each.permission is permission}
        return frozenset({self.id, *filter(None, lent)})

    def acting_for(self, permission: Permission, path: str) -> str | None:
        """Name the lender of the power this act needs; None if it is one's own."""
        lenders = [
            each.lent_by
            for each in self.powers
            if each.permission is permission and each.scope.covers(path)
        ]
        return None if None in lenders or not lenders else lenders[0]


async def who(ctx: Context, *, by: SignedIn) -> Official:
    """Return the official who is asking, with what they may do now.

    Refuses: NotStaff.
    """
    member = await staff.who(ctx, by=by)
    powers = await powers_of(ctx, member.id)
    return Official(id=member.id, session_id=by.session_id, staff=member, powers=powers)


async def powers_of(ctx: Context, staff_id: str) -> tuple[Power, ...]:
    """Work out what somebody may do now, and where."""
    held = await grants.held_by(ctx, staff_id)
    lenders = {grant.lent_by for grant in held if grant.lent_by is not None}
    lent = await _lent(ctx, lenders) if lenders else []
    roots = await _roots(ctx, [*held, *lent])
    theirs = {lender: _own(lent, lender, roots) for lender in lenders}
    powers: list[Power] = [*_own(held, staff_id, roots)]
    for grant in held:
        if grant.lent_by is not None:
            powers += _borrowed(grant, theirs[grant.lent_by], roots)
    return tuple(powers)


async def who_may(ctx: Context, permission: Permission, path: str) -> frozenset[str]:
    """Name everybody who may do this at a place of the tree now, lent powers too."""
    holders = await grants.holders(ctx, permission, path)
    return frozenset(
        [
            staff_id
            for staff_id in holders
            if reach_of(await powers_of(ctx, staff_id), permission).covers(path)
        ]
    )


async def _lent(ctx: Context, lenders: Iterable[str]) -> list[Grant]:
    """List what the lenders hold who still work for us."""
    ids = sorted(lenders)
    today = ctx.clock.today()
    rows = await Staff.many(ctx, {"_id": {"$in": ids}}, limit=len(ids))
    serving = [each.id for each in rows if each.is_serving(today)]
    return await grants.held_by(ctx, *serving) if serving else []


async def _roots(ctx: Context, held: Sequence[Grant]) -> dict[str, Scope]:
    """Find where each grant's unit stands, and stood while it made what it made."""
    ids = sorted({grant.unit_id for grant in held})
    found = await Unit.many(ctx, {"_id": {"$in": ids}}, limit=len(ids)) if ids else []
    return dict.fromkeys(ids, NOTHING) | {unit.id: unit.reach() for unit in found}


def _own(held: Sequence[Grant], staff_id: str, roots: dict[str, Scope]) -> list[Power]:
    return [
        Power(
            permission=permission,
            scope=roots[grant.unit_id],
            until=grant.ends_at or FOR_GOOD,
        )
        for grant in held
        if grant.staff_id == staff_id and grant.lent_by is None
        for permission in sorted(grant.permissions)
    ]


def _borrowed(
    grant: Grant, lenders: Sequence[Power], roots: dict[str, Scope]
) -> list[Power]:
    """Return of a lent grant what its lender still holds."""
    return [
        Power(
            permission=permission,
            scope=roots[grant.unit_id].narrowed(reach_of(lenders, permission)),
            lent_by=grant.lent_by,
            until=grant.ends_at or FOR_GOOD,
        )
        for permission in sorted(grant.permissions)
    ]


def reach_of(powers: Iterable[Power], permission: Permission) -> Scope:
    """Return where powers allow one thing."""
    return Scope.of(
        path
        for power in powers
        if power.permission is permission
        for path in power.scope.paths
    )
