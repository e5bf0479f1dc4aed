"""Suppression (小数隐去): a group of fewer than ten is not shown.

Nor may it be worked out: the total is known, so what is hidden together must not be
few either. While it is, the smallest group that is shown is hidden as well.

Source: rules §3.15 (suppress <10).
"""

from collections.abc import Mapping

FEWEST = 10
"""People of a group that is shown."""


def suppressed(groups: Mapping[str, int]) -> dict[str, int | None]:
    """Return the groups with None in place of what may not be known."""
    hidden = {name for name, count in groups.items() if count < FEWEST}
    shown = sorted(groups.keys() - hidden, key=lambda name: (groups[name], name))
    while 0 < sum(groups[name] for name in hidden) < FEWEST and shown:
        hidden.add(shown.pop(0))
    return {name: None if name in hidden else count for name, count in groups.items()}
