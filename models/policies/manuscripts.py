"""Manuscripts (稿件): what editors work on before the public reads it.

Policies and guidance go the same way; its life is drawn in ``stages``. This file
holds the noun and the one way its state may change: seen by a scope, from a state
the deed allows, in the version the doer saw, by hands that may. Each deed leaves a
step in the history and an entry in the audit.
Source: rules §1.1-1.3; features S1-07.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo import IndexModel

from models.base import audit, personal
from models.base.context import Context
from models.base.documents import NEWEST_FIRST, Document, plain
from models.base.errors import Conflict, NotFound
from models.base.store import atomic
from models.base.units import Instant
from models.policies.carried import Attachment, Removal
from models.policies.contents import Content, Kind
from models.policies.stages import Public, Stage, State, state_of
from models.policies.transitions import ANY, Deed, Transition
from models.unions.officials import Official, reach_of
from models.unions.permissions import Permission
from models.unions.scopes import Scope

MOST_STEPS = 500
"""Of one manuscript's history; an editor's savings in a row are one step."""

UNLISTED = dict.fromkeys(
    ("content.body", "content.rule", "content.test_persons", "history"), False
)
"""What a list has no use for."""


class Step(msgspec.Struct, kw_only=True, frozen=True):
    """One line of the history."""

    deed: Deed
    by: str
    acting_for: str | None = None
    at: Instant
    remark: str = ""


class Forced(msgspec.Struct, kw_only=True, frozen=True):
    """That it went live unreviewed, why, and who stood up for it since."""

    by: str
    at: Instant
    reason: str
    confirmed_by: str | None = None
    confirmed_at: Instant | None = None


class Manuscript(Document, kw_only=True, frozen=True):
    """One edition in the making, and what became of it."""

    SHELF = "manuscripts"
    PERSONAL = personal.nobody("its hands are officials'")
    INDEXES = (
        IndexModel(
            ["document_id"],
            name="one_open",
            unique=True,
            partialFilterExpression={"is_open": True},
        ),
        IndexModel([("document_id", 1), ("_id", -1)]),
        IndexModel([("org_path", 1), ("_id", -1)]),
        IndexModel([("stage", 1), ("_id", -1)]),
        IndexModel([("hands", 1), ("_id", -1)]),
        IndexModel([("kind", 1), ("_id", -1)]),
        IndexModel(["changed_at", "_id"]),
        IndexModel(["public.text_id"], sparse=True),
        IndexModel(["public.begins_at", "_id"]),
        IndexModel(["public.ends_at", "_id"]),
        IndexModel(["unconfirmed"], partialFilterExpression={"unconfirmed": True}),
    )

    kind: Kind
    document_id: str
    """The policy or article it is an edition of."""
    org_path: str
    """The unit that answers for it."""
    content: Content
    stage: Stage = Stage.DRAFT
    is_open: bool = True
    """Still being worked on; a document has one such at most."""
    lock_version: int = 1
    """Grows with every deed; who changes it says which one they saw."""
    author: str
    hands: tuple[str, ...]
    """Everybody who wrote, submitted or forced it, or lent the power to."""
    based_on: str | None = None
    """The public text it was begun from."""
    attachments: tuple[Attachment, ...] = ()
    removed: tuple[Removal, ...] = ()
    """What the public text carries and this will not."""
    public: Public | None = None
    forced: Forced | None = None
    unconfirmed: bool = False
    """It was forced, and nobody else has stood up for it yet."""
    history: tuple[Step, ...] = ()
    changed_at: Instant

    def state_at(self, now: datetime) -> State:
        """Say how far it has come at a moment."""
        return state_of(self.stage, self.public, now)


class NoSuchManuscript(NotFound):
    """No manuscript of this id lies within the official's reach."""

    code = "no_such_manuscript"
    message = "没有找到该稿件，请返回列表重新选择。"


class BadTransition(Conflict):
    """This cannot be done from where it stands; ``details.state`` says where."""

    code = "bad_transition"
    message = "稿件当前状态不能进行此操作，请刷新后查看。"


class StaleVersion(Conflict):
    """Somebody changed it since; ``details`` hold both versions."""

    code = "stale_version"
    message = "稿件已被他人修改，请对照两个版本后再保存。"


class FourEyes(Conflict):
    """Whoever wrote, submitted or forced it cannot be the one to let it pass."""

    code = "four_eyes"
    message = "不能审核自己编写、提交或强制发布的稿件，请由其他人审核。"


class Seen(msgspec.Struct, kw_only=True, frozen=True):
    """What the doer had before their eyes."""

    version: int | None = None
    """None: whatever is there."""
    theirs: Content | None = None
    """What they wrote themselves, to be shown beside what is there."""


ANYTHING = Seen()
"""Whoever does not say what they saw takes what is there."""


def reach(by: Official, permissions: Iterable[Permission]) -> Scope:
    """Return where somebody may do something that any of some permissions allows.

    Refuses: PermissionMissing.
    """
    named = tuple(permissions)
    paths = [path for each in named for path in reach_of(by.powers, each).paths]
    return Scope.of(paths) if paths else by.scope(named[0])


def hands_of(by: Official, permissions: Iterable[Permission]) -> frozenset[str]:
    """Name everybody behind an act."""
    return frozenset().union(*(by.hands(each) for each in permissions))


async def find(
    ctx: Context,
    manuscript_id: str,
    *,
    by: Official,
    needs: Iterable[Permission] = ANY,
) -> Manuscript:
    """Return a manuscript within somebody's reach.

    Refuses: NoSuchManuscript, PermissionMissing.
    """
    scope = reach(by, needs)
    found = await Manuscript.get(ctx, manuscript_id)
    if found is None or not scope.covers(found.org_path):
        raise NoSuchManuscript
    return found


async def listed(
    ctx: Context,
    where: Mapping[str, Any],
    *,
    sort: Sequence[tuple[str, int]] = NEWEST_FIRST,
    limit: int,
) -> list[Manuscript]:
    """Return manuscripts for a list: without their texts and histories."""
    rows = Manuscript.shelf(ctx).find(where, UNLISTED, sort=list(sort), limit=limit)
    return [Manuscript.of(row) for row in await rows.to_list()]


@atomic()
async def advance(
    ctx: Context,
    manuscript_id: str,
    move: Transition,
    changes: Mapping[str, Any],
    *,
    by: Official,
    seen: Seen = ANYTHING,
    remark: str = "",
) -> Manuscript:
    """Do one deed to a manuscript: the only way its stage or content changes.

    Refuses: NoSuchManuscript, PermissionMissing, BadTransition, StaleVersion, FourEyes.
    """
    now = ctx.clock.now()
    found = await find(ctx, manuscript_id, by=by, needs=move.needs)
    require_state(found, move, now)
    _check_version(found, seen)
    if move.other_hands and not hands_of(by, move.needs).isdisjoint(found.hands):
        raise FourEyes
    step = Step(
        deed=move.deed,
        by=by.id,
        acting_for=lender(by, move.needs, found.org_path),
        at=now,
        remark=remark,
    )
    told = dict(changes) | {"history": _with(found.history, step), "changed_at": now}
    changed = await Manuscript.change(
        ctx,
        {"_id": found.id, "lock_version": found.lock_version},
        {"$set": plain(told), "$inc": {"lock_version": 1}},
    )
    if changed is None:
        raise StaleVersion
    await keep_audit(ctx, changed, step)
    return changed


def require_state(found: Manuscript, move: Transition, now: datetime) -> None:
    """Go on only from where a deed can be done.

    Refuses: BadTransition.
    """
    state = found.state_at(now)
    if state not in move.since:
        raise BadTransition({"state": state, "deed": move.deed})


async def keep_audit(ctx: Context, manuscript: Manuscript, step: Step) -> None:
    """Write a deed down for good."""
    await audit.note(
        ctx,
        who=step.by,
        what=f"manuscripts.{step.deed}",
        about=manuscript.id,
        reason=step.remark,
        acting_for=step.acting_for,
        org_path=manuscript.org_path,
    )


def lender(by: Official, needs: tuple[Permission, ...], path: str) -> str | None:
    """Name whose power an act rests on, if it was lent (代理)."""
    used = next((each for each in needs if by.may(each, path)), needs[0])
    return by.acting_for(used, path)


def joined(hands: Iterable[str], also: Iterable[str]) -> tuple[str, ...]:
    """Return everybody, each once."""
    return tuple(sorted({*hands, *also}))


def _check_version(found: Manuscript, seen: Seen) -> None:
    if seen.version is None or seen.version == found.lock_version:
        return
    details = {"lock_version": found.lock_version, "current": plain(found.content)}
    if seen.theirs is not None:
        details["yours"] = plain(seen.theirs)
    raise StaleVersion(msgspec.json.decode(msgspec.json.encode(details)))


def _with(history: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    """Add a step; saving again and again is told once, by its last time."""
    last = history[-1] if history else None
    if (
        last is not None
        and step.deed is Deed.SAVED
        and (last.deed, last.by) == (step.deed, step.by)
    ):
        return (*history[:-1], step)
    return (*history[-(MOST_STEPS - 1) :], step)
