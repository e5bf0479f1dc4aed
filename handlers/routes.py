"""The one table of URLs: the sum of each file's ROUTES."""

from handlers.base import console, docs, health
from handlers.base.routing import Route
from handlers.station import assisted as station_assisted
from handlers.station import auth as station_auth
from handlers.station import booking_changes, duty
from handlers.station import bookings as station_bookings
from handlers.station import check_ins as station_check_ins
from handlers.station import codes as station_codes
from handlers.station import cut_offs as station_cut_offs
from handlers.station import drop_ins as station_drop_ins
from handlers.station import first_aid as station_first_aid
from handlers.station import hats as station_hats
from handlers.station import kit as station_kit
from handlers.station import kit_books as station_kit_books
from handlers.station import live as station_live
from handlers.station import me as station_me
from handlers.station import opening as station_opening
from handlers.station import regions as station_regions
from handlers.station import visits as station_visits
from handlers.union import (
    account_deeds,
    accounts,
    attachments,
    attendance,
    audit,
    editions,
    emergencies,
    grants,
    imports,
    manuscripts,
    moderation,
    moves,
    previews,
    publishing,
    reviews,
    rosters,
    rule_check,
    synonyms,
    training_sessions,
    training_stages,
    vocabulary,
)
from handlers.union import appeals as union_appeals
from handlers.union import auth as union_auth
from handlers.union import closures as union_closures
from handlers.union import hats as union_hats
from handlers.union import kits as union_kits
from handlers.union import live as union_live
from handlers.union import me as union_me
from handlers.union import messages as union_messages
from handlers.union import pins as union_pins
from handlers.union import policies as union_policies
from handlers.union import rotas as union_rotas
from handlers.union import stations as union_stations
from handlers.union import statistics as union_statistics
from handlers.union import trainings as union_trainings
from handlers.union import units as union_units
from handlers.union import verifications as union_verifications
from handlers.union import workers as union_workers
from handlers.wechat import push
from handlers.worker import (
    access_log,
    agenda,
    assisted,
    auth,
    bookings,
    check_ins,
    comments,
    consents,
    drop_ins,
    enrolments,
    exports,
    first_aid,
    guidance,
    hats,
    home,
    identities,
    leaving,
    matches,
    me,
    messages,
    nearby,
    policies,
    policy_attachments,
    regions,
    saved_policies,
    scenes,
    search,
    slots,
    stations,
    strikes,
    subscriptions,
    training_check_ins,
    training_eligibility,
    trainings,
    units,
    verifications,
    walk_ins,
)
from handlers.worker import live as worker_live

ROUTES: list[Route] = [
    *health.ROUTES,
    *docs.ROUTES,
    *console.ROUTES,
    *auth.ROUTES,
    *me.ROUTES,
    *consents.ROUTES,
    *identities.ROUTES,
    *units.ROUTES,
    *regions.ROUTES,
    *verifications.ROUTES,
    *access_log.ROUTES,
    *assisted.ROUTES,
    *exports.ROUTES,
    *leaving.ROUTES,
    *policies.ROUTES,
    *policy_attachments.ROUTES,
    *saved_policies.ROUTES,
    *guidance.ROUTES,
    *matches.ROUTES,
    *search.ROUTES,
    *home.ROUTES,
    *trainings.ROUTES,
    *training_eligibility.ROUTES,
    *training_check_ins.ROUTES,
    *enrolments.ROUTES,
    *agenda.ROUTES,
    *messages.ROUTES,
    *subscriptions.ROUTES,
    *stations.ROUTES,
    *slots.ROUTES,
    *bookings.ROUTES,
    *walk_ins.ROUTES,
    *drop_ins.ROUTES,
    *nearby.ROUTES,
    *scenes.ROUTES,
    *check_ins.ROUTES,
    *comments.ROUTES,
    *first_aid.ROUTES,
    *station_auth.ROUTES,
    *station_me.ROUTES,
    *station_codes.ROUTES,
    *station_check_ins.ROUTES,
    *station_bookings.ROUTES,
    *booking_changes.ROUTES,
    *station_assisted.ROUTES,
    *station_visits.ROUTES,
    *station_kit.ROUTES,
    *station_kit_books.ROUTES,
    *union_kits.ROUTES,
    *strikes.ROUTES,
    *union_appeals.ROUTES,
    *union_statistics.ROUTES,
    *station_first_aid.ROUTES,
    *duty.ROUTES,
    *union_auth.ROUTES,
    *union_me.ROUTES,
    *union_messages.ROUTES,
    *union_units.ROUTES,
    *moves.ROUTES,
    *accounts.ROUTES,
    *account_deeds.ROUTES,
    *grants.ROUTES,
    *audit.ROUTES,
    *emergencies.ROUTES,
    *hats.ROUTES,
    *station_hats.ROUTES,
    *union_hats.ROUTES,
    *imports.ROUTES,
    *vocabulary.ROUTES,
    *rule_check.ROUTES,
    *station_opening.ROUTES,
    *station_drop_ins.ROUTES,
    *station_regions.ROUTES,
    *station_cut_offs.ROUTES,
    *union_stations.ROUTES,
    *union_closures.ROUTES,
    *attachments.ROUTES,
    *previews.ROUTES,
    *union_rotas.ROUTES,
    *union_trainings.ROUTES,
    *training_sessions.ROUTES,
    *training_stages.ROUTES,
    *rosters.ROUTES,
    *attendance.ROUTES,
    *manuscripts.ROUTES,
    *union_policies.ROUTES,
    *union_pins.ROUTES,
    *reviews.ROUTES,
    *publishing.ROUTES,
    *editions.ROUTES,
    *synonyms.ROUTES,
    *worker_live.ROUTES,
    *station_live.ROUTES,
    *union_live.ROUTES,
    *moderation.ROUTES,
    *union_verifications.ROUTES,
    *union_workers.ROUTES,
    *push.ROUTES,
]
