"""What two servers say is compared: nothing may lack, more may be said."""

from typing import Any

import pytest

from scripts.benchmark.guard import Differs, compare, difference

INN: dict[str, Any] = {
    "items": [
        {
            "id": "policy_1",
            "title": "社保补贴",
            "snippet": [],
            "at": "2026-01-01T00:00:00Z",
        },
        {
            "id": "policy_0",
            "title": "培训",
            "snippet": [],
            "at": "2025-01-01T00:00:00Z",
        },
    ],
    "next": "abc",
    "total": 2,
}
PEER: dict[str, Any] = {
    "items": [
        {"id": "policy_1", "title": "社保补贴", "at": "2026-01-01T00:00:00.000Z"},
        {"id": "policy_0", "title": "培训", "at": "2025-01-01T00:00:00+00:00"},
    ],
    "next": None,
}


def test_the_inn_may_say_more_and_write_moments_its_way():
    assert difference(INN, PEER) is None


def test_another_order_is_another_answer():
    turned = {**PEER, "items": PEER["items"][::-1]}
    assert difference(
        INN, turned
    ) == "$.items[0].at is '2025-01-01T00:00:00+00:00', " + (
        "the inn's is '2026-01-01T00:00:00Z'"
    )


@pytest.mark.parametrize(
    ("peer", "where"),
    [
        ({"items": PEER["items"][:1]}, r"\$\.items has 1 items, the inn's has 2"),
        ({"items": [], "extra": 1}, r"\$ has extra"),
        ({"items": [{"id": 1}, {"id": 2}]}, r"\$\.items\[0\]\.id is 1"),
        ({"items": None}, r"\$\.items is None"),
    ],
)
def test_what_differs_is_named_by_its_place(peer, where):
    with pytest.raises(Differs, match=where):
        compare("FastAPI + Beanie", "/worker/v1/policies", INN, peer)
