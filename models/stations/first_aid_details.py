"""Details of a first-aid call (健康细节): kept sealed, read on record, soon gone.

The promise of the consent text `health`, and where it is kept:

- a note about oneself is kept only with consent, held while it is stored;
- who was called for this very alert reads it, and each reading is recorded;
- thirty days after the end nothing is left that says what somebody had, nor who
  called; without consent, nothing is left as soon as it has ended;
- consent taken back: gone at once.

Source: features S1-18, X-08; rules §3.8; PIPL art. 13, 28–30.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from models.base import audit
from models.base.context import Context
from models.base.store import atomic
from models.stations.first_aid_alerts import Alert, Basis, Details, Kind, State
from models.unions.staff import Staff
from models.workers import consents
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired, ConsentWithdrawn
from models.workers.sessions import SignedIn
from models.workers.workers import Worker

KEPT = timedelta(days=30)
"""After the end; or after the call, should nobody ever close it."""

LONGEST_NOTE = 200
LONGEST_PHONE = 32
"""Characters; what is longer is cut, since a call for help is never refused."""


class Opened(msgspec.Struct, kw_only=True, frozen=True):
    """Details as a responder reads them."""

    note: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "Opened(…)"


def first(
    ctx: Context,
    kind: Kind,
    *,
    phone: str | None,
    note: str | None,
    for_self: bool,
    agrees: bool,
) -> Details:
    """Return what is kept from the start: all but a note that needs consent."""
    basis = Basis.NONE
    if note and not for_self:
        basis = Basis.FOR_ANOTHER
    elif note and agrees:
        basis = Basis.CONSENT
    return Details(
        kind=kind,
        note=_sealed(ctx, note, LONGEST_NOTE) if basis is not Basis.NONE else None,
        phone=_sealed(ctx, phone, LONGEST_PHONE),
        basis=basis,
    )


async def add_under_consent(
    ctx: Context, alert: Alert, note: str, *, by: SignedIn
) -> Alert:
    """Add the note of a worker who agreed to it some time; else leave it out."""
    if alert.details is None or alert.details.note is not None:
        return alert
    try:
        await consents.require(ctx, by.id, Purpose.HEALTH)
        return await _add(ctx, alert, note, by) or alert
    except ConsentRequired:
        return alert


def may_read(alert: Alert, by: Staff) -> bool:
    """Say whether somebody is of this response: called for it, or answered it."""
    deeds = (alert.acknowledged, alert.arrived)
    answered = any(deed is not None and deed.by == by.id for deed in deeds)
    return answered or alert.was_called(by.id)


async def read(ctx: Context, alert: Alert, *, by: Staff) -> Opened | None:
    """Open the details for somebody of this response, on record (查看急救细节).

    Rules: without a number of the call, the one the caller bound to be called back.
    """
    kept = alert.details_at(ctx.clock.now())
    if kept is None or not may_read(alert, by):
        return None
    phone = kept.phone
    if phone is None and alert.caller_id is not None:
        caller = await Worker.get(ctx, alert.caller_id)
        phone = None if caller is None else caller.phone
    if kept.note is None and phone is None:
        return Opened()
    await audit.note(
        ctx,
        who=by.id,
        what="first_aid.read_details",
        about=alert.id,
        subject=alert.caller_id,
        org_path=alert.org_path,
    )
    unseal = ctx.secrets.open
    return Opened(
        note=None if kept.note is None else unseal(kept.note),
        phone=None if phone is None else unseal(phone),
    )


def when_closed(now: datetime) -> dict[str, Any]:
    """Return what closing an alert changes here, for a pipeline."""
    bare = {"$eq": ["$details.basis", Basis.NONE]}
    return {
        "details": {"$cond": [bare, None, "$details"]},
        "forget_at": now + KEPT,
    }


async def forget(ctx: Context) -> int:
    """Erase what is thirty days old; run every few minutes. Returns how many."""
    done = await Alert.shelf(ctx).update_many(
        {"forget_at": {"$lte": ctx.clock.now(), "$type": "date"}},
        {
            "$set": {
                "details": None,
                "reason": None,
                "caller_id": None,
                "tap": None,
                "forget_at": None,
            }
        },
    )
    return done.modified_count


async def forget_withdrawn(ctx: Context, event: ConsentWithdrawn) -> None:
    """Erase at once what a worker no longer consents to; again changes nothing."""
    if event.purpose is not Purpose.HEALTH:
        return
    under_it = {"caller_id": event.worker_id, "details.basis": Basis.CONSENT}
    shelf = Alert.shelf(ctx)
    await shelf.update_many(
        {**under_it, "state": State.CLOSED}, {"$set": {"details": None}}
    )
    await shelf.update_many(
        under_it, {"$set": {"details.note": None, "details.basis": Basis.NONE}}
    )


@atomic()
async def _add(ctx: Context, alert: Alert, note: str, by: SignedIn) -> Alert | None:
    await consents.hold(ctx, by.id, Purpose.HEALTH)
    sealed = _sealed(ctx, note, LONGEST_NOTE)
    return await Alert.change(
        ctx,
        {
            "_id": alert.id,
            "state": {"$ne": State.CLOSED},
            "details": {"$ne": None},
            "details.note": None,
        },
        {"$set": {"details.note": sealed, "details.basis": Basis.CONSENT}},
    )


def _sealed(ctx: Context, text: str | None, longest: int) -> str | None:
    kept = (text or "").strip()[:longest]
    return ctx.secrets.seal(kept) if kept else None
