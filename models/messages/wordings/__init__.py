"""Every sentence people are told, a file a matter; here all of them together."""

from models.messages.kinds import Kind, Wording
from models.messages.wordings import (
    accounts,
    bookings,
    comments,
    identities,
    manuscripts,
    policies,
    trainings,
)

WORDINGS: dict[Kind, Wording] = {
    **bookings.WORDINGS,
    **trainings.WORDINGS,
    **policies.WORDINGS,
    **manuscripts.WORDINGS,
    **identities.WORDINGS,
    **accounts.WORDINGS,
    **comments.WORDINGS,
}
