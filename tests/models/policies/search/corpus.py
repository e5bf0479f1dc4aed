"""A small corpus, and an index over it without a loop to run on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from models.policies.search.entries import Entry, Kind
from models.policies.search.query import Hits, Query, Segment
from models.policies.search.synonyms import NONE, Group, Synonyms
from models.policies.search.view import View
from models.policies.search.writer import Writer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)

ZONE, CITY, PROVINCE, NATION = "410172", "410100", "410000", "100000"
OTHER_DISTRICT = "410105"


def entry(title: str, **said: Any) -> Entry:
    """Return an entry that is visible at NOW; its id is its title."""
    plain = {
        "id": title,
        "kind": Kind.POLICY,
        "region": NATION,
        "level": "nation",
        "topic": "wages",
        "published_at": NOW - 30 * DAY,
        "visible_from": NOW - 30 * DAY,
    }
    return Entry(title=title, **{**plain, **said})


def table(*groups: dict[str, Any]) -> Synonyms:
    """Return a table of synonyms."""
    return Synonyms.of(Group(**group) for group in groups)


def view(entries: Iterable[Entry], synonyms: Synonyms = NONE) -> View:
    """Return a state of the index that holds some entries."""
    return View(Writer().replace(entries), synonyms)


def find(view: View, text: str = "", **said: Any) -> Hits:
    """Search at NOW."""
    return view.search(Query(**{"text": text, "now": NOW, **said}))


def ids(hits: Hits) -> list[str]:
    """Return what was found, in order."""
    return [hit.id for hit in hits.items]


def written(segments: Iterable[Segment]) -> str:
    """Return segments as one text, hits in brackets."""
    return "".join(f"[{s.text}]" if s.hit else s.text for s in segments)
