"""What can still change an answer (还缺什么), and how much each thing would do.

Usually no fact stands in two open conditions. Then every open condition that
Kleene's tables leave in play matters, and one walk down from the root says what it
would do. Otherwise `unravel` finds out.

Source: rules 1.6.
"""

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache

import msgspec

from models.eligibility.compiled import Rule
from models.eligibility.diagrams import TooTangledError
from models.eligibility.entangled import unravel
from models.eligibility.kleene import Joint, Three
from models.eligibility.sight import Sight
from models.eligibility.vocabulary import ORDER, SENSITIVE


class Power(IntEnum):
    """What knowing one more thing, and nothing else, does to a rule."""

    NARROWS = 0
    """Brings the answer nearer."""
    MAY_DECIDE = 1
    """Some of its values give the answer."""
    DECIDES = 2
    """Each of its values gives the answer."""


class Want(msgspec.Struct, frozen=True):
    """One thing that can still change the answer."""

    name: str
    """A fact, or a date the caller names."""
    power: Power
    finer: bool = False
    """They have told us already, but a region too wide to decide."""


class Outlook(msgspec.Struct, frozen=True):
    """What can still become of a rule."""

    answer: Three
    """Set if nothing that is missing can change it after all."""
    wants: tuple[Want, ...] = ()
    """What to ask, the best first."""


def look(rule: Rule, sight: Sight) -> Outlook:
    """Find what can still change the answer of a rule."""
    answer = sight.truths[-1]
    return _ahead(rule, sight) if answer is None else Outlook(answer)


@lru_cache(maxsize=4096)
def _ahead(rule: Rule, sight: Sight) -> Outlook:
    """Look ahead once for all who stand at the same point of a rule."""
    effects = _effects(rule, sight)
    waited = [name for number in effects for name in sight.lacks[number]]
    if len(set(waited)) == len(waited):
        return Outlook(None, _in_order(_alone(effects, sight), sight))
    try:
        answer, settles = unravel(rule, sight, sorted(effects))
    except TooTangledError:
        return Outlook(None, _in_order(dict.fromkeys(waited, Power.NARROWS), sight))
    powers = {name: _power(settles[name]) for name in settles}
    return Outlook(answer, _in_order(powers, sight))


def _effects(rule: Rule, sight: Sight) -> dict[int, tuple[Three, Three]]:
    """Return what each open condition in play would make of the rule, true or false."""
    first, truths = len(rule.tests), sight.truths
    effects: dict[int, tuple[Three, Three]] = {len(truths) - 1: (True, False)}
    for number in range(len(truths) - 1, first - 1, -1):
        if number not in effects:
            continue
        if_true, if_false = effects.pop(number)
        joint, below = rule.joints[number - first]
        open_ = [each for each in below if truths[each] is None]
        if joint is Joint.NOT:
            if_true, if_false = if_false, if_true
        elif len(open_) > 1:
            if_true = None if joint is Joint.ALL else if_true
            if_false = None if joint is Joint.ANY else if_false
        effects.update(dict.fromkeys(open_, (if_true, if_false)))
    return effects


def _alone(
    effects: Mapping[int, tuple[Three, Three]], sight: Sight
) -> dict[str, Power]:
    powers = {}
    for number, outcomes in effects.items():
        names = sight.lacks[number]
        settles = tuple(each is not None for each in outcomes)
        for name in names:
            powers[name] = _power(settles if len(names) == 1 else ())
    return powers


def _power(settles: tuple[bool, ...]) -> Power:
    if not any(settles):
        return Power.NARROWS
    return Power.DECIDES if all(settles) else Power.MAY_DECIDE


def _in_order(powers: Mapping[str, Power], sight: Sight) -> tuple[Want, ...]:
    """Sort what to ask: ordinary facts first, then by what they would do."""
    too_wide = {
        name
        for names, told in zip(sight.lacks, sight.told, strict=True)
        if told is not None
        for name in names[:1]
    }
    wants = [Want(name, powers[name], name in too_wide) for name in powers]
    return tuple(sorted(wants, key=_worth))


def _worth(want: Want) -> tuple[bool, int, int]:
    return SENSITIVE[want.name], -want.power, ORDER[want.name]
