"""People find what is meant, however they put it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.policies.search.corpus import (
    CITY,
    DAY,
    NATION,
    NOW,
    OTHER_DISTRICT,
    PROVINCE,
    ZONE,
    entry,
    find,
    ids,
    table,
    view,
    written,
)

WAGES = entry("农民工工资支付规定", tags=("欠薪",), body="被拖欠工资的，可以投诉。")
INSURANCE = entry(
    "灵活就业人员社保补贴",
    tags=("社保补贴",),
    summary="骑手自己交养老保险的，每月补贴500元。",
    number="豫人社〔2025〕3号",
)
INJURY = entry("工伤认定怎么办", summary="送餐路上摔伤，三十天内申请。")
TRAINING = entry("技能培训", body="培训工人才能上岗。")
TALENT = entry("人才公寓", body="青年人才可以申请。")
ALL = [WAGES, INSURANCE, INJURY, TRAINING, TALENT]

SYNONYMS = table(
    {"terms": ("社保", "社会保险")},
    {"terms": ("欠薪", "拖欠工资", "不给钱")},
    {"terms": ("骑手", "外卖配送员", "跑外卖")},
    {"word": "五险一金", "to": ("社保", "公积金")},
)


@pytest.fixture(scope="module")
def inn():
    return view(ALL, SYNONYMS)


@pytest.mark.parametrize("text", ["社保", "工伤", "工资", "公寓", "摔伤", "三十"])
def test_two_characters_find_what_holds_them_anywhere(inn, text):
    best = find(inn, text).items[0]
    assert f"[{text}]" in written(best.title + best.snippet)


@pytest.mark.parametrize("text", ["险的", "伤三", "付规", "才能上"])
def test_any_part_of_a_stretch_of_text_finds_it(text):
    found = find(
        view([entry("办法", body="养老保险的，摔伤三十天，支付规定，才能上岗")]), text
    )
    assert found.total == 1


def test_one_character_finds_titles(inn):
    assert "人才公寓" in ids(find(inn, "寓"))


@pytest.mark.parametrize(
    "text", ["社保補貼", "ＳＢＢＴ", "社 保 补 贴", "灵活就业　社保"]
)
def test_script_and_width_do_not_matter(inn, text):
    assert ids(find(inn, text))[0] == INSURANCE.id


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("社会保险", INSURANCE),
        ("五险一金", INSURANCE),
        ("跑外卖能交社保吗", INSURANCE),
        ("老板不给钱怎么办", WAGES),
    ],
)
def test_other_words_for_the_same_find_it(inn, text, best):
    assert ids(find(inn, text))[0] == best.id


def test_an_arrow_is_not_followed_back():
    inn = view([entry("五险一金"), entry("住房公积金")], SYNONYMS)
    assert ids(find(inn, "公积金")) == ["住房公积金"]
    assert set(ids(find(inn, "五险一金"))) == {"五险一金", "住房公积金"}


@pytest.mark.parametrize("text", ["sbbt", "shebao", "shebaobutie", "lhjy", "SheBaoBuT"])
def test_letters_stand_for_chinese(inn, text):
    assert ids(find(inn, text)) == [INSURANCE.id]


@pytest.mark.parametrize(
    "text", ["豫人社〔2025〕3号", "豫人社[2025]3号", "豫人社 2025"]
)
def test_the_number_of_a_document_finds_it(inn, text):
    assert ids(find(inn, text))[0] == INSURANCE.id


def test_a_word_counts_more_than_two_characters_that_happen_to_meet(inn):
    assert ids(find(inn, "人才")) == [TALENT.id, TRAINING.id]


SAID = "气温三十五度以上在室外干活的，单位按月发给高温津贴，一共发四个月。"


def test_title_goes_before_tags_before_summary_before_body():
    other = {
        "title": "其他办法",
        "tags": ("其他",),
        "summary": "说明。",
        "body": "正文。",
    }
    made = [
        entry(**{**other, "id": "body", "body": "这里也说到高温津贴的事。"}),
        entry(**{**other, "id": "summary", "summary": SAID}),
        entry(**{**other, "id": "tags", "tags": ("高温津贴",)}),
        entry(**{**other, "id": "title", "title": "高温津贴办法"}),
    ]
    assert ids(find(view(made), "高温津贴")) == ["title", "tags", "summary", "body"]


def test_a_body_that_repeats_itself_does_not_outshout_a_title():
    inn = view(
        [entry("办法", body="欠薪。" * 300), entry("欠薪投诉", body="说明。" * 300)]
    )
    assert ids(find(inn, "欠薪")) == ["欠薪投诉", "办法"]


def test_question_words_alone_still_find():
    inn = view([entry("工伤怎么办"), entry("欠薪投诉")])
    assert ids(find(inn, "怎么办")) == ["工伤怎么办"]
    assert ids(find(inn, "欠薪了怎么办啊")) == ["欠薪投诉"]


def test_all_of_a_few_keywords_are_wanted():
    inn = view([entry("社保补贴"), entry("培训补贴"), entry("社保缴费")])
    assert ids(find(inn, "社保补贴")) == ["社保补贴"]


def test_where_nothing_has_all_keywords_some_will_do():
    inn = view([entry("社保补贴"), entry("加班工资")])
    assert set(ids(find(inn, "社保 加班"))) == {"社保补贴", "加班工资"}


def test_a_word_nobody_wrote_is_looked_for_piece_by_piece():
    inn = view([entry("创业房租补贴"), entry("加班工资")])
    assert ids(find(inn, "门面房租")) == ["创业房租补贴"]


def test_half_of_a_long_question_is_enough():
    inn = view(
        [
            entry("加班工资", body="周末上班给两倍。"),
            entry("工伤认定", body="周末也算。"),
        ]
    )
    found = find(inn, "请问一下周末老板让我们加班不给工资该怎么办才好呢")
    assert ids(found)[0] == "加班工资"


def test_what_nobody_wrote_is_not_found(inn):
    found = find(inn, "彩礼")
    assert ids(found) == []
    assert (found.total, found.next) == (0, None)


@pytest.mark.parametrize(
    ("region", "order"),
    [
        (ZONE, ["zone", "city", "province", "nation", "other"]),
        (OTHER_DISTRICT, ["other", "city", "province", "nation", "zone"]),
    ],
)
def test_of_equals_the_one_for_nearer_by_comes_first(region, order):
    near = {
        "zone": ZONE,
        "city": CITY,
        "province": PROVINCE,
        "nation": NATION,
        "other": OTHER_DISTRICT,
    }
    inn = view([entry("培训补贴", id=id_, region=code) for id_, code in near.items()])
    assert ids(find(inn, "培训补贴", region=region)) == order


def test_of_equals_the_one_for_ones_own_class_comes_first():
    inn = view(
        [
            entry("培训补贴", id="a", audience=("employer",)),
            entry("培训补贴", id="b", audience=("migrant_worker", "platform_worker")),
        ]
    )
    assert ids(find(inn, "培训", classes=("platform_worker",)))[0] == "b"
    assert ids(find(inn, "培训", classes=("employer",)))[0] == "a"


def test_of_equals_the_newer_comes_first():
    inn = view(
        [
            entry("培训补贴", id="a", published_at=NOW - 400 * DAY),
            entry("培训补贴", id="b", published_at=NOW - 2 * DAY),
            entry("培训补贴", id="c", published_at=NOW - 40 * DAY),
        ]
    )
    assert ids(find(inn, "培训")) == ["b", "c", "a"]


def test_being_near_does_not_outweigh_being_meant():
    inn = view([entry("工伤认定"), entry("办法", body="工伤", region=ZONE)])
    assert ids(find(inn, "工伤", region=ZONE))[0] == "工伤认定"


def test_narrowing_leaves_the_counts_of_what_else_one_could_choose():
    inn = view(
        [
            entry("补贴一", topic="skills", level="city", audience=("employer",)),
            entry("补贴二", topic="skills", level="nation", region=ZONE),
            entry("补贴三", topic="wages", level="city", kind="guidance"),
        ]
    )
    found = find(inn, "补贴", topic="skills")
    assert set(ids(found)) == {"补贴一", "补贴二"}
    assert found.total == 2
    assert found.facets == {
        "topic": {"skills": 2, "wages": 1},
        "level": {"city": 1, "nation": 1},
        "audience": {"employer": 1},
        "region": {NATION: 1, ZONE: 1},
        "kind": {"policy": 2},
    }
    assert ids(find(inn, area=ZONE)) == ["补贴二"]
    assert ids(find(inn, kind="guidance")) == ["补贴三"]
    assert ids(find(inn, level="city", audience="employer")) == ["补贴一"]


places = st.tuples(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.integers(),
    st.lists(st.integers(), max_size=14).map(tuple),
)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=120), st.none() | places)
def test_any_text_and_any_cursor_are_answered(inn, text, place):
    assert len(find(inn, text, after=place).items) <= len(ALL)
