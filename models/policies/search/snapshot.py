"""The index as of one commit: who fits, in which order, and how many.

Order is by one number, the highest first, and then by id; that is what a page's
place is made of.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import tantivy

from models.policies.search.query import Place
from models.policies.search.shelf import ALWAYS, Record, moment

SLACK = 16
"""Hits fetched beyond a page, so that a tie at its end seldom needs a second look."""

MOST_VALUES = 64
"""Values counted of a facet; there are some ten client classes, topics or levels."""

Must, Should = tantivy.Occur.Must, tantivy.Occur.Should
Find = tantivy.Query
Clause = tuple[tantivy.Occur, tantivy.Query]


class Row(msgspec.Struct, frozen=True, gc=False):
    """A record and the number that it is ordered by."""

    number: float
    record: Record

    @property
    def order(self) -> tuple[float, str]:
        """What rows sort by."""
        return -self.number, self.record.entry.id


class Snapshot:
    """One commit's entries, searched."""

    def __init__(
        self, index: tantivy.Index, records: Mapping[int, Record], turns: Sequence[int]
    ) -> None:
        self.schema = index.schema
        self.searcher = index.searcher()
        self._records = records
        self._turns = turns

    def since(self, now: datetime) -> int:
        """Return the last instant up to now at which anything came or went."""
        turn = bisect_right(self._turns, moment(now))
        return self._turns[turn - 1] if turn else -1

    def term(self, field: str, value: str) -> tantivy.Query:
        """Return who has a value."""
        return Find.term_query(self.schema, field, value, "basic")

    def visible(self, since: int, *, include_expired: bool = False) -> list[Clause]:
        """Return the bounds of what is visible from such an instant on."""
        ends = "until" if include_expired else "visible_to"
        return [
            only(self._span("visible_from", None, since)),
            only(self._span(ends, since + 1, None)),
        ]

    def scored(
        self, found: tantivy.Query, after: Place | None, limit: int
    ) -> tuple[list[Row], int]:
        """Return a page and one more, the best first, and how many there are."""
        before = max(0, after[2]) if after else 0
        return self._page(found, None, after, limit, before)

    def newest(
        self, clauses: Sequence[Clause], after: Place | None, limit: int
    ) -> tuple[list[Row], int]:
        """Return a page and one more, the newest first, and how many there are."""
        older = [only(self._span("published", None, _whole(after[0])))] if after else []
        found = Find.boolean_query([*clauses, *older])
        return self._page(found, "published", after, limit)

    def counts(
        self, found: tantivy.Query, facets: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        """Return how many have each value of some facets."""
        asked = {
            name: {"terms": {"field": name, "size": MOST_VALUES}} for name in facets
        }
        told = self.searcher.aggregate(found, asked)
        return {
            name: {each["key"]: each["doc_count"] for each in told[name]["buckets"]}
            for name in facets
        }

    def _page(
        self,
        found: tantivy.Query,
        by: str | None,
        after: Place | None,
        limit: int,
        before: int = 0,
    ) -> tuple[list[Row], int]:
        """Fetch until everything up to the page's end and one more is surely there.

        Hits of one number come in no order, so those that share the last fetched
        hit's number may be incomplete; then more are fetched.
        """
        size = before + limit + SLACK
        while True:
            size = max(1, min(size, self.searcher.num_docs))
            result = self.searcher.search(
                found,
                limit=size,
                order_by_field=by,
                weight_by_field=None if by else "freshness",
            )
            hits, total = result.hits, int(result.count)  # type: ignore[attr-defined]
            rows = self._rows(hits)
            if total > size:
                last = hits[-1][0]
                rows = [row for row in rows if row.number > last]
            if after is not None:
                rows = [row for row in rows if row.order > (-after[0], after[1])]
            if total <= size or len(rows) > limit:
                return rows[: limit + 1], total
            size *= 2

    def _rows(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[Row]:
        numbers = self.searcher.fast_field_values("number", [at for _, at in hits])
        rows = [
            Row(score, record)
            for (score, _), number in zip(hits, numbers, strict=True)
            if (record := self._records.get(number))  # type: ignore[arg-type]
        ]
        return sorted(rows, key=lambda row: row.order)

    def _span(self, field: str, low: int | None, high: int | None) -> tantivy.Query:
        kind = tantivy.FieldType.Integer
        return Find.range_query(self.schema, field, kind, low, high)


def only(query: tantivy.Query) -> Clause:
    """Return a condition that gives no points."""
    return Must, Find.const_score_query(query, 0.0)


def _whole(number: float) -> int:
    """Return an instant in milliseconds; a made-up cursor may hold anything."""
    return int(max(-ALWAYS, min(number, ALWAYS)))
