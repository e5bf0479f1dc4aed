"""Sign-in codes (上课签到码): what the teacher's screen shows and learners scan.

::

    t1.session_a.119000000.<signature>

Source: rules §2.9 (rotating code); features S9-06.
"""

from models.base import rotating
from models.base.context import Context
from models.base.rotating import NAME, SCREEN_SLOT, BadCode, Shown
from models.trainings.sessions import check_on
from models.trainings.turning import reach
from models.unions.officials import Official

PURPOSE = "training_code"
SHAPE = rotating.shape(rf"t1\.(?P<session>{NAME})")


async def of_session(ctx: Context, session_id: str, *, by: Official) -> Shown:
    """Show a teacher the code of a session now (签到码).

    Refuses: PermissionMissing, NoSuchTrainingSession, SessionCancelled.
    """
    session = await reach(ctx, session_id, by=by)
    check_on(session)
    return rotating.show(ctx, PURPOSE, f"t1.{session.id}", SCREEN_SLOT)


def read(ctx: Context, text: str) -> str:
    """Return the session that a scanned code is of.

    Refuses: BadCode, CodeExpired.
    """
    said = SHAPE.fullmatch(text)
    if said is None or not rotating.is_ours(ctx, PURPOSE, said):
        raise BadCode
    rotating.check_time(ctx, said, SCREEN_SLOT)
    return said["session"]
