"""First aid on demand (一键急救): calling for help. Answering is `first_aid_response`.

Calling never fails for a rule: no sign-in, no consent, no limit, no opening hours
and no strikes stand before it. The alarm is raised first; what else was said is
added after. Only another tap of the same hand within half a minute is the same
call; two people are never taken for one.

Source: features S1-18; rules §3.3, §3.8.
"""

from datetime import timedelta

import msgspec

from models.base.context import Context
from models.base.documents import exactly
from models.base.errors import Conflict
from models.base.events import record
from models.base.store import atomic
from models.stations import first_aid_details as details
from models.stations import first_aid_ladder as ladder
from models.stations.first_aid_alerts import (
    Alert,
    FirstAidCalled,
    Kind,
    NoSuchAlert,
    State,
    tell,
)
from models.stations.first_aid_places import Spot, find_spot
from models.stations.stations import Station
from models.workers.sessions import SignedIn

SAME_TAP = timedelta(seconds=30)
"""A second tap so soon is a nervous thumb, not a second emergency."""

SHORTEST_TAP_ID = 16
"""Letters; a shorter one could be two strangers' (such as "1") and counts as none."""


class Call(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody says who needs help."""

    kind: Kind = Kind.OTHER
    for_self: bool = True
    phone: str | None = None
    note: str | None = None
    agrees: bool = False
    """Ticked, under this call, that the note may be kept."""
    tap_id: str | None = None
    """Made up by the phone once for one call: the same for every try of it."""
    scene: str | None = None
    """The code that was scanned, when the place is named otherwise."""


class Called(msgspec.Struct, kw_only=True, frozen=True):
    """The alert that stands for a call."""

    alert: Alert
    station: Station
    is_new: bool
    """False when another tap made it."""


class _TappedAgain(Conflict):
    """The same hand made the same call a moment ago."""


async def call(ctx: Context, place: str, said: Call, *, by: SignedIn | None) -> Called:
    """Call for help at a station, named by its id or by a code there (呼叫急救).

    Rules: the same again within 30 s is the same alert; nobody on duty means the
    second rung at once; a note about oneself is kept only with consent.
    Refuses: NoSuchStation.
    Records: FirstAidCalled.
    """
    spot = await find_spot(ctx, place, said.scene)
    alert = _draft(ctx, spot, said, by)
    while True:
        earlier = await _same_tap(ctx, alert.tap)
        if earlier is not None:
            return await _called(ctx, earlier, spot, said, by, is_new=False)
        level, staff_ids = await ladder.first(ctx, spot.station)
        try:
            raised = await _raise(ctx, alert, spot.station, level, staff_ids)
        except _TappedAgain:
            continue
        return await _called(ctx, raised, spot, said, by, is_new=True)


async def own(ctx: Context, alert_id: str, *, token: str, by: SignedIn | None) -> Alert:
    """Return an alert to who called, by their account or their follow-up token.

    Refuses: NoSuchAlert.
    """
    alert = await Alert.get(ctx, alert_id)
    if alert is None:
        raise NoSuchAlert
    is_caller = by is not None and by.id == alert.caller_id
    if not is_caller and not ctx.secrets.is_signed("first_aid", alert_id, token):
        raise NoSuchAlert
    return alert


def follow_up_token(ctx: Context, alert: Alert) -> str:
    """Return what lets a stranger follow their call; made anew, never stored."""
    return ctx.secrets.sign("first_aid", alert.id)


def _draft(ctx: Context, spot: Spot, said: Call, by: SignedIn | None) -> Alert:
    now = ctx.clock.now()
    return Alert(
        id=ctx.new_id("alert"),
        station_id=spot.station.id,
        org_path=spot.station.org_path,
        spot=spot.port,
        for_self=said.for_self,
        caller_id=None if by is None else by.id,
        called_at=now,
        tap=_tap(ctx, spot.station, said, by),
        level=1,
        climb_at=None,
        details=details.first(
            ctx,
            said.kind,
            phone=said.phone,
            note=said.note,
            for_self=said.for_self,
            agrees=said.agrees,
        ),
        forget_at=now + details.KEPT,
    )


def _tap(ctx: Context, station: Station, said: Call, by: SignedIn | None) -> str | None:
    """Say what two taps of one hand have in common; None when nobody knows."""
    tap_id = said.tap_id or ""
    hand = by.id if by is not None else tap_id
    if by is None and len(tap_id) < SHORTEST_TAP_ID:
        return None
    return ctx.secrets.blind("tap", f"{station.id}:{said.kind}:{said.for_self}:{hand}")


async def _same_tap(ctx: Context, tap: str | None) -> Alert | None:
    if tap is None:
        return None
    mine = {"tap": exactly(tap)}
    over = [
        {"called_at": {"$lte": ctx.clock.now() - SAME_TAP}},
        {"state": State.CLOSED},
    ]
    await Alert.change(ctx, {**mine, "$or": over}, {"$set": {"tap": None}})
    return await Alert.find(ctx, **mine)


@atomic(duplicate=_TappedAgain)
async def _raise(
    ctx: Context, draft: Alert, station: Station, level: int, staff_ids: list[str]
) -> Alert:
    alert = msgspec.structs.replace(
        draft,
        level=level,
        climb_at=ladder.due_after(level, draft.called_at),
        rings=tuple(ladder.rings(ctx, staff_ids, level)),
    )
    await alert.insert(ctx)
    event = FirstAidCalled(**tell(alert), station_name=station.name, level=level)
    await record(ctx, event)
    return alert


async def _called(
    ctx: Context,
    alert: Alert,
    spot: Spot,
    said: Call,
    by: SignedIn | None,
    *,
    is_new: bool,
) -> Called:
    if by is not None and said.note:
        alert = await details.add_under_consent(ctx, alert, said.note, by=by)
    return Called(alert=alert, station=spot.station, is_new=is_new)
