"""Every door keeps the house's promises; a new route cannot be forgotten."""

import inspect
import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.application import VERSION
from handlers.base.answers import status_of
from handlers.base.openapi import describe, promises_of, unpromised
from handlers.routes import ROUTES
from models.base.errors import Refusal

WITHOUT_PROMISE = {
    "handlers.base.console.AssetHandler.get",
    "handlers.base.console.PageHandler.get",
    "handlers.base.console.WayHandler.get",
    "handlers.base.docs.DocsFileHandler.get",
    "handlers.base.docs.DocsHandler.get",
    "handlers.base.docs.OpenApiHandler.get",
    "handlers.base.health.MetricsHandler.get",
    "handlers.station.live.LiveHandler.get",
    "handlers.union.live.LiveHandler.get",
    "handlers.worker.live.LiveHandler.get",
}
"""Pages and figures, not the API; and sockets, whose answer is a conversation: what
they say is in docs/decisions/0008, and every port has the same by GET …/changes.
Whoever adds one here says why in review."""

PROMISES = list(promises_of(ROUTES))

every_verb = pytest.mark.parametrize(
    ("pattern", "method", "promise"),
    PROMISES,
    ids=[f"{method.upper()} {pattern}" for pattern, method, _ in PROMISES],
)


def every_refusal(kind=Refusal):
    for child in kind.__subclasses__():
        yield child
        yield from every_refusal(child)


def test_only_pages_and_figures_have_no_promise():
    assert set(unpromised(ROUTES)) == WITHOUT_PROMISE


@every_verb
def test_a_verb_says_what_it_does(pattern, method, promise):
    assert promise.summary
    assert promise.summary.splitlines()[0].endswith(".")


@every_verb
def test_a_verb_takes_exactly_the_names_of_its_path(pattern, method, promise):
    assert set(promise.path) == set(re.findall(r"\{(\w+)\}", pattern))


@every_verb
def test_a_write_by_somebody_is_limited_or_first_aid(pattern, method, promise):
    writes = method != "get" and not pattern.startswith("/_test")
    assert not writes or promise.limit is not None or "first-aid" in pattern


@every_verb
def test_what_makes_something_can_be_repeated(pattern, method, promise):
    makes = promise.status == 201 and "first-aid" not in pattern
    assert not makes or promise.repeats


def test_the_description_is_valid_openapi():
    OpenAPIV31SpecValidator(describe(ROUTES, version=VERSION)).validate()


def test_operation_names_are_unique():
    paths = describe(ROUTES, version=VERSION)["paths"]
    names = [verb["operationId"] for path in paths.values() for verb in path.values()]
    assert len(names) == len(set(names))


def every_refusal_once():
    return sorted(set(every_refusal()), key=lambda refusal: refusal.__name__)


@pytest.mark.parametrize("refusal", every_refusal_once())
def test_a_refusal_has_a_word_a_sentence_and_a_status(refusal):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", refusal.code)
    assert re.search(r"[\u4e00-\u9fff]", refusal.message)
    assert refusal.message.endswith(("。", "？", "！"))
    assert status_of(refusal)
    assert inspect.getdoc(refusal)


def test_a_word_stands_for_one_family():
    families = {}
    for refusal in every_refusal():
        if refusal.__module__.startswith(("models", "handlers")):
            families.setdefault(refusal.code, set()).add(status_of(refusal))
    assert {
        code: statuses for code, statuses in families.items() if len(statuses) > 1
    } == {}
