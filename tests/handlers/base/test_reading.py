"""Words of whoever calls for help are read as they were meant, as far as can be."""

from types import SimpleNamespace

import msgspec
import pytest

from handlers.base.reading import BodyReader

NOTE = "有人摔倒流血了，请快来"


class Said(msgspec.Struct):
    note: str = ""


def read(body):
    reader = BodyReader(Said, forgiving=True)
    return reader(SimpleNamespace(request=SimpleNamespace(body=body))).note


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_words_are_read_in_the_encoding_they_came_in(coding):
    assert read(f'{{"note": "{NOTE}"}}'.encode(coding)) == NOTE


@pytest.mark.parametrize("at", range(len(NOTE.encode())))
def test_where_one_byte_was_lost_the_others_are_read(at):
    told = NOTE.encode()
    damaged = told[:at] + told[at + 1 :]
    got = read(b'{"note": "' + damaged + b'"}')
    assert sum(letter in NOTE for letter in got) >= len(NOTE) - 1


@pytest.mark.parametrize("said", [b"", b"{", b"\xff\xfe{\x00", b"[1]", b"[" * 9_999])
def test_what_is_no_json_in_any_encoding_says_nothing(said):
    assert read(said) == ""


def test_a_broken_letter_hides_no_end_of_a_text():
    assert read(b'{"note": "\xb5\\" 120"}').endswith("120")
