"""Calling for help at a station, over HTTP (一键急救).

No limit, no sign-in, no consent: nothing here may keep a call from getting
through. What a person types is cut to size rather than refused.
"""

import asyncio
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import msgspec
from tornado.web import HTTPError

from handlers.base.access import worker_if_known
from handlers.base.answers import refuse
from handlers.base.crowd import Yields
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.worker.station_views import Gcj02View
from models.base.context import Context
from models.base.errors import Unavailable
from models.base.units import Instant, Metres
from models.stations import directory, first_aid, first_aid_help
from models.stations.first_aid import Call, Called
from models.stations.first_aid_alerts import Alert, Kind, NoSuchAlert, Outcome, State
from models.stations.first_aid_help import Aed
from models.stations.first_aid_ladder import level_at
from models.stations.stations import NoSuchStation, Station
from models.unions.staff import Staff

FOLLOW_UP = "Follow-Up-Token"
"""In a header, since addresses end up in logs."""


class HelpUnreachable(Unavailable):
    """We cannot ring anybody now; the person must not wait for us."""

    code = "first_aid_unreachable"
    message = "暂时通知不到驿站，请立即拨打120，并向身边的人求助。"


class CallRequest(msgspec.Struct):
    """What happened, as far as somebody in need can say; the rest is passed over."""

    kind: Kind = Kind.OTHER
    for_self: bool = True
    phone: str | int | None = None
    """To be called back; 32 characters are kept."""
    note: str | None = None
    """200 characters are kept; about oneself only with consent."""
    agrees_to_note: bool = False
    """Ticked under the note: it may be kept till 30 days after the end."""
    tap_id: str | None = None
    """Random, 16 letters or more, made once a call and sent with every try: so a
    stranger's second tap is known for one. Without it, the very same said from one
    network address within 30 seconds is one call."""
    scene: str | None = None
    """The code that was scanned; of a port, it says where in the station."""


class AedView(msgspec.Struct):
    """Where to fetch the nearest AED."""

    text: str
    is_here: bool
    station_id: str | None
    distance_m: Metres | None

    @classmethod
    def of(cls, aed: Aed) -> "AedView":
        """Show an AED."""
        return cls(
            text=aed.text,
            is_here=aed.is_here,
            station_id=aed.station_id,
            distance_m=aed.distance_m,
        )


class PlaceView(msgspec.Struct):
    """Where help goes."""

    id: str
    name: str
    address: str
    phone: str
    gcj02: Gcj02View

    @classmethod
    def of(cls, station: Station) -> "PlaceView":
        """Show a station."""
        return cls(
            id=station.id,
            name=station.name,
            address=station.address,
            phone=station.phone,
            gcj02=Gcj02View.of(station.place),
        )


class Answer(StrEnum):
    """What a responder has done so far."""

    CALLED = "called"
    COMING = "coming"
    ARRIVED = "arrived"


class ResponderView(msgspec.Struct):
    """Somebody who was called; the name is masked."""

    name: str
    answer: Answer


class AlertView(msgspec.Struct):
    """How a call stands, for who called."""

    id: str
    state: State
    level: int
    """How far the alarm has gone: 1 to 3."""
    called_at: Instant
    station: PlaceView
    spot: str | None
    responders: list[ResponderView]
    outcome: Outcome | None

    @classmethod
    async def of(cls, ctx: Context, alert: Alert) -> "AlertView":
        """Show an alert to its caller."""
        station = await directory.find(ctx, alert.station_id)
        return cls(
            id=alert.id,
            state=alert.state,
            level=level_at(alert, ctx.clock.now()),
            called_at=alert.called_at,
            station=PlaceView.of(station),
            spot=alert.spot,
            responders=await _responders(ctx, alert),
            outcome=alert.outcome,
        )


class CallView(msgspec.Struct):
    """What to do now, and who is being called."""

    call_120: str
    """To be shown first, and large."""
    aed: AedView | None
    alert: AlertView
    follow_up_token: str
    """Sent back in the header ``Follow-Up-Token``, it shows how the call stands."""
    note_kept: bool
    """False when the note needs a consent that was not given."""
    is_repeat: bool
    """Another tap of the same hand; the alert is the first one's."""

    @classmethod
    async def of(cls, ctx: Context, called: Called) -> "CallView":
        """Show a call."""
        details = called.alert.details
        aed = await first_aid_help.aed(ctx, called.station)
        return cls(
            call_120=first_aid_help.call_120(called.station),
            aed=None if aed is None else AedView.of(aed),
            alert=await AlertView.of(ctx, called.alert),
            follow_up_token=first_aid.follow_up_token(ctx, called.alert),
            note_kept=details is not None and details.note is not None,
            is_repeat=not called.is_new,
        )


class CallsHandler(Handler):
    """Calling for help."""

    def answer(self, status: int, answer: Any) -> None:
        """Answer 200 to another tap of the same hand: it made nothing."""
        repeat = isinstance(answer, CallView) and answer.is_repeat
        super().answer(HTTPStatus.OK if repeat else status, answer)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Whatever went wrong, say whom to call instead."""
        cause = kwargs.get("exc_info", (None, None))[1]
        if isinstance(cause, HTTPError | NoSuchStation):
            super().write_error(status_code, **kwargs)
        else:
            refuse(self, status_code, HelpUnreachable())

    @endpoint(
        access=worker_if_known,
        status=201,
        also=(200,),
        refusals=(NoSuchStation, HelpUnreachable),
        forgiving=True,
        yields=Yields.NEVER,
    )
    async def post(self, station_id: str, *, body: CallRequest) -> CallView:
        """Call for help at a station, or where one of its codes hangs.

        In place of the station's id, the scene code of its poster or of a port
        will do. Another tap within 30 seconds answers 200 with the same alert.
        """
        said = Call(
            kind=body.kind,
            for_self=body.for_self,
            phone=None if body.phone is None else str(body.phone),
            note=body.note,
            agrees=body.agrees_to_note,
            tap_id=self._hand(body),
            scene=body.scene,
        )
        called = await first_aid.call(self.ctx, station_id, said, by=self.actor)
        return await CallView.of(self.ctx, called)

    def _hand(self, said: CallRequest) -> str:
        """Return what two taps of one hand have in common.

        Without a tap id: one address saying the very same. Whoever says anything
        else, if only another number to call back, calls for themselves.
        """
        if said.tap_id is not None and len(said.tap_id) >= first_aid.SHORTEST_TAP_ID:
            return said.tap_id
        told = msgspec.json.encode([self.caller, said])
        return self.ctx.secrets.blind("hand", told.decode())


class CallHandler(Handler):
    """One call."""

    @endpoint(access=worker_if_known, refusals=(NoSuchAlert,), yields=Yields.NEVER)
    async def get(self, alert_id: str) -> AlertView:
        """See how my call stands; a stranger sends the follow-up token."""
        token = self.request.headers.get(FOLLOW_UP, "")
        alert = await first_aid.own(self.ctx, alert_id, token=token, by=self.actor)
        return await AlertView.of(self.ctx, alert)


async def _responders(ctx: Context, alert: Alert) -> list[ResponderView]:
    answers = {ring.staff_id: Answer.CALLED for ring in alert.rings}
    if alert.acknowledged is not None:
        answers[alert.acknowledged.by] = Answer.COMING
    if alert.arrived is not None:
        answers[alert.arrived.by] = Answer.ARRIVED
    staff = await asyncio.gather(*(Staff.get(ctx, id_) for id_ in answers))
    return [
        ResponderView(name=who.masked_name(ctx), answer=answers[who.id])
        for who in staff
        if who is not None
    ]


ROUTES: list[Route] = [
    ("/worker/v1/stations/{station_id}/first-aid", CallsHandler),
    ("/worker/v1/first-aid/{alert_id}", CallHandler),
]
