"""Codes for being helped (协助办理码): a worker's word that a clerk may do one thing.

::

    live ──▶ claimed ── the deed is done ──▶ gone      `assistances` has the record
      ▲         │
      │         ├── the deed is refused ──▶ live       five tries, then it is dead
      │         └── the process died ──▶ gone or live  `finishing` looks what was done
      └──▶ gone       after five minutes, or when a newer one of its purpose is asked

There is one document for each worker and purpose, so nobody has two live codes for
one thing. Only a blind index of the letters is kept. One guarded update claims the
code before the deed, so two clerks with one code are one deed.

Source: features S1-28; rules §7.9 (acting for).
"""

from datetime import timedelta
from enum import StrEnum

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import ids, personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Forbidden
from models.base.units import Instant
from models.unions.staff import Staff
from models.workers.revocations import Revocations
from models.workers.sessions import SignedIn

LETTERS = 8
"""Forty bits; with guessing limited, five minutes are far too short for them."""

LIFE = timedelta(minutes=5)

MOST_TRIES = 5
"""Deeds that may be tried with one code: a full slot, then another."""

LEASE = timedelta(minutes=2)
"""A deed not ended by then died with its process. Longer than the stations' sweep
needs to write a booking that was left half made."""

MISHEARD = str.maketrans({"i": "1", "l": "1", "o": "0", "-": None, " ": None})
"""What people read for letters that codes do not have."""


class What(StrEnum):
    """What a code lets be done."""

    BOOKING = "booking"
    SIGN_UP = "sign_up"
    IDENTITY_DECLARATION = "identity_declaration"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return LABELS[self]


LABELS = {
    What.BOOKING: "预约充电口",
    What.SIGN_UP: "报名培训",
    What.IDENTITY_DECLARATION: "申报身份",
}


MARK = "assistance_code"
"""The kind of blind mark that a code is found by."""


class Claim(msgspec.Struct, kw_only=True, frozen=True):
    """That a clerk is just doing it."""

    id: str
    """The id that the record of the deed will have."""
    staff_id: str
    station_id: str
    about: str
    """What it is done to: a slot, a session; empty for a declaration."""
    at: Instant
    until: Instant
    """A claim still there by then is `finishing`'s."""


class Code(Document, kw_only=True, frozen=True):
    """One code that lives, or whose deed is under way."""

    SHELF = "assistance_codes"
    PERSONAL = personal.deleted("", "worker_id")
    INDEXES = (
        IndexModel(["mark"], unique=True),
        IndexModel(["until"]),
        IndexModel(["worker_id"]),
        IndexModel(
            ["claim.until"], partialFilterExpression={"claim": {"$type": "object"}}
        ),
    )

    mark: str
    """Blind index of the letters."""
    worker_id: str
    session_id: str
    """The worker's session that asked; signed out, the code is dead."""
    what: What
    until: Instant
    tries: int = 0
    claim: Claim | None = None

    @property
    def under_way(self) -> Claim:
        """Return the claim of a code that somebody has claimed."""
        if self.claim is None:
            raise ValueError("nobody has claimed this code")
        return self.claim

    @property
    def worker(self) -> SignedIn:
        """Return whom the deed is done as."""
        return SignedIn(id=self.worker_id, session_id=self.session_id)


class Shown(msgspec.Struct, kw_only=True, frozen=True):
    """A code as its worker reads it out; never kept."""

    what: What
    code: str
    until: Instant

    def __repr__(self) -> str:
        return f"Shown({self.what}, …)"


class CodeNotValid(Forbidden):
    """Unknown, over, used, tried out or for something else; it is not said which."""

    code = "code_not_valid"
    message = "办理码无效或已过期，请让本人在手机上重新生成后再试。"


class DeedUnderWay(Conflict):
    """A clerk is just using the code before."""

    code = "deed_under_way"
    message = "工作人员正在用您的办理码办理，请稍等片刻再生成新的。"


async def ask(ctx: Context, what: What, *, by: SignedIn) -> Shown:
    """Make a code to be helped with one thing (生成办理码); it ends the one before.

    Refuses: DeedUnderWay.
    """
    letters, until = ids.new_code(LETTERS), ctx.clock.now() + LIFE
    code = Code(
        id="assistance-code_" + ctx.secrets.blind("assisted", f"{by.id}:{what}"),
        mark=ctx.secrets.blind(MARK, _heard(letters)),
        worker_id=by.id,
        session_id=by.session_id,
        what=what,
        until=until,
    )
    try:
        await Code.shelf(ctx).replace_one(
            {"_id": code.id, "claim": None}, plain(code), upsert=True
        )
    except DuplicateKeyError as clash:
        raise DeedUnderWay from clash
    return Shown(what=what, code=letters, until=until)


async def claim(
    ctx: Context, letters: str, what: What, *, station_id: str, about: str, by: Staff
) -> Code:
    """Take a code for one deed; of those who try at once one has it.

    Refuses: CodeNotValid.
    """
    now = ctx.clock.now()
    taken = Claim(
        id=ctx.new_id("assistance"),
        staff_id=by.id,
        station_id=station_id,
        about=about,
        at=now,
        until=now + LEASE,
    )
    code = await Code.change(
        ctx,
        where={
            "mark": ctx.secrets.found_by(MARK, _heard(letters)),
            "what": what,
            "until": {"$gt": now},
            "tries": {"$lt": MOST_TRIES},
            "claim": None,
        },
        update={"$set": {"claim": plain(taken)}, "$inc": {"tries": 1}},
    )
    if code is None:
        raise CodeNotValid
    if await ctx.the(Revocations).include(ctx, code.session_id):
        await use_up(ctx, code)
        raise CodeNotValid
    return code


async def give_back(ctx: Context, code: Code) -> None:
    """Let a code live on whose deed was not done."""
    await Code.shelf(ctx).update_one(_claimed(code), {"$set": {"claim": None}})


async def use_up(ctx: Context, code: Code) -> None:
    """Let a claimed code be gone; in the transaction of what it was used for."""
    await Code.shelf(ctx).delete_one(_claimed(code))


async def forget_old(ctx: Context) -> int:
    """Delete codes whose time is over, but none whose deed is under way."""
    over = {"until": {"$lte": ctx.clock.now()}, "claim": None}
    return (await Code.shelf(ctx).delete_many(over)).deleted_count


def _claimed(code: Code) -> dict[str, str]:
    return {"_id": code.id, "claim.id": code.under_way.id}


def _heard(letters: str) -> str:
    return letters.lower().translate(MISHEARD)
