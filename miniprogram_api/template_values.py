"""What each kind of template value may hold, so that a message is not sent in vain.

Source: subscribeMessage.send, table of parameter types and their limits.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from miniprogram_api.errors import Unsendable

LONGEST_THING = 20
"""Characters in a `thing` value, the kind for free text."""

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_SYMBOL = (
    r"[!-/:-@\[-`{-~"
    "\u00b7\u2010-\u2027\u3001-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)
_YEAR, _MONTH, _DAY = "[0-9]{4}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_HAN_DATE = f"(?:(?:{_YEAR}年)?{_MONTH}月{_DAY}日|{_YEAR}年{_MONTH}月)"
_DATE = f"(?:{_HAN_DATE}|{_YEAR}[-/.]{_MONTH}(?:[-/.]{_DAY})?)"
_CLOCK = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_TIME_POINT = f"(?:{_HAN_DATE} ?)?{_CLOCK}"
_DATE_POINT = f"{_DATE}(?: ?{_CLOCK})?"


class Rule(NamedTuple):
    """What a kind of value is, in words and as a pattern for the whole of it."""

    words: str
    pattern: re.Pattern[str]


def _rule(words: str, pattern: str) -> Rule:
    return Rule(words, re.compile(pattern))


ANYTHING = _rule("not blank", r"(?s:.*\S.*)")
"""For kinds without a limit of their own: enum, and what may be invented later."""

RULES: dict[str, Rule] = {
    "thing": _rule(
        "1 to 20 characters, no control characters",
        r"(?=.*\S)[^\u0000-\u001f\u007f-\u009f]{1,20}",
    ),
    "character_string": _rule("1 to 32 letters, digits, symbols", "[!-~]{1,32}"),
    "number": _rule(
        "1 to 32 digits, perhaps a point",
        r"[0-9]{1,32}|(?=[0-9.]{3,33}$)[0-9]+\.[0-9]+",
    ),
    "letter": _rule("1 to 32 letters", "[A-Za-z]{1,32}"),
    "symbol": _rule("1 to 5 symbols", f"{_SYMBOL}{{1,5}}"),
    "phrase": _rule("1 to 5 Chinese characters", f"{_HAN}{{1,5}}"),
    "name": _rule(
        "at most 10 Chinese characters, or 20 letters and symbols",
        f"(?:[A-Za-z]|{_SYMBOL})(?:[A-Za-z ]|{_SYMBOL}){{0,19}}"
        f"|(?:[A-Za-z]|{_HAN}|{_SYMBOL}){{1,10}}",
    ),
    "amount": _rule(
        "perhaps a currency sign, at most 10 digits, perhaps 元",
        r"[¥￥$€£]?(?:[0-9]{1,10}|(?=[0-9.]{3,11}元?$)[0-9]+\.[0-9]+)元?",
    ),
    "phone_number": _rule("1 to 17 digits and symbols", "[0-9+*()#-]{1,17}"),
    "car_number": _rule(
        "at most 8, the first and the last may be Chinese",
        f"(?=.{{1,8}}$){_HAN}?[A-Za-z0-9]+{_HAN}?",
    ),
    "time": _rule(
        "HH:MM, perhaps after a Chinese date, perhaps up to another with ~",
        f"{_TIME_POINT}(?: ?~ ?{_TIME_POINT})?",
    ),
    "date": _rule(
        "a date, perhaps with a time, perhaps up to another with ~",
        f"{_DATE_POINT}(?: ?~ ?{_DATE_POINT})?",
    ),
}
"""By the kind that starts a key: `thing` for `thing1`."""

_KEY = re.compile("([a-z_]+?)[0-9]+")


def check(values: Mapping[str, str]) -> None:
    """Make sure that every value keeps the rule of its key's kind.

    Refuses: Unsendable.
    """
    if not values:
        raise Unsendable("data", "at least one value")
    for key, value in values.items():
        named = _KEY.fullmatch(key)
        if named is None:
            raise Unsendable(key, "a key is a kind and a number, like thing1")
        rule = RULES.get(named[1], ANYTHING)
        if not rule.pattern.fullmatch(value):
            raise Unsendable(key, rule.words)


def as_thing(text: str) -> str:
    """Fit a text into a `thing` value: one line, cut with an ellipsis."""
    line = " ".join(re.sub(r"[\u0000-\u001f\u007f-\u009f]", " ", text).split())
    if len(line) <= LONGEST_THING:
        return line
    return line[: LONGEST_THING - 1].rstrip() + "…"
