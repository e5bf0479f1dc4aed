"""Writing (编写): a manuscript is begun, saved, handed in and taken back.

Source: rules §1.1, §1.3, §1.5; features S1-07, S1-09.
"""

from msgspec import structs

from models.base.context import Context
from models.base.errors import Conflict, Invalid, NotFound
from models.base.store import atomic
from models.policies import contents, editions, manuscripts, progress
from models.policies.contents import Content, Kind
from models.policies.editions import Edition, Policy
from models.policies.guides import Article
from models.policies.manuscripts import Manuscript, Seen, Step, advance
from models.policies.stages import Stage
from models.policies.texts import Subject
from models.policies.transcripts import written
from models.policies.transitions import (
    ARCHIVE,
    SAVE,
    SUBMIT,
    TAKE_BACK,
    WRITE,
    Deed,
)
from models.unions.officials import Official

SUBJECTS: dict[Kind, type[Subject]] = {Kind.POLICY: Policy, Kind.GUIDANCE: Article}

NOUNS = {Kind.POLICY: "policy", Kind.GUIDANCE: "guide"}


class OpenDraftExists(Conflict):
    """Somebody is at work on the next edition; ``details`` name that manuscript."""

    code = "open_draft_exists"
    message = "该文件已有一份未完成的稿件，请在那份稿件上继续。"


class NoSuchDocument(NotFound):
    """No policy or article of this id lies within the official's reach."""

    code = "no_such_document"
    message = "没有找到该政策或文章，请返回列表重新选择。"


class NoSuchEdition(NotFound):
    """The policy has no edition of this id."""

    code = "no_such_edition"
    message = "没有找到该版本，请返回版本列表重新选择。"


class TitleNeeded(Invalid):
    """A manuscript is found by its title, so it has one from the start."""

    code = "title_needed"
    message = "请先填写标题再保存。"


async def begin(
    ctx: Context,
    kind: Kind,
    content: Content,
    *,
    by: Official,
    document_id: str | None = None,
    based_on: Edition | None = None,
) -> Manuscript:
    """Begin a manuscript of something new, or of a document's next edition (新建稿件).

    Rules: what the newest text carries, or the one it is based on, it carries too.
    Refuses: NoSuchDocument, OpenDraftExists, BadRule, Unstorable, TitleNeeded,
    PermissionMissing.
    """
    if document_id is None:
        org_path = _home(by)
        document_id = ctx.new_id(NOUNS[kind])
    else:
        org_path = await _path_of(ctx, kind, document_id, by=by)
        based_on = based_on or await editions.newest(ctx, document_id)
    step = Step(
        deed=Deed.BEGUN,
        by=by.id,
        acting_for=manuscripts.lender(by, WRITE, org_path),
        at=ctx.clock.now(),
    )
    manuscript = Manuscript(
        id=ctx.new_id("manuscript"),
        kind=kind,
        document_id=document_id,
        org_path=org_path,
        content=_sound(content),
        author=by.id,
        hands=manuscripts.joined(manuscripts.hands_of(by, WRITE), ()),
        based_on=None if based_on is None else based_on.id,
        attachments=() if based_on is None else based_on.attachments,
        history=(step,),
        changed_at=step.at,
    )
    try:
        return await _insert(ctx, manuscript)
    except OpenDraftExists:
        raise OpenDraftExists(await open_one(ctx, document_id)) from None


async def save(
    ctx: Context, manuscript_id: str, content: Content, *, version: int, by: Official
) -> Manuscript:
    """Save what was written, if nobody else has since (保存).

    Rules: whoever saves is an author from then on; a rejected one is a draft again.
    Refuses: NoSuchManuscript, BadTransition, StaleVersion, BadRule, Unstorable,
    TitleNeeded, PermissionMissing.
    """
    sound = _sound(content)
    return await _with_hands(
        ctx,
        manuscript_id,
        {"content": sound, "stage": Stage.DRAFT},
        by=by,
        seen=Seen(version=version, theirs=sound),
    )


@atomic()
async def submit(
    ctx: Context, manuscript_id: str, *, by: Official, remark: str = ""
) -> Manuscript:
    """Hand a manuscript in for review (提交审核).

    Refuses: NoSuchManuscript, BadTransition, Incomplete, TestPersonsFailed,
    PermissionMissing.
    Records: ManuscriptSubmitted.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    handed_in = await advance(
        ctx,
        manuscript_id,
        SUBMIT,
        {"stage": Stage.SUBMITTED, "hands": _hands(found, by)},
        by=by,
        remark=remark,
    )
    contents.require_whole(handed_in.kind, handed_in.content)
    await progress.tell(ctx, progress.ManuscriptSubmitted, handed_in, remark, by=by)
    return handed_in


async def take_back(ctx: Context, manuscript_id: str, *, by: Official) -> Manuscript:
    """Take a manuscript back to go on writing (撤回提交).

    Refuses: NoSuchManuscript, BadTransition, PermissionMissing.
    """
    return await advance(ctx, manuscript_id, TAKE_BACK, {"stage": Stage.DRAFT}, by=by)


async def archive(
    ctx: Context, manuscript_id: str, *, by: Official, remark: str = ""
) -> Manuscript:
    """Put away what is over, or what was given up (归档).

    Refuses: NoSuchManuscript, BadTransition, PermissionMissing.
    """
    away = {"stage": Stage.ARCHIVED, "is_open": False}
    return await advance(ctx, manuscript_id, ARCHIVE, away, by=by, remark=remark)


async def copy(ctx: Context, manuscript_id: str, *, by: Official) -> Manuscript:
    """Begin something new with another manuscript's words (复制).

    Refuses: NoSuchManuscript, PermissionMissing.
    """
    found = await manuscripts.find(ctx, manuscript_id, by=by)
    return await begin(ctx, found.kind, found.content, by=by)


async def republish(
    ctx: Context, policy_id: str, edition_id: str, *, by: Official
) -> Manuscript:
    """Begin a policy's next edition with the words of an older one (重新起草).

    Refuses: NoSuchDocument, NoSuchEdition, OpenDraftExists, PermissionMissing.
    """
    await _path_of(ctx, Kind.POLICY, policy_id, by=by)
    edition = await Edition.find(ctx, _id=edition_id, policy_id=policy_id)
    if edition is None:
        raise NoSuchEdition
    before = await Manuscript.find(ctx, **{"public.text_id": edition_id})
    content = written(edition) if before is None else before.content
    return await begin(
        ctx,
        Kind.POLICY,
        structs.replace(content, minor=False),
        by=by,
        document_id=policy_id,
        based_on=edition,
    )


async def document_path(
    ctx: Context, kind: Kind, document_id: str, *, by: Official
) -> str:
    """Return which unit answers for a document, if it lies within somebody's reach.

    One that was never public is known by its manuscripts.

    Refuses: NoSuchDocument, PermissionMissing.
    """
    scope = manuscripts.reach(by, manuscripts.ANY)
    known: Subject | Manuscript | None = await SUBJECTS[kind].get(ctx, document_id)
    if known is None:
        known = await Manuscript.find(ctx, document_id=document_id, kind=kind)
    if known is None or not scope.covers(known.org_path):
        raise NoSuchDocument
    return known.org_path


@atomic(duplicate=OpenDraftExists)
async def _insert(ctx: Context, manuscript: Manuscript) -> Manuscript:
    await manuscript.insert(ctx)
    await manuscripts.keep_audit(ctx, manuscript, manuscript.history[0])
    return manuscript


async def open_one(ctx: Context, document_id: str) -> dict[str, str]:
    """Name the manuscript of a document that is being worked on."""
    found = await Manuscript.find(ctx, document_id=document_id, is_open=True)
    return {} if found is None else {"manuscript_id": found.id, "stage": found.stage}


@atomic()
async def _with_hands(
    ctx: Context,
    manuscript_id: str,
    changes: dict[str, object],
    *,
    by: Official,
    seen: Seen,
) -> Manuscript:
    found = await manuscripts.find(ctx, manuscript_id, by=by, needs=WRITE)
    told = changes | {"hands": _hands(found, by)}
    return await advance(ctx, manuscript_id, SAVE, told, by=by, seen=seen)


def _hands(found: Manuscript, by: Official) -> tuple[str, ...]:
    return manuscripts.joined(found.hands, manuscripts.hands_of(by, WRITE))


async def _path_of(ctx: Context, kind: Kind, document_id: str, *, by: Official) -> str:
    path = await document_path(ctx, kind, document_id, by=by)
    if not by.scope(WRITE[0]).covers(path):
        raise NoSuchDocument
    return path


def _home(by: Official) -> str:
    """Return the unit that will answer: one's own, or the one the power is for."""
    scope, own = by.scope(WRITE[0]), by.staff.org_path
    return own if scope.covers(own) else scope.paths[0]


def _sound(content: Content) -> Content:
    if not content.title.strip():
        raise TitleNeeded
    return contents.tidied(content)
