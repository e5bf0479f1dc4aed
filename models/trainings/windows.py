"""Windows (报名时间): from when to when a session takes sign-ups.

Half-open, and looked at with the moment a request arrived: that it is worked on
later harms nobody.
Source: rules §2.1.
"""

from datetime import datetime

from models.base.errors import Conflict
from models.trainings.sessions import (
    NoSuchTrainingSession,
    Session,
    Stage,
    check_on,
)


class SignUpNotOpen(Conflict):
    """Sign-up begins later; ``details.opens_at`` says when."""

    code = "sign_up_not_open"
    message = "报名还没有开始，请在开放时间后再来。"


class SignUpClosed(Conflict):
    """Sign-up is over."""

    code = "sign_up_closed"
    message = "这一期报名已截止，请看看其他班次。"


def check_window(session: Session, received_at: datetime) -> None:
    """Let a sign-up through that arrived in time.

    Refuses: NoSuchTrainingSession, while it is planned; SessionCancelled,
        SignUpNotOpen, SignUpClosed.
    """
    if session.stage is Stage.PLANNED:
        raise NoSuchTrainingSession
    check_on(session)
    if session.is_closed_at(received_at):
        raise SignUpClosed
    if received_at < session.sign_up_opens:
        raise SignUpNotOpen({"opens_at": session.sign_up_opens.isoformat()})
    if received_at >= session.sign_up_closes:
        raise SignUpClosed({"closed_at": session.sign_up_closes.isoformat()})
