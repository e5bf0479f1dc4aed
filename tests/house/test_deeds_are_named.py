"""Every deed that the audit can be told of has a word in the console, and no other."""

import re
from pathlib import Path

import msgspec
import pytest

from handlers.union.audit import What
from tests.house.noted import deeds

WORDS = Path(__file__).parents[2] / "console" / "src" / "words" / "audit.ts"

QUOTED = re.compile(r"'([a-z_]+\.[a-z_]+[a-z:+]*)': '")
"""How a deed stands before its word."""


def test_whoever_reads_the_audit_reads_every_deed_in_words():
    words = QUOTED.findall(WORDS.read_text("utf-8"))
    assert set(words) == deeds()
    assert len(words) == len(set(words))


@pytest.mark.parametrize("deed", sorted(deeds()))
def test_a_deed_may_be_asked_for(deed):
    assert msgspec.convert(deed, What) == deed
