"""A manuscript's files: added, replaced, put in order, gone with a reason."""

import asyncio
from datetime import timedelta

import pytest

from models.base import files
from models.base.files import KeptFile
from models.base.inspection import Upload
from models.base.media import UnknownMedia
from models.policies import attachments, comparing, library, originals, writing
from models.policies import ending as endings
from models.policies.attachments import (
    MOST,
    UPDATED,
    AttachmentsFull,
    NoSuchAttachment,
    NotForArticles,
    SameFile,
    WrongOrder,
)
from models.policies.contents import Kind
from models.policies.editions import NoSuchPolicy
from models.policies.library import PolicyGone, PolicyWithdrawn
from models.policies.manuscripts import BadTransition, NoSuchManuscript, StaleVersion
from models.policies.originals import REMOVED, AttachmentRemoved
from models.policies.reviewing import RemarkNeeded, approve
from models.policies.texts import Because
from models.unions.officials import PermissionMissing
from tests.models.base import samples
from tests.models.policies.papers import begun, chief, content, editor, reviewer
from tests.models.policies.texts import DAY, NOW


async def attach(ctx, manuscript, by, words=b"one", **other):
    upload = Upload(f"{words.decode()}.pdf", samples.pdf(words))
    return await attachments.attach(ctx, manuscript.id, upload, by=by, **other)


async def release(ctx, manuscript, me, other, **how):
    await writing.submit(ctx, manuscript.id, by=me)
    return await approve(ctx, manuscript.id, by=other, **how)


async def public_with_a_file(ctx):
    """A published policy with one file: editor, reviewer, manuscript."""
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await begun(ctx, me)
    await attach(ctx, draft, me)
    return me, other, await release(ctx, draft, me, other)


async def next_edition(ctx, of, me):
    return await begun(ctx, me, content(), document_id=of.document_id)


def names(manuscript):
    return [each.name for each in manuscript.attachments]


async def downloaded(ctx, manuscript, attachment):
    file = await originals.download(ctx, manuscript.document_id, attachment.id)
    return b"".join([piece async for piece in files.read(ctx, file)])


async def swept(ctx, clock):
    """Let the sweep come; return how many files are left."""
    clock.forward(timedelta(hours=2))
    await files.sweep(ctx)
    return await KeptFile.shelf(ctx).count_documents({})


async def test_a_file_is_public_with_the_edition_that_carries_it(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await begun(ctx, me)
    draft = await attach(ctx, draft, me)
    (file,) = draft.attachments
    assert (file.name, file.size) == ("one.pdf", len(samples.pdf()))
    with pytest.raises(NoSuchPolicy):
        await downloaded(ctx, draft, file)
    done = await release(ctx, draft, me, other, publish_at=NOW + DAY)
    with pytest.raises(NoSuchPolicy):
        await downloaded(ctx, done, file)
    clock.put(NOW + DAY)
    assert await downloaded(ctx, done, file) == samples.pdf()
    edition = await library.policy(ctx, done.document_id)
    assert edition.attachments == (file,)
    assert await swept(ctx, clock) == 1


async def test_a_files_policy_that_ends_takes_it_along(ctx, clock):
    boss = await chief(ctx)
    _, _, done = await public_with_a_file(ctx)
    (file,) = done.attachments
    clock.forward(timedelta(minutes=1))
    await endings.withdraw(
        ctx, done.id, by=boss, because=Because.IN_ERROR, reason="发布有误"
    )
    with pytest.raises(PolicyWithdrawn) as refused:
        await downloaded(ctx, done, file)
    assert refused.value.details["reason"] == "发布有误"


async def test_an_expired_policys_file_is_gone(ctx, clock):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await begun(ctx, me, content(valid_to=NOW.date()))
    draft = await attach(ctx, draft, me)
    done = await release(ctx, draft, me, other)
    clock.put(NOW + 2 * DAY)
    with pytest.raises(PolicyGone):
        await downloaded(ctx, done, done.attachments[0])


async def test_a_replaced_file_is_public_until_the_next_edition_is(ctx, clock):
    me, other, first = await public_with_a_file(ctx)
    (old,) = first.attachments
    draft = await next_edition(ctx, first, me)
    assert draft.attachments == first.attachments
    draft = await attach(ctx, draft, me, b"two", replaces=old.id)
    assert names(draft) == ["two.pdf"]
    assert await downloaded(ctx, first, old) == samples.pdf()
    clock.forward(timedelta(minutes=1))
    second = await release(ctx, draft, me, other)
    assert await downloaded(ctx, second, second.attachments[0]) == samples.pdf(b"two")
    with pytest.raises(AttachmentRemoved) as refused:
        await downloaded(ctx, second, old)
    assert refused.value.details == {"reason": UPDATED}
    assert await swept(ctx, clock) == 2


async def test_a_removed_file_says_why(ctx, clock):
    me, other, first = await public_with_a_file(ctx)
    (old,) = first.attachments
    draft = await next_edition(ctx, first, me)
    with pytest.raises(RemarkNeeded):
        await attachments.remove(ctx, draft.id, old.id, by=me, reason=" ")
    await attachments.remove(ctx, draft.id, old.id, by=me, reason="表格已停用")
    clock.forward(timedelta(minutes=1))
    second = await release(ctx, draft, me, other)
    with pytest.raises(AttachmentRemoved) as refused:
        await downloaded(ctx, second, old)
    assert refused.value.details == {"reason": "表格已停用"}


async def test_a_file_that_an_older_text_did_not_have_is_removed_by_its_return(
    ctx, clock
):
    me, other = await editor(ctx), await reviewer(ctx)
    bare = await release(ctx, await begun(ctx, me), me, other)
    clock.forward(timedelta(minutes=1))
    draft = await attach(ctx, await next_edition(ctx, bare, me), me)
    with_file = await release(ctx, draft, me, other)
    again = await writing.republish(ctx, bare.document_id, bare.public.text_id, by=me)
    assert again.attachments == ()
    clock.forward(timedelta(minutes=1))
    await release(ctx, again, me, other)
    with pytest.raises(AttachmentRemoved) as refused:
        await downloaded(ctx, with_file, with_file.attachments[0])
    assert refused.value.details == {"reason": REMOVED}


async def test_a_file_nobody_ever_saw_goes_with_its_removal(ctx, clock):
    me = await editor(ctx)
    draft = await attach(ctx, await begun(ctx, me), me)
    draft = await attachments.remove(
        ctx, draft.id, draft.attachments[0].id, by=me, reason=""
    )
    assert (draft.attachments, draft.removed) == ((), ())
    assert await swept(ctx, clock) == 0


async def test_a_reviewer_sees_which_files_change(ctx):
    me, _, first = await public_with_a_file(ctx)
    draft = await next_edition(ctx, first, me)
    assert (await comparing.with_public(ctx, draft)).fields == ()
    draft = await attach(ctx, draft, me, b"two", replaces=draft.attachments[0].id)
    (change,) = (await comparing.with_public(ctx, draft)).fields
    told = [[each["name"] for each in side] for side in (change.before, change.after)]
    assert (change.field, told) == ("attachments", [["one.pdf"], ["two.pdf"]])


async def test_another_policys_file_is_not_found(ctx):
    me, other, first = await public_with_a_file(ctx)
    bare = await release(ctx, await begun(ctx, me), me, other)
    with pytest.raises(NoSuchAttachment):
        await downloaded(ctx, bare, first.attachments[0])


async def test_files_are_put_in_order(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me)
    for words in (b"one", b"two", b"three"):
        draft = await attach(ctx, draft, me, words)
    ids = [each.id for each in draft.attachments]
    turned = await attachments.put_in_order(
        ctx, draft.id, ids[::-1], version=draft.lock_version, by=me
    )
    assert names(turned) == ["three.pdf", "two.pdf", "one.pdf"]
    with pytest.raises(StaleVersion):
        await attachments.put_in_order(
            ctx, draft.id, ids, version=draft.lock_version, by=me
        )
    for wrong in (ids[:2], [*ids, ids[0]], [*ids[:2], "attachment_x"]):
        with pytest.raises(WrongOrder):
            await attachments.put_in_order(
                ctx, draft.id, wrong, version=turned.lock_version, by=me
            )


async def test_files_sent_at_once_are_all_carried_and_stay_in_order(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me)
    got = await asyncio.gather(
        *(attach(ctx, draft, me, f"file{n}".encode()) for n in range(6))
    )
    last = max(got, key=lambda each: each.lock_version)
    assert sorted(names(last)) == [f"file{n}.pdf" for n in range(6)]
    for each in got:
        assert names(last)[: len(each.attachments)] == names(each)


async def test_no_more_than_so_many_at_once_either(ctx, monkeypatch):
    monkeypatch.setattr(attachments, "MOST", 3)
    me = await editor(ctx)
    draft = await begun(ctx, me)
    got = await asyncio.gather(
        *(attach(ctx, draft, me, f"file{n}".encode()) for n in range(5)),
        return_exceptions=True,
    )
    assert [type(each) for each in got].count(AttachmentsFull) == 2
    assert MOST == 20


async def test_the_same_content_twice_is_refused_also_at_once(ctx, clock):
    me = await editor(ctx)
    draft = await begun(ctx, me)
    got = await asyncio.gather(
        *(attach(ctx, draft, me) for _ in range(4)), return_exceptions=True
    )
    assert [type(each) for each in got].count(SameFile) == 3
    assert await swept(ctx, clock) == 1


async def test_only_what_is_being_written_takes_files(ctx):
    me, _, done = await public_with_a_file(ctx)
    id_ = done.attachments[0].id
    for refused in (
        attach(ctx, done, me, b"two"),
        attachments.remove(ctx, done.id, id_, by=me, reason="x"),
        attachments.put_in_order(ctx, done.id, [id_], version=4, by=me),
    ):
        with pytest.raises(BadTransition):
            await refused
    assert await KeptFile.shelf(ctx).count_documents({}) == 1


async def test_each_refusal_keeps_nothing(ctx):
    me = await editor(ctx)
    draft = await begun(ctx, me)
    with pytest.raises(UnknownMedia):
        await attachments.attach(ctx, draft.id, Upload("a.pdf", samples.EXE), by=me)
    article = await begun(ctx, me, kind=Kind.GUIDANCE)
    with pytest.raises(NotForArticles):
        await attach(ctx, article, me)
    assert await KeptFile.shelf(ctx).count_documents({}) == 0
    with pytest.raises(NoSuchAttachment):
        await attachments.remove(ctx, draft.id, "attachment_x", by=me, reason="x")
    with pytest.raises(NoSuchAttachment):
        await attach(ctx, draft, me, replaces="attachment_x")


async def test_another_branchs_manuscript_is_not_there(ctx):
    me, far = await editor(ctx), await editor(ctx, "far", unit="unit_west")
    draft = await attach(ctx, await begun(ctx, me), me)
    id_ = draft.attachments[0].id
    for refused in (
        attach(ctx, draft, far, b"two"),
        attachments.remove(ctx, draft.id, id_, by=far, reason="x"),
        attachments.put_in_order(ctx, draft.id, [id_], version=2, by=far),
        attachments.file_of(ctx, draft.id, id_, by=far),
    ):
        with pytest.raises(NoSuchManuscript):
            await refused


async def test_reviewers_look_and_do_not_touch(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    draft = await attach(ctx, await begun(ctx, me), me)
    id_ = draft.attachments[0].id
    assert (await attachments.file_of(ctx, draft.id, id_, by=other)).name == "one.pdf"
    with pytest.raises(PermissionMissing):
        await attach(ctx, draft, other, b"two")
    with pytest.raises(NoSuchAttachment):
        await attachments.file_of(ctx, draft.id, "attachment_x", by=other)


async def test_whoever_adds_a_file_is_an_author(ctx):
    me, helper = await editor(ctx), await chief(ctx, "helper")
    draft = await begun(ctx, me)
    got = await attach(ctx, draft, helper)
    assert set(got.hands) == {me.id, helper.id}
