"""Every shelf says what it holds about a person; a new one cannot forget to."""

import pytest

import app.schedule  # noqa: F401 - imports every room, and so every document
import handlers.routes  # noqa: F401
from models.base.documents import all_documents
from models.base.personal import Fate

DOCUMENTS = [
    kind
    for kind in all_documents()
    if kind.__module__.startswith(("app", "handlers", "models"))
]

NAMES = {"worker_id", "caller_id", "subject_id", "subject"}
"""What a field is called that is a worker's id."""

every_shelf = pytest.mark.parametrize(
    "kind", DOCUMENTS, ids=[kind.SHELF for kind in DOCUMENTS]
)


@every_shelf
def test_a_shelf_says_what_it_holds_about_a_person(kind):
    assert kind.PERSONAL is not None, (
        f"{kind.__name__} must say in PERSONAL whom its rows are about; "
        "see models/base/personal.py"
    )


@every_shelf
def test_a_shelf_that_names_a_worker_does_not_say_it_is_about_nobody(kind):
    named = NAMES & set(kind.__struct_fields__)
    assert not named or kind.PERSONAL.fate not in {Fate.NOBODY}, named


@every_shelf
def test_what_a_shelf_says_are_fields_it_has(kind):
    word = kind.PERSONAL
    fields = {*kind.__struct_encode_fields__}
    said = [*word.places, *word.emptied, *word.opened, *word.hidden]
    said += [*word.beside, *word.among, *(word.within or ())]
    said += [word.begins] if word.begins else []
    outermost = {name.partition(".")[0].replace("[]", "") for name in said}
    assert outermost <= fields


@every_shelf
def test_a_shelf_about_persons_says_how_to_find_them(kind):
    word = kind.PERSONAL
    finds = bool(word.places or word.begins or word.within)
    assert finds is (word.fate in {Fate.DELETED, Fate.RENAMED, Fate.ALIASED})


@every_shelf
def test_what_is_renamed_can_be(kind):
    word = kind.PERSONAL
    assert word.fate is not Fate.RENAMED or "_id" not in word.places
