"""Scopes: subtrees by prefix, and nothing that means everything."""

import pytest

from models.base import personal
from models.base.documents import Document
from models.unions.scopes import NOTHING, Scope


class Thing(Document, kw_only=True, frozen=True):
    """Something that belongs to a unit."""

    SHELF = "test_things"
    PERSONAL = personal.nobody()

    org_path: str = ""


PATHS = ("", "/a/", "/a/b/", "/a/b/c/", "/ab/", "/b/")


@pytest.mark.parametrize(
    ("roots", "reached"),
    [
        ([], []),
        (["/a/"], ["/a/", "/a/b/", "/a/b/c/"]),
        (["/a/b/"], ["/a/b/", "/a/b/c/"]),
        (["/a/b/", "/b/"], ["/a/b/", "/a/b/c/", "/b/"]),
        (["/a/b/", "/a/"], ["/a/", "/a/b/", "/a/b/c/"]),
        ([""], []),
    ],
)
async def test_what_a_scope_reaches_in_mind_and_in_mongodb(ctx, roots, reached):
    scope = Scope.of(roots)
    assert [path for path in PATHS if scope.covers(path)] == reached
    for path in PATHS:
        await Thing(id=f"thing_{path}", org_path=path).insert(ctx)
    found = await Thing.many(ctx, scope.where(), sort=[("org_path", 1)])
    assert [each.org_path for each in found] == reached


def test_what_lies_within_another_is_named_once():
    assert Scope.of(["/a/b/", "/a/", "/a/"]) == Scope(("/a/",))


def test_narrowing_keeps_what_both_reach():
    wide, deep = Scope.of(["/a/", "/b/"]), Scope.of(["/a/b/", "/c/"])
    assert wide.narrowed(deep) == deep.narrowed(wide) == Scope(("/a/b/",))
    assert wide.narrowed(NOTHING) == NOTHING
