"""What the index answers as of one commit, and remembers having answered.

A view never changes; after each commit a new one takes its place. What is visible
changes only at the instants at which an entry begins or ends (its turns), so an
answer holds from one of them to the next and is kept that long.
"""

from collections import Counter
from datetime import datetime

import msgspec

from models.base.clock import EPOCH
from models.base.text import normalise
from models.policies.search import highlight, pinyin
from models.policies.search.query import Hit, Hits, Query
from models.policies.search.question import Question, pieces, understand
from models.policies.search.ranking import Ranking, Settled, fits, needs
from models.policies.search.shelf import FACETS
from models.policies.search.snapshot import Clause, Find, Must, Row, Snapshot, only
from models.policies.search.synonyms import Synonyms

ANSWERS_KEPT = 256
"""Pages that were asked for lately; some 20 KB each."""

SUGGESTING = 40
"""Newest entries whose tags and titles are offered while somebody types."""


class View:
    """All entries as of one commit, under one table of synonyms."""

    def __init__(self, snapshot: Snapshot, synonyms: Synonyms) -> None:
        self._snapshot = snapshot
        self._synonyms = synonyms
        self._ranking = Ranking(snapshot)
        self._answers: dict[tuple[Query, int], Hits] = {}

    def search(self, query: Query) -> Hits:
        """Answer a query, from memory if nothing changed since it was last asked."""
        since = self._snapshot.since(query.now)
        asked = msgspec.structs.replace(query, now=EPOCH), since
        known = self._answers.get(asked)
        if known is None:
            if len(self._answers) == ANSWERS_KEPT:
                del self._answers[next(iter(self._answers))]
            known = self._answers[asked] = self._find(query, since)
        return known

    def suggest(self, prefix: str, now: datetime, limit: int) -> list[str]:
        """Return tags, the most used first, and then titles that begin so."""
        typed = "".join(normalise(prefix).split())[: pinyin.LONGEST_HINT]
        begins = Must, self._snapshot.term("hints", typed)
        visible = self._snapshot.visible(self._snapshot.since(now))
        rows, _ = self._snapshot.newest([begins, *visible], None, SUGGESTING)
        tags: Counter[str] = Counter()
        titles: dict[str, None] = {}
        for entry in (row.record.entry for row in rows):
            fit = [tag for tag in entry.tags if typed in pinyin.of_tag(normalise(tag))]
            tags.update(fit)
            if not fit:
                titles[entry.title] = None
        return [*(tag for tag, _ in tags.most_common()), *titles][:limit]

    def _find(self, query: Query, since: int) -> Hits:
        visible = self._snapshot.visible(since, include_expired=query.include_expired)
        narrows = self._narrows(query)
        asked, ways = self._read(query)
        for settled in ways:
            clauses = [*visible, *narrows.values()]
            rows, total = self._page(query, asked, settled, clauses)
            if total:
                break
        hits = self._hits(query, asked, settled, rows)
        if query.after is not None:
            return hits
        facets = self._facets([*self._held(asked, settled), *visible], narrows)
        return msgspec.structs.replace(hits, total=total, facets=facets)

    def _read(self, query: Query) -> tuple[Question, list[Settled]]:
        """Return what is asked, and how strictly: as on the first page, or ever less.

        Rules: what was settled on the first page holds; where no word is known, its
        pieces are asked for.
        """
        asked = understand(query.text, self._synonyms)
        if not asked.concepts:
            return asked, [()]
        readings = asked, pieces(asked)
        settled = query.after[3] if query.after else ()
        for reading in readings:
            if fits(settled, reading):
                return reading, [settled]
        for reading in readings:
            weights = self._ranking.weigh(reading)
            if any(weights):
                break
        return reading, [(need, *weights) for need in needs(reading, weights)]

    def _page(
        self, query: Query, asked: Question, settled: Settled, clauses: list[Clause]
    ) -> tuple[list[Row], int]:
        if not settled:
            return self._snapshot.newest(clauses, query.after, query.limit)
        need, *weights = settled
        points = Must, self._ranking.score(asked, weights, need)
        near = self._ranking.nearness(weights, query.region, query.classes)
        found = Find.boolean_query([points, *clauses, *near])
        return self._snapshot.scored(found, query.after, query.limit)

    def _held(self, asked: Question, settled: Settled) -> list[Clause]:
        if not settled:
            return []
        need, *weights = settled
        return [(Must, self._ranking.holds(asked, weights, need))]

    def _narrows(self, query: Query) -> dict[str, Clause]:
        """Return the conditions on facets, by facet."""
        wanted = {
            "topic": query.topic,
            "level": query.level,
            "kind": query.kind,
            "audience": query.audience,
            "region": query.area,
        }
        return {
            name: only(self._snapshot.term(name, value))
            for name, value in wanted.items()
            if value
        }

    def _facets(
        self, clauses: list[Clause], narrows: dict[str, Clause]
    ) -> dict[str, dict[str, int]]:
        """Count each facet under the conditions on the others."""
        free = [name for name in FACETS if name not in narrows]
        found = Find.boolean_query([*clauses, *narrows.values()])
        facets = self._snapshot.counts(found, free)
        for name in narrows:
            others = [clause for other, clause in narrows.items() if other != name]
            found = Find.boolean_query([*clauses, *others])
            facets |= self._snapshot.counts(found, [name])
        return facets

    def _hits(
        self, query: Query, asked: Question, settled: Settled, rows: list[Row]
    ) -> Hits:
        shown = rows[: query.limit]
        following = None
        if len(rows) > len(shown):
            last, before = shown[-1], query.after[2] if query.after else 0
            entry_id = last.record.entry.id
            following = (last.number, entry_id, before + len(shown), settled)
        needles = highlight.Needles.of(asked)
        items = tuple(
            Hit(
                id=row.record.entry.id,
                score=row.number if settled else 0.0,
                title=highlight.title(row.record, needles),
                snippet=highlight.snippet(row.record, needles),
                entry=row.record.entry,
            )
            for row in shown
        )
        return Hits(items=items, next=following)
