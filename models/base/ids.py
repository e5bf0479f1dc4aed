"""Ids a person can read over the phone: the noun, then time-ordered letters."""

import secrets
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u to mishear."""

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
"""Ten bits at a time: half the steps of a letter at a time."""

_RANDOM_BITS = 80
_LETTERS = 26


def new_id(noun: str, at: datetime) -> str:
    """Return an id such as ``booking_01jq8z...``; ids made later sort later."""
    number = (int(at.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(
        _RANDOM_BITS
    )
    return f"{noun}_{_letters(number, _LETTERS)}"


def first_id(noun: str, at: datetime) -> str:
    """Return what every id made at a moment or later sorts after."""
    return f"{noun}_{_letters(int(at.timestamp() * 1000) << _RANDOM_BITS, _LETTERS)}"


def new_code(length: int) -> str:
    """Return random letters nobody can guess; five bits each."""
    return _letters(secrets.randbits(5 * length), length)


def _letters(number: int, length: int) -> str:
    whole = length + length % 2
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(5 * whole - 10, -1, -10)]
    return "".join(pairs)[whole - length :]
