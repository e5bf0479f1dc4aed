"""Unheard (无后续): what happens and nothing follows from.

It is told live, counted or kept for questions, and its delivery is that it was looked
at. Each kind is named here: a kind that stands neither here nor in the switchboard is
one of a newer release, and waits for a worker that knows it.
"""

from models.base.events import Reactions
from models.stations.appeals import AppealMade
from models.stations.booked import (
    BookingDropped,
    BookingFinished,
    BookingOverstayed,
)
from models.stations.desk_marks import ExtensionUndone, FinishUndone
from models.stations.first_aid_alerts import (
    FirstAidAcknowledged,
    FirstAidArrived,
    FirstAidCalled,
    FirstAidClosed,
    FirstAidEscalated,
)
from models.stations.ledger import (
    CheckedIn,
    CheckInUndone,
    VisitMade,
    VisitorsCounted,
)
from models.stations.visit_imports import VisitsBroughtIn
from models.trainings.waitlist import OfferDeclined
from models.unions.granting import GrantEnded
from models.workers.renewals import TheftSuspected
from models.workers.workers import WorkerJoined

UNHEARD: Reactions = dict.fromkeys(
    (
        WorkerJoined,
        TheftSuspected,
        GrantEnded,
        BookingDropped,
        BookingFinished,
        BookingOverstayed,
        FinishUndone,
        ExtensionUndone,
        AppealMade,
        CheckedIn,
        CheckInUndone,
        VisitMade,
        VisitorsCounted,
        VisitsBroughtIn,
        FirstAidCalled,
        FirstAidAcknowledged,
        FirstAidEscalated,
        FirstAidArrived,
        FirstAidClosed,
        OfferDeclined,
    ),
    (),
)
