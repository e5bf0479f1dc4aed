"""The one table of URLs: the sum of each file's ROUTES."""

from handlers.base import docs, health
from handlers.base.routing import Route
from handlers.station import auth as station_auth
from handlers.station import check_ins as station_check_ins
from handlers.station import codes as station_codes
from handlers.wechat import push
from handlers.worker import (
    agenda,
    auth,
    bookings,
    check_ins,
    consents,
    enrolments,
    identities,
    me,
    messages,
    nearby,
    scenes,
    stations,
    subscriptions,
    trainings,
    walk_ins,
)

ROUTES: list[Route] = [
    *health.ROUTES,
    *docs.ROUTES,
    *auth.ROUTES,
    *me.ROUTES,
    *consents.ROUTES,
    *identities.ROUTES,
    *trainings.ROUTES,
    *enrolments.ROUTES,
    *agenda.ROUTES,
    *messages.ROUTES,
    *subscriptions.ROUTES,
    *stations.ROUTES,
    *bookings.ROUTES,
    *walk_ins.ROUTES,
    *nearby.ROUTES,
    *scenes.ROUTES,
    *check_ins.ROUTES,
    *station_auth.ROUTES,
    *station_codes.ROUTES,
    *station_check_ins.ROUTES,
    *push.ROUTES,
]
