"""A hit shows where it says what was asked, in the words it was written in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.policies.search import highlight
from models.policies.search.highlight import Needles
from models.policies.search.shelf import ALWAYS, record
from tests.models.policies.search.corpus import entry, find, table, view, written


def shown(text, synonyms=None, **said):
    inn = view([entry(**said)], *([synonyms] if synonyms else []))
    (hit,) = find(inn, text).items
    return written(hit.title), written(hit.snippet)


@pytest.mark.parametrize(
    ("title", "text", "marked"),
    [
        ("灵活就业社保补贴办法", "社保补贴", "灵活就业[社保补贴]办法"),
        ("高溫津貼，２０２５年", "高温津贴2025", "[高溫津貼]，[２０２５]年"),
        ("关于AED…急救箱的办法", "aed 急救箱", "关于[AED]…[急救箱]的办法"),
        ("工会社保补贴", "sbbt", "工会[社保补贴]"),
        ("工会社保补贴", "shebaobu", "工会[社保补]贴"),
        ("五<b>险</b>&一金", "一金", "五<b>险</b>&[一金]"),
    ],
)
def test_titles_are_marked_as_they_were_written(title, text, marked):
    assert shown(text, title=title)[0] == marked


def test_synonyms_are_marked_too():
    synonyms = table({"terms": ("社保", "社会保险")})
    assert shown("社保", synonyms, title="社会保险补贴")[0] == "[社会保险]补贴"


def test_a_snippet_is_of_the_summary_if_it_says_what_was_asked():
    said = {"title": "办法", "summary": "骑手每月补贴五百元。", "body": "骑手" * 90}
    assert shown("骑手", **said)[1] == "[骑手]每月补贴五百元。"


def test_else_it_is_the_piece_of_the_body_that_says_most_from_a_sentence_on():
    body = f"先说失业。{'无关的话。' * 40}\n先登记失业，再领失业金。{'无关的话。' * 40}"
    piece = shown("失业 登记", title="办法", summary="摘要。", body=body)[1]
    assert piece.startswith("…先[登记失业]，再领[失业]金。无关的话。")
    assert piece.endswith("…")
    assert len(piece) <= highlight.LONGEST_SNIPPET + 12


def test_without_a_place_to_mark_it_is_how_the_summary_begins():
    said = {"title": "失业", "summary": "长" * 200}
    assert shown("失业", **said)[1] == "长" * highlight.LONGEST_SNIPPET + "…"
    assert shown("失业", title="失业", body="第一行\n第二行")[1] == "第一行 第二行"


pieces = st.text(alphabet="社保ＡaÉ…\u200b①臺，\n 补贴", max_size=120)


@settings(deadline=None)
@given(
    title=pieces,
    body=pieces,
    needles=st.lists(
        st.sampled_from(["社保", "a", "...", "台", "补贴", "1", "."]), max_size=3
    ),
)
def test_nothing_is_lost_and_only_hits_are_marked(title, body, needles):
    title = f"{title}题"
    kept = record(entry(title, id="x", body=body), ALWAYS)
    marked = highlight.title(kept, Needles(tuple(needles), ()))
    assert "".join(s.text for s in marked) == title.replace("\n", " ")
    assert all(segment.text for segment in marked)
    whole = "".join(
        s.text for s in highlight.snippet(kept, Needles(tuple(needles), ()))
    )
    assert whole.strip("…") in body.replace("\n", " ") or "…" in body
