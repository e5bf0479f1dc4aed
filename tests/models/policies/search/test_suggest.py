"""While somebody types, what it may become is offered."""

import pytest

from tests.models.policies.search.corpus import DAY, NOW, entry, view


@pytest.fixture(scope="module")
def inn():
    return view(
        [
            entry("灵活就业社保补贴", tags=("社保补贴", "灵活就业")),
            entry("社会保险补贴办法", tags=("社保补贴",)),
            entry("失业金怎么领", tags=("失业",), published_at=NOW - DAY),
            entry("失业登记", published_at=NOW - 2 * DAY),
            entry("AED在哪里", tags=("急救",)),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("社", ["社保补贴"]),
        ("社保", ["社保补贴"]),
        ("sb", ["社保补贴"]),
        ("SBB", ["社保补贴"]),
        ("she bao", ["社保补贴"]),
        ("補貼", ["社保补贴"]),
        ("失", ["失业", "失业登记"]),
        ("jy", ["灵活就业"]),
        ("aed", ["AED在哪里"]),
        ("彩礼", []),
        ("", []),
        ("？", []),
    ],
)
def test_tags_then_titles_are_offered_by_how_they_begin(inn, typed, offered):
    assert inn.suggest(typed, NOW, 8) == offered


def test_the_most_used_tag_comes_first_and_no_more_than_asked(inn):
    assert inn.suggest("s", NOW, 2) == ["社保补贴", "失业"]
