"""Editions side by side, taken up again, and the table of synonyms."""

import pytest

from models.base import audit
from models.policies import archive, comparing, synonyms, writing
from models.policies.search.synonyms import Group
from models.policies.stages import State
from models.policies.synonyms import BadLine, LineExists, NoSuchLine
from models.policies.writing import NoSuchDocument, NoSuchEdition
from models.unions.officials import PermissionMissing
from tests.models.policies.papers import (
    TESTED,
    begun,
    chief,
    content,
    editor,
    published,
    reviewer,
)
from tests.models.policies.texts import NOW, publish

BEFORE = "## 谁能办\n\n在高新区干活。\n\n- 带身份证"
AFTER = "## 谁能办\n\n在郑州干活。\n\n- 带身份证\n- 带社保卡"


async def two_editions(ctx):
    me, other = await editor(ctx), await reviewer(ctx)
    first = await published(ctx, me, other, content(body=BEFORE, **TESTED))
    ctx.clock.forward(NOW - NOW.replace(hour=1))
    told = content(body=AFTER, number="示例〔2026〕2号")
    second = await published(ctx, me, other, told, document_id=first.document_id)
    return me, first, second


async def test_two_editions_are_compared_field_by_field_and_clause_by_clause(ctx):
    me, first, second = await two_editions(ctx)
    found = await comparing.editions(
        ctx, first.document_id, first.public.text_id, second.public.text_id, by=me
    )
    changed = {each.field: (each.before, each.after) for each in found.fields}
    assert set(changed) == {"number", "rule"}
    assert changed["number"] == ("示例〔2026〕1号", "示例〔2026〕2号")
    assert [(c.change, c.before, c.after) for c in found.clauses] == [
        ("same", "谁能办", "谁能办"),
        ("changed", "在高新区干活。", "在郑州干活。"),
        ("same", "带身份证", "带身份证"),
        ("added", None, "带社保卡"),
    ]


async def test_a_reviewer_sees_what_a_manuscript_would_change(ctx):
    me, _, second = await two_editions(ctx)
    draft = await begun(ctx, me, content(body=""), document_id=second.document_id)
    found = await comparing.with_public(ctx, draft)
    assert {clause.change for clause in found.clauses} == {"removed"}
    new = await comparing.with_public(ctx, await begun(ctx, me, content("新")))
    assert {clause.change for clause in new.clauses} == {"added"}


async def test_an_older_edition_is_taken_up_again(ctx):
    me, first, _ = await two_editions(ctx)
    draft = await writing.republish(ctx, first.document_id, first.public.text_id, by=me)
    assert draft.state_at(NOW) is State.DRAFT
    assert (draft.document_id, draft.based_on) == (
        first.document_id,
        first.public.text_id,
    )
    assert draft.content == first.content
    with pytest.raises(NoSuchEdition):
        await writing.republish(ctx, first.document_id, "edition_none", by=me)


async def test_so_is_one_that_was_published_without_a_manuscript(ctx):
    me = await editor(ctx)
    edition = await publish(ctx)
    with pytest.raises(NoSuchDocument):
        await writing.republish(ctx, "policy_one", edition.id, by=me)
    await writing.Policy.change(
        ctx, {"_id": "policy_one"}, {"$set": {"org_path": "/unit_city/unit_east/"}}
    )
    draft = await writing.republish(ctx, "policy_one", edition.id, by=me)
    assert "<h2>谁能办</h2>" in draft.content.body


async def test_a_copy_is_of_something_new(ctx):
    me, first, _ = await two_editions(ctx)
    copied = await writing.copy(ctx, first.id, by=me)
    assert copied.document_id != first.document_id
    assert copied.content == first.content


async def test_the_archive_lists_every_edition_to_those_who_answer_for_it(ctx):
    me, first, second = await two_editions(ctx)
    seen, cursor = [], None
    for _ in range(2):
        page = await archive.of(ctx, first.document_id, by=me, cursor=cursor, limit=1)
        seen += [each.id for each in page.items]
        cursor = page.next
    assert (seen, cursor) == ([second.public.text_id, first.public.text_id], None)
    stranger = await chief(ctx, "stranger", unit="unit_west")
    ids = first.document_id, first.public.text_id, second.public.text_id
    for call in (
        archive.of(ctx, first.document_id, by=stranger, cursor=None, limit=9),
        comparing.editions(ctx, *ids, by=stranger),
        writing.republish(ctx, *ids[:2], by=stranger),
    ):
        with pytest.raises(NoSuchDocument):
            await call


async def test_editors_mend_the_table_of_synonyms(ctx):
    me = await editor(ctx)
    line = await synonyms.add(ctx, Group(terms=("社保", "社会保险", "社保 ")), by=me)
    assert line.terms == ("社保", "社会保险")
    arrow = Group(word="五险一金", to=("住房公积金",))
    changed = await synonyms.change(ctx, line.id, arrow, by=me)
    assert (changed.terms, changed.word) == ((), "五险一金")
    with pytest.raises(LineExists) as twin:
        await synonyms.add(ctx, arrow, by=me)
    assert twin.value.details == {"id": line.id}
    page = await synonyms.listed(ctx, by=me, cursor=None, limit=20)
    assert [each.id for each in page.items] == [line.id]
    await synonyms.remove(ctx, line.id, by=me)
    for call in (
        synonyms.remove(ctx, line.id, by=me),
        synonyms.change(ctx, line.id, arrow, by=me),
    ):
        with pytest.raises(NoSuchLine):
            await call
    noted = await audit.Entry.many(ctx, {"about": line.id})
    assert {entry.what for entry in noted} == {
        "synonyms.add",
        "synonyms.change",
        "synonyms.remove",
    }
    with pytest.raises(PermissionMissing):
        await synonyms.add(ctx, arrow, by=await reviewer(ctx))


@pytest.mark.parametrize(
    "line",
    [
        Group(),
        Group(terms=("社保",)),
        Group(terms=("社保", "社保　")),
        Group(terms=("社保", "保险"), word="社保", to=("保险",)),
        Group(word="社保"),
        Group(to=("保险",)),
        Group(word=" ", to=("保险",)),
        Group(word="社保", to=("社保",)),
    ],
)
async def test_a_line_that_says_nothing_is_refused(ctx, line):
    with pytest.raises(BadLine):
        await synonyms.add(ctx, line, by=await editor(ctx))
