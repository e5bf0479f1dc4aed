"""A path finds its handler, and nothing that merely looks like one."""

import pytest

from handlers.base.endpoint import Handler
from handlers.base.routing import Tree


class One(Handler):
    pass


class Two(Handler):
    pass


TREE = Tree([("/a/{thing_id}", One), ("/a/{thing_id}/b", Two), ("/a/me", Two)])


@pytest.mark.parametrize(
    ("path", "handler", "names"),
    [
        ("/a/thing_1", One, {"thing_id": "thing_1"}),
        ("/a/thing_1/b", Two, {"thing_id": "thing_1"}),
        ("/a/me", Two, {}),
    ],
)
def test_a_path_finds_its_handler(path, handler, names):
    leaf, given = TREE.find(path)
    assert (leaf.handler, given) == (handler, names)


@pytest.mark.parametrize(
    "path",
    ["/", "/a", "/a/", "/a/x/", "/a/x/b/c", "/a/%2e", "/a/" + "x" * 81, "", "/a/x\n"],
)
def test_other_paths_find_nothing(path):
    assert TREE.find(path) is None


def test_two_handlers_for_one_path_do_not_start():
    with pytest.raises(ValueError, match="two handlers"):
        Tree([("/a", One), ("/a", Two)])


def test_two_names_for_one_place_do_not_start():
    with pytest.raises(ValueError, match="stands here already"):
        Tree([("/a/{x}", One), ("/a/{y}/b", Two)])
