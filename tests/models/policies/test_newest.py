"""Whatever comes, changes and goes: the newest first, and only what is public."""

from datetime import timedelta
from random import Random

from models.policies.newest import Newest, place
from models.policies.notes import GuideNote
from models.policies.texts import FOREVER
from models.policies.vocabulary import Category
from tests.models.policies.texts import NOW

HOUR = timedelta(hours=1)


def note(name, begins, ends=FOREVER):
    return GuideNote(
        id=name,
        title=name,
        category=Category.INTERVIEW,
        audience=(),
        summary="",
        visible_from=begins,
        visible_to=ends,
        revision=0,
    )


def test_the_order_is_that_of_sorting_all_anew_after_any_changes():
    chance, known, kept = Random(12351), {}, Newest()
    for step in range(600):
        if step == 300:
            kept.begin_anew()
        key = chance.randrange(60)
        if chance.random() < 0.3 and key in known:
            kept.drop(known.pop(key))
        else:
            begins = NOW + chance.randrange(-20, 20) * HOUR
            ends = chance.choice([FOREVER, begins + chance.randrange(1, 9) * HOUR])
            fresh = note(f"guide_{key % 20}", begins, ends)
            kept.put(fresh, instead_of=known.get(key))
            known[key] = fresh
        now = NOW + chance.randrange(-20, 20) * HOUR
        expected = sorted(
            filter(lambda n: n.is_visible(now), known.values()), key=place
        )
        shown = kept.public(known.values(), (step, now), now)
        assert list(map(place, shown)) == list(map(place, expected))
        assert set(map(id, shown)) == set(map(id, expected))


def test_what_is_public_is_picked_out_once_for_each_state():
    kept, one = Newest(), note("one", NOW, NOW + HOUR)
    first = kept.public([one], "before", NOW)
    assert kept.public([one], "before", NOW) is first
    assert first == [one]
    assert kept.public([one], "after", NOW + HOUR) == []
