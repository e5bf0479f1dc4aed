"""The switchboard: what follows from what happened.

One page, read top to bottom; the deeds themselves stand beside it, a file a room.
Rooms never call each other sideways; what one room's deed means for another is
written here and nowhere else. A reaction may be run again, so each makes its effect
unique by the event's id.

A reminder is planned first and then its reason is looked at: whoever cancels in
between is seen either by this look or by the event of the cancellation.
"""

from models.assisted.assistances import AssistanceGiven
from models.base.events import Reactions
from models.members import asking, verifications
from models.members.affiliations import UnitChosen
from models.members.verifications import Verification
from models.messages import pushes
from models.messages.kinds import Kind
from models.moderation import checking, pieces
from models.moderation.words import Word
from models.policies import progress
from models.policies.announcements import PolicyChanged
from models.privacy import erasures
from models.reactions import (
    bookings,
    identities,
    kits,
    manuscripts,
    moderation,
    people,
    policies,
    trainings,
    unions,
)
from models.reactions.unheard import UNHEARD
from models.stations import booked, first_aid_details, strikes
from models.stations.appeals import AppealDecided
from models.stations.cut_offs import PowerCutDue
from models.stations.desk_marks import BookingExtended, NoShowUndone
from models.stations.kit_notices import KitRunsOut
from models.stations.relocations import BookingRelocated
from models.stations.settling import BookingCutShort
from models.stations.stations import Station
from models.trainings import (
    calling_off,
    completion,
    enrolments,
    moving,
    roster_deeds,
    waitlist,
)
from models.trainings.programmes import Programme
from models.unions.accounts import AccountLeft
from models.unions.emergencies import EmergencyOpened
from models.unions.granting import GrantGiven
from models.unions.moves import UnitMoved
from models.workers.consents import ConsentWithdrawn
from models.workers.workers import Worker

REACTIONS: Reactions = {
    **UNHEARD,
    erasures.ErasureAsked: [people.tell_of_erasure],
    erasures.ErasureCalledOff: [people.tell_of_staying],
    AssistanceGiven: [people.tell_of_assistance],
    ConsentWithdrawn: [
        people.forget_facts,
        first_aid_details.forget_withdrawn,
        asking.forget_withdrawn,
    ],
    UnitChosen: [asking.follow_unit],
    verifications.IdentityVerified: [
        identities.tell_of_identity(Kind.IDENTITY_VERIFIED)
    ],
    verifications.IdentityRefused: [identities.tell_of_identity(Kind.IDENTITY_REFUSED)],
    verifications.IdentityRevoked: [identities.tell_of_identity(Kind.IDENTITY_REVOKED)],
    verifications.IdentityLapsing: [identities.tell_of_identity(Kind.IDENTITY_LAPSING)],
    verifications.IdentityLapsed: [identities.tell_of_identity(Kind.IDENTITY_LAPSED)],
    booked.BookingMade: [
        bookings.tell_of_booking(Kind.BOOKING_MADE),
        bookings.plan_booking_reminder,
    ],
    booked.BookingUsed: [bookings.drop_booking_reminder],
    booked.BookingEnding: [bookings.tell_of_booking(Kind.BOOKING_ENDING)],
    booked.BookingCancelled: [
        bookings.drop_booking_reminder,
        bookings.tell_of_cancelled_booking,
    ],
    BookingRelocated: [
        bookings.drop_booking_reminder,
        bookings.tell_of_booking(Kind.BOOKING_RELOCATED),
        bookings.plan_booking_reminder,
    ],
    PowerCutDue: [bookings.tell_of_booking(Kind.POWER_CUT_DUE)],
    BookingCutShort: [bookings.tell_of_booking(Kind.BOOKING_CUT_SHORT)],
    booked.BookingMissed: [bookings.tell_of_booking(Kind.BOOKING_MISSED)],
    strikes.WorkerSuspended: [bookings.tell_of_suspension],
    AppealDecided: [bookings.tell_of_appeal],
    KitRunsOut: [kits.tell_of_kit],
    BookingExtended: [bookings.tell_of_booking(Kind.BOOKING_EXTENDED)],
    NoShowUndone: [bookings.tell_of_booking(Kind.NO_SHOW_UNDONE)],
    enrolments.EnrolmentMade: [
        trainings.tell_of_training(Kind.ENROLMENT_MADE),
        trainings.plan_training_reminders,
    ],
    enrolments.EnrolmentCancelled: [
        trainings.drop_training_reminders,
        trainings.tell_of_training(Kind.ENROLMENT_CANCELLED),
    ],
    calling_off.SessionCalledOff: [
        trainings.drop_training_reminders,
        trainings.tell_of_training(Kind.TRAINING_CALLED_OFF),
    ],
    roster_deeds.EnrolmentRemoved: [
        trainings.drop_training_reminders,
        trainings.tell_of_training(Kind.ENROLMENT_REMOVED),
    ],
    completion.TrainingCompleted: [trainings.tell_of_training(Kind.TRAINING_COMPLETED)],
    moving.SessionMoved: [trainings.renew_training_reminders, trainings.tell_of_move],
    waitlist.WaitlistJoined: [trainings.tell_of_training(Kind.WAITLIST_JOINED)],
    waitlist.WaitlistEnded: [trainings.tell_of_training(Kind.WAITLIST_ENDED)],
    waitlist.EligibilityLost: [trainings.tell_of_training(Kind.ELIGIBILITY_LOST)],
    waitlist.SeatOffered: [trainings.tell_of_training(Kind.SEAT_OFFERED)],
    waitlist.OfferLapsed: [trainings.tell_of_training(Kind.OFFER_LAPSED)],
    GrantGiven: [unions.tell_of_grant],
    EmergencyOpened: [unions.tell_of_emergency],
    AccountLeft: [unions.tell_of_leaving],
    UnitMoved: [
        unions.follow(Station),
        unions.follow(Programme),
        unions.follow(Word),
        unions.follow(Worker),
        unions.follow(Verification),
    ],
    progress.ManuscriptSubmitted: [manuscripts.tell_reviewers(Kind.MANUSCRIPT_WAITS)],
    progress.ManuscriptApproved: [manuscripts.tell_hands(Kind.MANUSCRIPT_APPROVED)],
    progress.ManuscriptRejected: [manuscripts.tell_hands(Kind.MANUSCRIPT_REJECTED)],
    progress.ManuscriptForced: [manuscripts.tell_reviewers(Kind.MANUSCRIPT_FORCED)],
    progress.ManuscriptConfirmed: [manuscripts.tell_hands(Kind.MANUSCRIPT_CONFIRMED)],
    PolicyChanged: [policies.tell_of_changed_policy],
    pieces.PieceHandedIn: [checking.check_handed_in],
    pieces.PieceRefused: [moderation.tell_of_refused],
    pieces.PieceAllowed: [moderation.tell_of_allowed],
    pushes.MediaJudged: [moderation.take_media_verdict],
    pushes.WeChatPermissionRevoked: [people.forget_revoked],
    pushes.WeChatProfileModified: [people.forget_nickname],
    pushes.WeChatAccountCancelled: [people.forget_cancelled],
    pushes.CardAnswered: [pushes.count_answers],
    pushes.CardRefused: [pushes.clear_refused],
    pushes.CardDelivered: [pushes.mark_delivered],
}
