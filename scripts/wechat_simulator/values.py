"""The template rules, read off the contract a second time, by hand.

On purpose not shared with `miniprogram_api`: what its check lets through must pass
here as well, and a test says so.
"""

import re
import unicodedata
from collections.abc import Callable

MOST_DIGITS = 32
MOST_AMOUNT_DIGITS = 10
LONGEST_HAN_NAME = 10


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def _thing(value: str) -> bool:
    return not any(unicodedata.category(c) == "Cc" for c in value)


def _character_string(value: str) -> bool:
    return not any(_is_han(c) or c.isspace() for c in value)


def _number(value: str) -> bool:
    whole, _, part = value.partition(".")
    digits = whole + part
    written = digits.isascii() and digits.isdigit() and not value.endswith(".")
    return written and bool(whole) and len(digits) <= MOST_DIGITS


def _letter(value: str) -> bool:
    return value.isascii() and value.isalpha()


def _symbol(value: str) -> bool:
    return not any(c.isalnum() or c.isspace() for c in value)


def _phrase(value: str) -> bool:
    return all(_is_han(c) for c in value)


def _name(value: str) -> bool:
    longest = LONGEST_HAN_NAME if any(_is_han(c) for c in value) else len(value)
    return len(value) <= longest and not any(c.isdigit() for c in value)


def _amount(value: str) -> bool:
    bare = value.removesuffix("元")
    digits = bare.lstrip("¥￥$€£")
    signs = len(bare) - len(digits)
    short = len(digits.replace(".", "")) <= MOST_AMOUNT_DIGITS
    return signs <= 1 and short and _number(digits)


def _phone_number(value: str) -> bool:
    return not any(c.isalpha() for c in value)


def _car_number(value: str) -> bool:
    inner = value[1:-1]
    return not inner or (inner.isascii() and inner.isalnum())


CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
DAY = r"(\d{4}年)?(\d{1,2}月)?(\d{1,2}日)?"
DASHED = r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?"


def _time(value: str) -> bool:
    return _ends(value, rf"{DAY} ?{CLOCK}")


def _date(value: str) -> bool:
    return _ends(value, rf"({DAY}|{DASHED})( ?{CLOCK})?")


def _ends(value: str, point: str) -> bool:
    ends = [end.strip() for end in value.split("~", 1)]
    return all(end and re.fullmatch(point, end) for end in ends)


RULES: dict[str, tuple[int, Callable[[str], bool]]] = {
    "thing": (20, _thing),
    "character_string": (32, _character_string),
    "number": (33, _number),
    "letter": (32, _letter),
    "symbol": (5, _symbol),
    "phrase": (5, _phrase),
    "name": (20, _name),
    "amount": (13, _amount),
    "phone_number": (17, _phone_number),
    "car_number": (8, _car_number),
    "time": (60, _time),
    "date": (60, _date),
}
"""The longest value of each kind, in characters, and what else it must be."""


def keeps_rule(key: str, value: str) -> bool:
    """Whether the value of a key like `thing1` is one the platform takes."""
    kind = key.rstrip("0123456789")
    longest, rule = RULES.get(kind, (len(value), bool))
    return kind != key and len(value) <= longest and rule(value)
