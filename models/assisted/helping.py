"""Helping (协助办理): a clerk does a worker's own deed, with the worker's code.

The order is: count the guess, claim the code, do the deed as the worker, write it
down. The deed is the very verb of the worker's own door, with the same limits,
refusals and events. Refused, it gives the code back for another try; what a dying
process leaves claimed is `finishing`'s.

A clerk hears why a deed is refused, but nothing of the worker's other appointments
or of what they told about themself.

Source: features S1-28; rules §7.9 (acting for).
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from models.assisted import assistances, codes
from models.assisted.assistances import Assistance
from models.assisted.codes import Code, What
from models.base import attempts
from models.base.context import Context
from models.base.errors import Refusal, TooMany, Unavailable
from models.base.store import atomic
from models.stations import bookings, desk, directory
from models.stations.booked import Booking
from models.trainings import sign_ups
from models.trainings.admission import NotEligible
from models.trainings.enrolments import Enrolment
from models.unions.staff import Staff
from models.workers import identities
from models.workers.identities import ClientClass, Identity

T = TypeVar("T")

MOST_BY_STAFF = 8
"""Wrong codes of one staff member in a row; letters are misheard."""

MOST_AT_STATION = 30
"""Wrong codes at one station in a row, whoever tries."""


class TooManyGuesses(TooMany):
    """Too many wrong codes in a row; ``Retry-After`` says when to come back."""

    code = "too_many_guesses"
    message = "办理码输错次数过多，请15分钟后再试，或请本人在手机上自行办理。"


class AssistedBooking(NamedTuple):
    """A booking made for somebody, and the record of it."""

    given: Assistance
    booking: Booking


class AssistedSignUp(NamedTuple):
    """A sign-up made for somebody, and the record of it."""

    given: Assistance
    enrolment: Enrolment


class AssistedDeclaration(NamedTuple):
    """Classes declared for somebody, and the record of it."""

    given: Assistance
    declared: tuple[Identity, ...]


async def book(
    ctx: Context, station_id: str, letters: str, slot_id: str, *, by: Staff
) -> AssistedBooking:
    """Book a port for a worker (协助预约).

    Refuses: NoSuchStation, RoleMissing, TooManyGuesses, CodeNotValid, and what
        `bookings.book` refuses.
    Records: BookingMade, AssistanceGiven.
    """
    code = await _claim(ctx, station_id, letters, What.BOOKING, about=slot_id, by=by)
    deed = bookings.book(ctx, slot_id, by=code.worker)
    booking = await _or_give_back(ctx, code, deed)
    given = await assistances.write_down(ctx, code, booking.id)
    return AssistedBooking(given, booking)


async def sign_up(
    ctx: Context,
    station_id: str,
    letters: str,
    session_id: str,
    *,
    by: Staff,
    told: Mapping[str, Any] = sign_ups.NOTHING,
    or_wait: bool = False,
) -> AssistedSignUp:
    """Sign a worker up for a training (协助报名).

    Refuses: NoSuchStation, RoleMissing, TooManyGuesses, CodeNotValid, and what
        `sign_ups.sign_up` refuses.
    Records: EnrolmentMade or WaitlistJoined, AssistanceGiven.
    """
    code = await _claim(ctx, station_id, letters, What.SIGN_UP, about=session_id, by=by)
    deed = sign_ups.sign_up(
        ctx,
        session_id,
        by=code.worker,
        received_at=code.under_way.at,
        told=told,
        or_wait=or_wait,
    )
    enrolment = await _or_give_back(ctx, code, deed)
    given = await assistances.write_down(ctx, code, enrolment.id)
    return AssistedSignUp(given, enrolment)


async def declare(
    ctx: Context,
    station_id: str,
    letters: str,
    classes: Sequence[ClientClass],
    *,
    by: Staff,
) -> AssistedDeclaration:
    """Declare a worker's client classes (协助申报身份), in place of those before.

    Refuses: NoSuchStation, RoleMissing, TooManyGuesses, CodeNotValid.
    Records: AssistanceGiven.
    """
    code = await _claim(
        ctx, station_id, letters, What.IDENTITY_DECLARATION, about="", by=by
    )
    return await _or_give_back(ctx, code, _declare(ctx, code, classes))


@atomic()
async def _declare(
    ctx: Context, code: Code, classes: Sequence[ClientClass]
) -> AssistedDeclaration:
    declared = await identities.declare(ctx, classes, by=code.worker)
    given = await assistances.write_down(ctx, code, None)
    return AssistedDeclaration(given, declared)


async def _claim(
    ctx: Context, station_id: str, letters: str, what: What, *, about: str, by: Staff
) -> Code:
    """Claim a code at one's own station; a right one does not count as a guess.

    Refuses: NoSuchStation, RoleMissing, TooManyGuesses, CodeNotValid.
    """
    desk.check_clerk(by, station_id)
    await directory.find(ctx, station_id)
    of_staff = ctx.secrets.blind("assisting_staff", by.id)
    at_station = ctx.secrets.blind("assisting_station", station_id)
    refusal = TooManyGuesses
    await attempts.count(ctx, of_staff, most=MOST_BY_STAFF, refusal=refusal)
    await attempts.count(ctx, at_station, most=MOST_AT_STATION, refusal=refusal)
    code = await codes.claim(
        ctx, letters, what, station_id=station_id, about=about, by=by
    )
    await attempts.take_back(ctx, of_staff)
    await attempts.take_back(ctx, at_station)
    return code


async def _or_give_back(ctx: Context, code: Code, deed: Awaitable[T]) -> T:
    """Do the deed; refused, the code may be tried again.

    Rules: when nobody knows whether it was done, the claim stays, and `finishing`
    looks. Why they cannot come, or may not, is the worker's own affair.
    """
    try:
        with desk.of_another():
            return await deed
    except Unavailable:
        raise
    except Refusal as refusal:
        await codes.give_back(ctx, code)
        if isinstance(refusal, NotEligible):
            raise NotEligible from refusal
        raise
