"""Consents (同意): what each worker agreed to, in which version, until when.

Every giving and taking back is a line in a ledger that only grows; what stands now
is kept beside it, one document a person, written in the same transaction. Whatever
is stored under a consent is stored while *holding* it, so a withdrawal and a
storing at the same moment can never both go through.

Source: features X-08.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from pymongo import IndexModel

from models.base import personal
from models.base.context import Context
from models.base.documents import Document, plain
from models.base.errors import Conflict, Forbidden, NotFound
from models.base.events import Event, record
from models.base.store import atomic
from models.base.units import Instant
from models.workers import consent_texts
from models.workers.consent_texts import ConsentText, Purpose
from models.workers.sessions import SignedIn


class Deed(StrEnum):
    """What a line of the ledger tells."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Line(Document, kw_only=True, frozen=True):
    """One giving or taking back; never changed."""

    SHELF = "consent_ledger"
    PERSONAL = personal.renamed("同意记录", "worker_id")
    INDEXES = (IndexModel(["worker_id", "turn"], unique=True),)

    worker_id: str
    turn: int
    """`Consents.turns` after the deed: the order of one worker's lines."""
    purpose: Purpose
    version: int
    deed: Deed
    at: Instant


class Given(msgspec.Struct, frozen=True):
    """A version somebody agreed to."""

    version: int
    at: Instant


class Consents(Document, kw_only=True, frozen=True):
    """What stands now for one worker."""

    SHELF = "consents"
    PERSONAL = personal.deleted("现行同意", "_id", hidden=("turns",))

    given: dict[Purpose, Given] = msgspec.field(default_factory=dict)
    turns: int = 0
    """Grows with every write and every hold, so that any two of them clash."""


class ConsentWithdrawn(Event, kw_only=True, frozen=True):
    """A worker took a consent back; this room has forgotten what it kept under it."""

    worker_id: str
    purpose: Purpose


class ConsentRequired(Forbidden):
    """The worker has not agreed to the current text; ``details`` name it."""

    code = "consent_required"
    message = "使用此功能需要先阅读并同意相关说明。"

    @classmethod
    def to(cls, purpose: Purpose, version: int | None = None) -> "ConsentRequired":
        """Name what to show; without a version, the client reads the texts first."""
        return cls({"purpose": purpose, "version": version})


class ConsentOutdated(Conflict):
    """There is a newer version to read; ``details.version`` says which."""

    code = "consent_outdated"
    message = "说明已更新，请阅读最新版本后再确认。"


class NoSuchConsent(NotFound):
    """Nothing has been published for this purpose."""

    code = "no_such_consent"
    message = "没有找到这份说明，请返回重试。"


class ConsentNotGiven(NotFound):
    """There is nothing to take back."""

    code = "consent_not_given"
    message = "您没有同意过这一项，无需撤回。"


async def give(
    ctx: Context, purpose: Purpose, version: int, *, by: SignedIn
) -> tuple[ConsentText, Given]:
    """Agree to the current text (同意); once more changes nothing.

    Refuses: NoSuchConsent, ConsentOutdated.
    """
    text = await consent_texts.current(ctx, purpose)
    if text is None:
        raise NoSuchConsent
    if version != text.version:
        raise ConsentOutdated({"purpose": purpose, "version": text.version})
    await Consents.shelf(ctx).update_one(
        {"_id": by.id}, {"$setOnInsert": {"given": {}, "turns": 0}}, upsert=True
    )
    return text, await _give(ctx, text, by.id)


@atomic()
async def take_back(ctx: Context, purpose: Purpose, *, by: SignedIn) -> None:
    """Withdraw a consent; call `withdrawals.withdraw`, which also stops the use.

    Refuses: ConsentNotGiven.
    Records: ConsentWithdrawn.
    """
    before = await Consents.find(ctx, _id=by.id)
    given = None if before is None else before.given.get(purpose)
    update = {"$unset": {f"given.{purpose}": ""}}
    after = await _turn(ctx, by.id, purpose, update)
    if given is None or after is None:
        raise ConsentNotGiven
    await _note(ctx, after, purpose, given.version, Deed.WITHDRAWN)
    await record(ctx, ConsentWithdrawn(worker_id=by.id, purpose=purpose))


async def require(ctx: Context, worker_id: str, purpose: Purpose) -> None:
    """Go on only with a worker who agreed to the current text.

    Refuses: ConsentRequired.
    """
    text = await consent_texts.current(ctx, purpose)
    if text is None:
        raise ConsentRequired.to(purpose)
    consents = await Consents.get(ctx, worker_id)
    given = None if consents is None else consents.given.get(purpose)
    if given is None or given.version != text.version:
        raise ConsentRequired.to(purpose, text.version)


async def hold(ctx: Context, worker_id: str, purpose: Purpose) -> None:
    """Keep a consent from being withdrawn until this transaction has stored.

    Refuses: ConsentRequired.
    """
    if await _turn(ctx, worker_id, purpose, {}) is None:
        raise ConsentRequired.to(purpose)


async def of(ctx: Context, *, by: SignedIn) -> dict[Purpose, Given]:
    """Return what a worker has agreed to, in whatever version."""
    consents = await Consents.get(ctx, by.id)
    return {} if consents is None else consents.given


@atomic()
async def _give(ctx: Context, text: ConsentText, worker_id: str) -> Given:
    given = Given(version=text.version, at=ctx.clock.now())
    field = f"given.{text.purpose}"
    changed = await Consents.change(
        ctx,
        where={"_id": worker_id, f"{field}.version": {"$ne": text.version}},
        update={"$set": {field: plain(given)}, "$inc": {"turns": 1}},
    )
    if changed is None:
        stands = await Consents.find(ctx, _id=worker_id)
        return given if stands is None else stands.given.get(text.purpose, given)
    await _note(ctx, changed, text.purpose, text.version, Deed.GIVEN)
    return given


async def _turn(
    ctx: Context, worker_id: str, purpose: Purpose, update: Mapping[str, object]
) -> Consents | None:
    return await Consents.change(
        ctx,
        where={"_id": worker_id, f"given.{purpose}": {"$exists": True}},
        update={**update, "$inc": {"turns": 1}},
    )


async def _note(
    ctx: Context, after: Consents, purpose: Purpose, version: int, deed: Deed
) -> None:
    line = Line(
        id=ctx.new_id("consent"),
        worker_id=after.id,
        turn=after.turns,
        purpose=purpose,
        version=version,
        deed=deed,
        at=ctx.clock.now(),
    )
    await line.insert(ctx)
