"""Whatever is fed to what reads strangers' words: read, or refused with a word.

A short run here; a long one by ``scripts/fuzz``. Pushes, QR codes, decryption, tokens
and cursors are fuzzed beside their own tests.
"""

import asyncio
import io
import os
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import inspection, media
from models.base.errors import Refusal
from models.base.inspection import Purpose, Upload
from models.base.secrets import Unreadable
from models.eligibility.checks import compile_rule
from models.eligibility.operators import Op
from models.policies import imports
from models.policies.imports import Sort
from models.stations import hours
from models.stations.hours import Hours
from tests.models.base import samples

patient = settings(
    deadline=None,
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

words = st.text(max_size=20) | st.sampled_from(
    ["08:00-20:00", "24:00-24:00", "weekly", "mon", "all", "any", "not", "fact", "op"]
)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -1, 0])
anything = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=5)
    ),
    max_leaves=20,
)

days = st.sampled_from(["mon", "tue", "sun", "holiday", "mo", ""])
spans = st.lists(words, max_size=10) | anything


def waited(work):
    """Run a coroutine on a loop of its own; the suite's own stays the current one."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@patient
@given(st.fixed_dictionaries({"weekly": st.dictionaries(days, spans)}) | anything)
def test_any_opening_hours_are_read_or_refused(raw):
    try:
        assert isinstance(hours.parse(raw), Hours)
    except Refusal as refusal:
        assert refusal.code


leaves = st.fixed_dictionaries(
    {"fact": words, "op": st.sampled_from(sorted(Op)) | words, "value": anything},
    optional={"id": words, "cites": anything},
)
trees = st.recursive(
    leaves | anything,
    lambda inner: st.dictionaries(
        st.sampled_from(["all", "any", "not", "id"]),
        inner | st.lists(inner, max_size=4),
        max_size=3,
    ),
    max_leaves=20,
)


@patient
@given(trees)
def test_any_rule_tree_is_a_rule_or_has_problems(raw):
    rule, problems = compile_rule(raw)
    assert (rule is None) == bool(problems)


@pytest.mark.parametrize("depth", [100, 1_000, 5_000])
def test_a_rule_tree_without_an_end_has_a_problem(depth):
    raw = {"fact": "age", "op": "gte", "value": 1}
    for _ in range(depth):
        raw = {"not": raw}
    rule, problems = compile_rule(raw)
    assert rule is None
    assert problems


html = st.lists(
    st.text(max_size=10)
    | st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            '<a href="javascript:alert(1)">',
            "<svg/onload=alert(1)>",
            "<table><td colspan=9999999>",
            "</p>",
            "<p>",
            "<!--",
            "]]>",
            "<math><mtext><style>",
            "&#x0;",
            "[a](javascript:alert(1))",
            "# ",
            "|a|b|\n|-|-|\n",
        ]
    ),
    max_size=12,
).map("".join)

RUNS = ("<script", "onerror", "onload", "javascript:", "<svg", "<style", "<img")


@patient
@given(html, st.sampled_from([Sort.HTML, Sort.MARKDOWN]))
def test_any_text_becomes_a_body_in_which_nothing_runs(text, sort):
    try:
        read = waited(imports.read(text.encode(errors="replace"), sent_as=sort))
    except Refusal:
        return
    tags = "".join(part.split(">")[0] for part in read.html.split("<")[1:]).lower()
    assert not [run for run in RUNS if run.lstrip("<") in tags], read.html


def changed(content, at, byte):
    at %= len(content)
    return content[:at] + bytes([byte]) + content[at + 1 :]


files = st.one_of(
    st.binary(max_size=300),
    st.builds(
        changed,
        st.sampled_from([samples.pdf(), samples.png(), samples.jpeg(), samples.docx()]),
        st.integers(0, 10_000),
        st.integers(0, 255),
    ),
    st.builds(
        lambda content, cut: content[:cut],
        st.sampled_from([samples.png(), samples.jpeg(), samples.docx()]),
        st.integers(0, 2_000),
    ),
)


@patient
@given(files, words, st.sampled_from([Purpose.ATTACHMENT, Purpose.EVIDENCE]))
def test_any_file_is_kept_as_what_it_is_or_refused(ctx, content, name, purpose):
    try:
        told = inspection.look_at(Upload(name, content), purpose, ctx.secrets)
    except Refusal:
        return
    assert told.media is media.recognise(content)
    assert not set(told.name) & set('/\\:*?"<>|\x00')


def packed(parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


@patient
@given(
    st.dictionaries(
        st.sampled_from(
            ["word/document.xml", "[Content_Types].xml", "_rels/.rels", "a/../b", "x"]
        ),
        st.binary(max_size=100) | html.map(lambda text: text.encode(errors="replace")),
        min_size=1,
    )
)
def test_any_word_file_is_read_or_refused(parts):
    content = packed(parts)
    with pytest.raises(Refusal):
        waited(imports.read(content, sent_as=Sort.WORD))


@patient
@given(st.text() | st.from_regex(r"gAAAAA[A-Za-z0-9_-]{0,200}={0,2}", fullmatch=True))
def test_any_seal_that_is_not_ours_is_unreadable(ctx, text):
    with pytest.raises(Unreadable):
        ctx.secrets.open(text)
