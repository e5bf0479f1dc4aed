"""Verifications (身份核实): a worker asks, the union looks at proof and says yes or no.

::

    waiting ── verify ──▶ verified ── revoke ──▶ revoked
       │                     └── valid_until passed ──▶ lapsed
       ├── refuse ──▶ refused         with a reason the worker can act on
       └── take back ──▶ taken_back   also when the consent goes

What the union found is written into the worker's identities in the same transaction;
whoever asks there by the clock sees it lapse at the very moment. The proof is kept
sealed, read only with a reason and on record, and let go once it is not needed.

Source: features S1-03; rules 1.10; PIPL (个人信息保护法) art. 28, 29.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict, NotFound
from models.base.events import Event
from models.base.units import Instant
from models.workers.identities import ClientClass

MOST_EVIDENCE = 6
"""Pages of one request; more is a misunderstanding."""

NOTICE = timedelta(days=30)
"""Before it lapses, to find the papers once more."""


class State(StrEnum):
    """Where a request is in its life."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REFUSED = "refused"
    REVOKED = "revoked"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken_back"


class Verification(Document, kw_only=True, frozen=True):
    """One request to have a class verified."""

    SHELF = "verifications"
    PERSONAL = personal.deleted("身份核实申请", "worker_id")
    INDEXES = (
        IndexModel(
            ["worker_id", "client_class"],
            unique=True,
            partialFilterExpression={"state": State.WAITING},
        ),
        IndexModel([("worker_id", 1), ("_id", -1)]),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel(["unit_id"]),
        IndexModel(["valid_until"], partialFilterExpression={"state": State.VERIFIED}),
    )

    worker_id: str
    client_class: ClientClass
    unit_id: str
    org_path: str
    """Path of the union that is asked; follows the worker while it waits."""
    state: State = State.WAITING
    asked_at: Instant
    evidence: tuple[str, ...] = ()
    """Ids of files, each held by this request."""
    decided_by: str | None = None
    decided_at: Instant | None = None
    reason: str | None = None
    """Why it was refused or revoked, for the worker to read."""
    valid_until: Instant | None = None
    seen_in_person: bool = False
    """The originals were shown at the desk."""
    is_notice_given: bool = False


class VerificationEvent(Event, kw_only=True, frozen=True):
    """What a message about a request needs to say."""

    verification_id: str
    worker_id: str
    client_class: ClientClass


class IdentityVerified(VerificationEvent, kw_only=True, frozen=True):
    """The union has seen proof."""

    valid_until: Instant


class IdentityRefused(VerificationEvent, kw_only=True, frozen=True):
    """What was shown does not prove it."""

    reason: str


class IdentityRevoked(VerificationEvent, kw_only=True, frozen=True):
    """It turned out not to be so."""

    reason: str


class IdentityLapsing(VerificationEvent, kw_only=True, frozen=True):
    """In thirty days it counts no more."""

    valid_until: Instant


class IdentityLapsed(VerificationEvent, kw_only=True, frozen=True):
    """It counts no more."""


class NoSuchVerification(NotFound):
    """No request that is theirs to see has this id."""

    code = "no_such_verification"
    message = "没有找到这条身份核实申请，可能已撤回。"


class VerificationMoved(Conflict):
    """The request is in another state by now; ``details.state`` says which."""

    code = "verification_moved"
    message = "这条申请的状态已变化，请刷新后查看。"


async def of_worker(ctx: Context, worker_id: str) -> list[Verification]:
    """List a worker's requests, newest first."""
    return await Verification.many(ctx, {"worker_id": worker_id})


def about(verification: Verification) -> dict[str, Any]:
    """Return what every event of a request says."""
    return {
        "verification_id": verification.id,
        "worker_id": verification.worker_id,
        "client_class": verification.client_class,
    }
