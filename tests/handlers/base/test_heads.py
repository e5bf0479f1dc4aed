"""The head of an answer: written as HTTP has it, and never with a line end within."""

import pytest

from handlers.base.heads import Head, begin_head


def test_it_begins_with_what_every_answer_says():
    head = begin_head()
    assert head["Content-Type"] == "application/json; charset=utf-8"
    assert head["Cache-Control"] == "no-store"
    assert head["Date"].endswith(" GMT")
    head["Cache-Control"] = "public"
    assert begin_head()["Cache-Control"] == "no-store"


def test_it_is_written_a_field_a_line():
    head = Head({"A": "1"})
    head.add("B", "2")
    head.add("B", "3")
    assert head.as_bytes() == b"A: 1\r\nB: 2, 3\r\n"


@pytest.mark.parametrize("said", ["1\r\nX: 2", "1\n2", "1\r2"])
def test_a_line_end_within_is_refused(said):
    with pytest.raises(ValueError, match="line end"):
        Head({"A": said}).as_bytes()
