"""Offers (递补): a seat that comes free is held for whoever waits first.

The seat goes straight from one enrolment to the next, so nobody slips in between;
seats that come free otherwise are taken by `offer_seats` like by anyone else. Every
deed here may be done twice or by two processes at once: the session says who holds
a seat, the enrolment's own state says what became of it.
Source: features S9-04; rules §2.2, §2.5.
"""

from datetime import datetime, timedelta

from models.agenda import hours
from models.agenda.hours import TimeConflict
from models.base.context import Context
from models.base.events import Event, record
from models.base.rounds import each
from models.base.store import atomic
from models.eligibility.evaluate import Status
from models.trainings import (
    admission,
    enrolments,
    programmes,
    seats,
    sessions,
    waitlist,
)
from models.trainings.enrolments import (
    ACTIVE,
    AFTER,
    SEATED,
    Enrolment,
    State,
    about,
    become,
)
from models.trainings.programmes import Programme
from models.trainings.seats import AlreadyEnrolled, Claim, SessionFull
from models.trainings.sessions import WITHOUT_HOLDERS, Session
from models.trainings.waitlist import (
    EligibilityLost,
    OfferLapsed,
    SeatOffered,
    WaitlistEnded,
)

A_ROUND = 200
"""Enrolments looked at in one question of the clockwork."""


async def free(ctx: Context, session_id: str, enrolment_id: str) -> None:
    """Pass the seat of an ended enrolment to who waits first, or back to all.

    Records: SeatOffered, EligibilityLost.
    """
    found = await seats.held_by(ctx, session_id, enrolment_id)
    if found is None:
        return
    session, held = found
    programme = await programmes.find(ctx, session.programme_id)
    groups = {*session.open_groups, *([held.group] if held.group else [])}
    if ctx.clock.now() < session.last_offer_at and session.left >= 0:
        async for waiter in waitlist.queue(ctx, session, groups):
            if await _may_have(ctx, waiter, programme, session) and (
                await seats.hand_on(ctx, session, held, _claim(waiter))
            ):
                await write_offer(ctx, waiter, programme, session)
                return
    await seats.give_back(ctx, session, held)


async def offer_seats(ctx: Context, session: Session) -> int:
    """Hold the free seats of a session for those who wait, in order.

    Records: SeatOffered, EligibilityLost.
    """
    made = 0
    if session.left <= 0 or ctx.clock.now() >= session.last_offer_at:
        return made
    programme = await programmes.find(ctx, session.programme_id)
    async for waiter in waitlist.queue(ctx, session, session.open_groups):
        if made >= session.left:
            break
        if not await _may_have(ctx, waiter, programme, session):
            continue
        try:
            await seats.take(ctx, session, _claim(waiter))
        except AlreadyEnrolled:
            continue
        except SessionFull:
            if (await sessions.find(ctx, session.id)).left <= 0:
                break
            continue
        await write_offer(ctx, waiter, programme, session)
        made += 1
    return made


async def offer_free_seats(ctx: Context) -> int:
    """Offer whatever came free without a hand-on, such as by a raised quota."""
    waiting = await Enrolment.shelf(ctx).distinct(
        "session_id", {"state": State.WAITLISTED, "session_id": {"$gt": ""}}
    )
    rows = Session.shelf(ctx).find(
        {"_id": {"$in": waiting}, "left": {"$gt": 0}}, WITHOUT_HOLDERS
    )
    free_ones = [Session.of(row) async for row in rows]
    return await each("offer", free_ones, lambda one: offer_seats(ctx, one))


async def lapse_overdue(ctx: Context) -> int:
    """End what time has ended: offers, waiting, sessions (过时).

    Records: OfferLapsed, WaitlistEnded, SeatOffered.
    """
    due = await Enrolment.many(
        ctx,
        {"state": {"$in": list(ACTIVE)}, "until": {"$lte": ctx.clock.now()}},
        sort=(("until", 1),),
        limit=A_ROUND,
    )
    return await each("turn_over", due, lambda one: turn_over(ctx, one))


async def turn_over(ctx: Context, enrolment: Enrolment) -> bool:
    """End one state whose time is over; False if somebody else did.

    Rules: one that has not heard yet that its session begins later is not over.
    """
    programme, session = await enrolments.both(ctx, enrolment)
    if enrolment.moves < session.moves and ctx.clock.now() < session.ends_at:
        return False
    told = about(enrolment, programme, session)
    events: dict[State, Event] = {
        State.OFFERED: OfferLapsed(**told, until=enrolment.until),
        State.WAITLISTED: WaitlistEnded(**told),
    }
    ended = await _end(
        ctx,
        enrolment.id,
        enrolment.state,
        AFTER[enrolment.state],
        events.get(enrolment.state),
    )
    if ended is not None and ended.state not in SEATED:
        await free(ctx, session.id, enrolment.id)
    return ended is not None


async def write_offer(
    ctx: Context, waiter: Enrolment, programme: Programme, session: Session
) -> None:
    """Write down that a seat taken for who waits is theirs for a while.

    Rules: if they left meanwhile, the seat goes on to the next.
    Records: SeatOffered.
    """
    held_until = ctx.clock.now() + timedelta(minutes=session.offer_minutes)
    until = min(held_until, session.starts_at)
    if await _write_offer(ctx, waiter, programme, session, until) is None:
        written = await Enrolment.find(ctx, _id=waiter.id)
        if written is not None and written.state not in SEATED:
            await free(ctx, session.id, waiter.id)


@atomic()
async def _write_offer(
    ctx: Context,
    waiter: Enrolment,
    programme: Programme,
    session: Session,
    until: datetime,
) -> Enrolment | None:
    waiting = {"_id": waiter.id, "state": State.WAITLISTED}
    offered = await become(ctx, waiting, State.OFFERED, until=until)
    if offered is not None:
        told = about(waiter, programme, session)
        await record(ctx, SeatOffered(**told, until=until))
    return offered


async def _may_have(
    ctx: Context, waiter: Enrolment, programme: Programme, session: Session
) -> bool:
    """Ask again whether a seat may be offered (复核).

    Rules: who is busy then keeps their place and is asked next time; only a plain no
    ends the waiting, since facts told with the request are not kept.
    """
    try:
        wanted = session.hours(waiter.id, programme.title)
        await hours.look(ctx, waiter.worker_id, wanted)
    except TimeConflict:
        return False
    known = await admission.facts_of(ctx, waiter.worker_id, {})
    verdict = admission.judge(programme, session, known, waiter.received_at)
    if verdict.status is not Status.NOT_ELIGIBLE:
        return True
    told = EligibilityLost(**about(waiter, programme, session))
    await _end(ctx, waiter.id, State.WAITLISTED, State.INELIGIBLE, told)
    return False


@atomic()
async def _end(
    ctx: Context, enrolment_id: str, old: State, new: State, told: Event | None
) -> Enrolment | None:
    ended = await become(ctx, {"_id": enrolment_id, "state": old}, new)
    if ended is not None and told is not None:
        await record(ctx, told)
    return ended


def _claim(waiter: Enrolment) -> Claim:
    return Claim(waiter.id, waiter.worker_id, waiter.groups)
