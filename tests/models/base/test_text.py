"""One spelling: what is typed one way is found when it is written another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base.text import fold, normalise

anything = st.text(alphabet=st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("ＡＥＤ　１２３５１", "aed 12351"),
        ("勞動仲裁、醫療互助", "劳动仲裁、医疗互助"),
        ("臺灣　後來", "台湾 后来"),
        ("每月１,０００元（含税）", "每月1,000元(含税)"),
        ("社\u200b保\ufeff补\u00ad贴", "社保补贴"),
        ("Shè BǍO", "she bao"),
        ("①申请　ⅲ级", "1申请 iii级"),
        ("第一行\n第二行\t完", "第一行 第二行 完"),
    ],
)
def test_width_case_script_and_unseen_characters_do_not_matter(typed, form):
    assert normalise(typed) == form


@settings(deadline=None)
@given(anything)
def test_a_normalised_text_is_its_own_form(text):
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(anything, anything)
def test_a_part_of_a_text_is_a_part_of_its_form(before, after):
    assert normalise(before + after) == normalise(before) + normalise(after)


@settings(deadline=None)
@given(anything)
def test_each_character_of_a_form_leads_back_to_where_it_came_from(text):
    normal, origins = fold(text)
    assert normal == normalise(text)
    places = range(len(text) + 1) if origins is None else origins
    assert len(places) == len(normal) + 1
    assert list(places) == sorted(places)
    for letter, at in zip(normal, places, strict=False):
        assert letter in normalise(text[at])


def test_half_a_character_pair_is_left_out():
    assert normalise("社\ud800保") == "社保"
