"""Why a condition stands against a person (理由), said without giving secrets away.

The sentence names the value that made it so. Of a sensitive fact it names only the
fact, since the verdict may be read over a shoulder or by staff at a counter.
"""

from datetime import date

from models.base import regions
from models.eligibility.compiled import Test
from models.eligibility.facts import Facts, Value
from models.eligibility.vocabulary import SENSITIVE, Fact, Kind

YES_NO = {True: "是", False: "否"}


def because(test: Test, facts: Facts, on: date | None) -> str:
    """Say which value makes a condition what it is."""
    fact = test.fact
    source = "核实的" if facts.is_verified(fact.name) else "您填写的"
    if fact.sensitive or (test.at is not None and SENSITIVE[test.at]):
        return f"这一条看的是{fact.label}，与{source}情况不符。"
    value = show(fact, facts.values[fact.name])
    counted = f"，按{show_day(on)}计算" if on and fact.kind is Kind.DATE else ""
    return f"{source}“{fact.label}”是“{value}”{counted}。"


def show(fact: Fact, value: Value) -> str:
    """Say a value as the screen does."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, frozenset):
        shown = [fact.choices[each] for each in fact.choices if each in value]
        return "、".join(shown) or "无"
    if isinstance(value, int):
        return f"{value}{fact.unit}"
    if fact.kind is Kind.REGION:
        region = regions.get(value)
        return region.name if region else value
    return fact.choices[value]


def show_day(day: date) -> str:
    """Say a day as people write it."""
    return f"{day.year}年{day.month}月{day.day}日"
