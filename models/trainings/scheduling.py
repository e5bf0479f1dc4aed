"""Scheduling sessions (排班次): planning, opening, closing early, resizing them.

What staff change of a session is one guarded update of it; what follows for those
who signed up is in `calling_off` and `moving`.
Source: rules §2.1, §2.3, §2.5; features S9-02.
"""

from collections.abc import Mapping
from datetime import datetime

from models.base.context import Context
from models.base.documents import plain
from models.base.errors import Conflict, Invalid
from models.trainings import offers, planning, seats, session_drafts
from models.trainings.programmes import Standing
from models.trainings.session_drafts import (
    HORIZON,
    BadSession,
    GroupDraft,
    SessionDraft,
)
from models.trainings.sessions import (
    BY_START,
    WITHOUT_HOLDERS,
    Meeting,
    Session,
    Stage,
)
from models.trainings.turning import (
    RUNNING,
    Seen,
    guard,
    note,
    reach,
    refusal,
    staged,
    turn,
)
from models.unions.officials import Official

MOST_SESSIONS = 200
"""Of one programme; more is a mistake."""


class ProgrammeNotOpen(Conflict):
    """The programme itself is not open yet."""

    code = "programme_not_open"
    message = "培训项目尚未开放，请先由同事开放项目，再开放班次。"


class NoSuchGroup(Invalid):
    """The session has no group of this name; ``details.path`` names it."""

    code = "no_such_group"
    message = "这一期没有这个名额分组，请检查分组名称。"


async def plan(
    ctx: Context, programme_id: str, draft: SessionDraft, *, by: Official
) -> Session:
    """Plan a session of a programme (新建班次); no worker sees it yet.

    Refuses: PermissionMissing, NoSuchProgramme, BadSession.
    """
    programme = await planning.reach(ctx, programme_id, by=by)
    session_drafts.check(draft, ctx.clock.now())
    session = Session(
        id=ctx.new_id("session"),
        programme_id=programme.id,
        org_path=programme.org_path,
        stage=Stage.PLANNED,
        version=1,
        **draft.fields(),
    )
    await session.insert(ctx)
    await note(ctx, "training_session.plan", session, by=by)
    return session


async def change(
    ctx: Context, session_id: str, draft: SessionDraft, *, version: int, by: Official
) -> Session:
    """Write a session anew that is only planned (修改班次).

    Refuses: PermissionMissing, NoSuchTrainingSession, BadSession, SessionMovedOn,
        StaleVersion.
    """
    session = await reach(ctx, session_id, by=by)
    session_drafts.check(draft, ctx.clock.now())
    seen = Seen("change", (Stage.PLANNED,), version, by)
    return await turn(ctx, session, plain(draft.fields()), seen)


async def copy(
    ctx: Context, session_id: str, *, starts_at: datetime, by: Official
) -> Session:
    """Plan the same again, beginning at another moment (复制班次).

    Refuses: PermissionMissing, NoSuchTrainingSession, NoSuchProgramme, BadSession.
    """
    old = await reach(ctx, session_id, by=by)
    if not ctx.clock.now() < starts_at <= ctx.clock.now() + HORIZON:
        message = "请选择今后十年内的开课时间。"
        raise BadSession({"path": "$.starts_at"}, message=message)
    later = starts_at - old.starts_at
    draft = SessionDraft(
        meetings=tuple(
            Meeting(starts_at=each.starts_at + later, ends_at=each.ends_at + later)
            for each in old.meetings
        ),
        place=old.place,
        sign_up_opens=old.sign_up_opens + later,
        sign_up_closes=old.sign_up_closes + later,
        cancel_until=old.cancel_until + later,
        latest_offer_hours=old.latest_offer_hours,
        offer_minutes=old.offer_minutes,
        seats=old.seats,
        groups=tuple(
            GroupDraft(name=each.name, classes=each.classes, seats=each.seats)
            for each in old.groups
        ),
    )
    return await plan(ctx, old.programme_id, draft, by=by)


async def open_up(
    ctx: Context, session_id: str, *, version: int, by: Official
) -> Session:
    """Let workers see a session and sign up in its window (开放班次).

    Refuses: PermissionMissing, NoSuchTrainingSession, ProgrammeNotOpen,
        SessionMovedOn, StaleVersion.
    """
    session = await reach(ctx, session_id, by=by)
    programme = await planning.reach(ctx, session.programme_id, by=by)
    if programme.standing is not Standing.OPEN:
        raise ProgrammeNotOpen({"standing": programme.standing})
    seen = Seen("open", (Stage.PLANNED,), version, by)
    return await turn(ctx, session, staged(ctx, Stage.OPEN), seen)


async def close(
    ctx: Context, session_id: str, *, version: int, reason: str, by: Official
) -> Session:
    """Take no more sign-ups before the window's end (提前截止); who waits, waits on.

    Refuses: PermissionMissing, NoSuchTrainingSession, SessionMovedOn, StaleVersion.
    """
    session = await reach(ctx, session_id, by=by)
    seen = Seen("close", (Stage.OPEN,), version, by, reason)
    return await turn(ctx, session, staged(ctx, Stage.CLOSED), seen)


async def reopen(
    ctx: Context,
    session_id: str,
    *,
    version: int,
    sign_up_closes: datetime | None,
    by: Official,
) -> Session:
    """Take sign-ups again, till the window's end or a later one (重新开放报名).

    Refuses: PermissionMissing, NoSuchTrainingSession, BadSession, SessionMovedOn,
        StaleVersion.
    """
    session = await reach(ctx, session_id, by=by)
    closes = sign_up_closes or session.sign_up_closes
    if not ctx.clock.now() < closes <= session.starts_at:
        message = "报名截止须晚于现在、不晚于开课。"
        raise BadSession({"path": "$.sign_up_closes"}, message=message)
    fields = {**staged(ctx, Stage.OPEN), "sign_up_closes": closes}
    return await turn(ctx, session, fields, Seen("reopen", RUNNING, version, by))


async def resize(
    ctx: Context,
    session_id: str,
    *,
    wanted: int,
    groups: Mapping[str, int],
    version: int,
    by: Official,
) -> Session:
    """Change how many seats there are (调整名额); new ones go to who waits first.

    Rules: nobody is thrown out; fewer than are taken shows as over-booked.
    Refuses: PermissionMissing, NoSuchTrainingSession, NoSuchGroup, SessionMovedOn,
        StaleVersion.
    Records: SeatOffered.
    """
    session = await reach(ctx, session_id, by=by)
    names = {each.name for each in session.groups}
    for name, count in groups.items():
        if name not in names or count > wanted:
            raise NoSuchGroup({"path": f"$.groups.{name}"})
    seen = Seen("resize", (Stage.PLANNED, *RUNNING), version, by)
    resized = await seats.resize(
        ctx, session.id, seats=wanted, groups=groups, only=guard(ctx, session, seen)
    )
    if resized is None:
        raise await refusal(ctx, session, seen)
    await note(ctx, "training_session.resize", session, by=by)
    await offers.offer_seats(ctx, resized)
    return await reach(ctx, session_id, by=by)


async def of_programme(
    ctx: Context, programme_id: str, *, by: Official
) -> list[Session]:
    """List all sessions of a programme, soonest first.

    Refuses: PermissionMissing, NoSuchProgramme.
    """
    programme = await planning.reach(ctx, programme_id, by=by)
    rows = Session.shelf(ctx).find(
        {"programme_id": programme.id}, WITHOUT_HOLDERS, sort=list(BY_START)
    )
    return [Session.of(row) async for row in rows.limit(MOST_SESSIONS)]
