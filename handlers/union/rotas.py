"""First-aid rotas at the back office, over HTTP (急救排班)."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import WRITES
from handlers.base.routing import Route
from models.base.context import Context
from models.base.units import Day, Id, Instant
from models.stations import rotas
from models.stations.hours import BadHours
from models.stations.intervals import Intervals
from models.stations.overrides import Reason
from models.stations.rotas import (
    DayShift,
    Duties,
    Gap,
    Rota,
    RotaChanged,
    Shift,
    SpecialDuty,
)
from models.stations.stations import NoSuchStation, Station
from models.stations.weekly import Week
from models.unions.accounts import NoSuchAccount
from models.unions.officials import Official
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff

managing = official(Permission.STATIONS)

Rev = Annotated[
    int, Meta(ge=0, le=10**9, description="The rota's `rev` that was seen.")
]


class ShiftRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Who serves when, every week."""

    staff_id: Id
    weekly: Week


class DayShiftRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Who serves when, on one day."""

    staff_id: Id
    intervals: Intervals


class SpecialDutyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A day whose shifts are not the week's."""

    day: Day
    reason: Reason
    shifts: Annotated[list[DayShiftRequest], Meta(max_length=50)] = []

    def duty(self) -> SpecialDuty:
        """Return the day as it is kept."""
        shifts = [
            DayShift(staff_id=each.staff_id, intervals=each.intervals)
            for each in self.shifts
        ]
        return SpecialDuty(day=self.day, shifts=tuple(shifts), reason=self.reason)


class RotaRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The whole rota of a station."""

    rev: Rev
    responders: Annotated[list[ShiftRequest], Meta(max_length=50)] = []
    """In the order they are called."""
    on_call: Annotated[list[Id], Meta(max_length=20)] = []
    special: Annotated[list[SpecialDutyRequest], Meta(max_length=60)] = []

    def duties(self) -> Duties:
        """Return what the verb wants to know."""
        return Duties(
            responders=tuple(
                Shift(staff_id=each.staff_id, weekly=each.weekly)
                for each in self.responders
            ),
            on_call=tuple(dict.fromkeys(self.on_call)),
            special=tuple(each.duty() for each in self.special),
        )


class MemberView(msgspec.Struct):
    """Somebody a rota names or may name; the name is masked."""

    staff_id: str
    name: str | None
    serves_here: bool
    """Works for us and at this station today; others are not called."""
    roles: tuple[Role, ...]
    """None of whoever lies outside the reader's reach, such as one who moved."""

    @classmethod
    def of(
        cls, ctx: Context, id_: str, who: Staff | None, station: Station, by: Official
    ) -> "MemberView":
        """Show somebody; of whom we know no more, the id."""
        if who is None:
            return cls(id_, None, False, ())
        serves = who.is_serving(ctx.clock.today()) and who.may_serve(station.id)
        is_ours = by.may(Permission.STATIONS, who.org_path)
        roles = tuple(who.roles) if is_ours else ()
        return cls(id_, who.masked_name(ctx), serves, roles)


class GapView(msgspec.Struct):
    """Nobody is on duty then although the door is open."""

    start: Instant
    end: Instant
    attended: bool

    @classmethod
    def of(cls, gap: Gap) -> "GapView":
        """Show a gap."""
        return cls(gap.start, gap.end, gap.attended)


class RotaView(msgspec.Struct, kw_only=True):
    """The rota of a station, and where nobody is on duty in the next seven days."""

    station_id: str
    rev: int
    responders: tuple[Shift, ...]
    on_call: tuple[str, ...]
    special: tuple[SpecialDuty, ...]
    members: list[MemberView]
    """Everybody it names, then everybody else whom it may name."""
    gaps: list[GapView]

    @classmethod
    async def of(
        cls, ctx: Context, station: Station, rota: Rota, *, by: Official
    ) -> "RotaView":
        """Show a rota."""
        ids, today = sorted(rotas.named(rota)), ctx.clock.today()
        named, others = await asyncio.gather(
            asyncio.gather(*(Staff.get(ctx, each) for each in ids)),
            rotas.nameable(ctx, station, by=by),
        )
        everybody = dict(zip(ids, named, strict=True))
        everybody |= {each.id: each for each in others if each.id not in everybody}
        members = [
            MemberView.of(ctx, id_, who, station, by) for id_, who in everybody.items()
        ]
        serving = {each.staff_id for each in members if each.serves_here}
        found = rotas.gaps(station, rota, serving, today)
        return cls(
            station_id=station.id,
            rev=rota.rev,
            responders=rota.responders,
            on_call=rota.on_call,
            special=rota.special,
            members=members,
            gaps=[GapView.of(each) for each in found],
        )


class StationRotaHandler(Handler):
    """The rota of a station."""

    @endpoint(access=managing, refusals=(NoSuchStation,))
    async def get(self, station_id: str) -> RotaView:
        """Show it, with the hours that nobody covers."""
        station, rota = await rotas.find(self.ctx, station_id, by=self.actor)
        return await RotaView.of(self.ctx, station, rota, by=self.actor)

    @endpoint(
        access=managing,
        refusals=(NoSuchStation, NoSuchAccount, BadHours, RotaChanged),
        limit=WRITES,
    )
    async def put(self, station_id: str, *, body: RotaRequest) -> RotaView:
        """Write it anew; everybody named must be within my reach."""
        await rotas.put(
            self.ctx, station_id, body.duties(), rev=body.rev, by=self.actor
        )
        station, rota = await rotas.find(self.ctx, station_id, by=self.actor)
        return await RotaView.of(self.ctx, station, rota, by=self.actor)


ROUTES: list[Route] = [("/union/v1/stations/{station_id}/rota", StationRotaHandler)]
