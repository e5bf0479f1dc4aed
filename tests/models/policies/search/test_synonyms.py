"""Words that mean the same lead to each other, arrows one way and no further."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.policies.search.question import understand
from models.policies.search.synonyms import NEAR, SAME
from tests.models.policies.search.corpus import table

TABLE = table(
    {"terms": ("社保", "社会保险")},
    {"terms": ("骑手", "外卖員", "跑外卖")},
    {"terms": ("社保", "五险")},
    {"word": "骑手", "to": ("新就业形态",)},
    {"terms": ("新就业形态", "新业态")},
    {"word": "新业态", "to": ("平台",)},
    {"terms": ("", " ")},
)


def concepts(text):
    return [concept.ways[0].text for concept in understand(text, TABLE).concepts]


def test_terms_of_one_line_and_of_lines_that_share_one_mean_the_same():
    assert TABLE.meaning("社保") == {"社会保险": SAME, "五险": SAME}


def test_an_arrow_from_one_term_is_from_all_and_ends_after_one_step():
    assert TABLE.meaning("外卖员") == {
        "骑手": SAME,
        "跑外卖": SAME,
        "新就业形态": NEAR,
        "新业态": NEAR,
    }


def test_the_longest_term_is_taken_and_words_are_not_torn():
    assert concepts("跑外卖能交社会保险吗") == ["跑外卖", "社会保险"]
    table_of_two = table({"terms": ("会保", "乱写")})
    assert len(understand("社会保险", table_of_two).concepts[0].ways) == 1


def test_words_of_a_question_only_are_dropped():
    assert concepts("请问老板不给我加班费该怎么办呢？") == ["老板", "加班费"]
    assert concepts("工地上干了三个月没有结钱") == ["工地", "结钱"]


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=4), max_size=3), max_size=4), st.text())
def test_any_table_and_any_text_can_be_read(lines, text):
    synonyms = table(*({"terms": tuple(line)} for line in lines))
    for concept in understand(text, synonyms).concepts:
        assert concept.ways[0].text
