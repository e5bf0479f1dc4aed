"""Every kind of event stands in the switchboard, if only as one nothing follows from.

A relay leaves what it does not know to a newer release: a kind that is forgotten there
would wait for ever.
"""

from models.base.events import Event
from models.reactions import REACTIONS
from models.reactions.unheard import UNHEARD
from tests.house.modules import modules


def kinds():
    """Return every event of the house, whoever has imported it."""
    storeys = {module.__name__ for module in modules()}
    found, queue = [], [Event]
    while queue:
        for kind in queue.pop().__subclasses__():
            queue.append(kind)
            if kind.__module__ in storeys:
                found.append(kind)
    return found


def test_whatever_is_recorded_is_known():
    ends = [kind for kind in kinds() if not kind.__subclasses__()]
    assert [kind.__name__ for kind in ends if kind not in REACTIONS] == []


def test_a_kind_has_a_name_of_its_own():
    names = [kind.__name__ for kind in REACTIONS]
    assert len(names) == len(set(names))


def test_what_something_follows_from_is_not_called_unheard():
    unheard = {kind.__name__ for kind in UNHEARD}
    assert all(REACTIONS[kind] == () for kind in UNHEARD)
    assert unheard.isdisjoint(kind.__name__ for kind in REACTIONS if REACTIONS[kind])
