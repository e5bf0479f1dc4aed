"""How well entries answer a question: whole numbers, the same in every process.

BM25 as search libraries have it weighs words by counts over the whole index. The
counts move with each change and differ between processes (a deleted text counts
until it is merged away), and so do scores: a page that begins "after score 7.31" then
repeats or skips. Here an entry's part of BM25F is settled when it is put in
(`impacts`), a question's part (how rare each concept is) when its first page is made,
and carried on in the cursor. What is added up are whole numbers, so the order of
adding does not matter. The same question thus has the same order on every page and
in every process, whatever is put in or taken out between.

::

    score = (Σ concepts: rarity × impact of its best way      + echoes
             + nearness: own region, city, province, nation; own client class)
            × freshness: some 0.5 % a year

A concept counts little more for having several of its synonyms there. Points are
whole numbers or eighths of them, which add up exactly in any order.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import tantivy

from models.base import regions
from models.policies.search import impacts
from models.policies.search.question import Concept, Question, Way
from models.policies.search.snapshot import Clause, Find, Must, Should, Snapshot

SCALE = 100
"""Points of a full impact of a concept of weight 1."""

RARITY_STEPS = 10
"""Whole-number steps in one unit of inverse document frequency."""

ECHO = 0.25
"""What any other pair that was typed weighs, of the lightest concept."""

LOUD = impacts.LEVELS // 2
"""Level from which an echo is heard: what a title, tag or summary says."""

ALSO = 0.125
"""What a concept's other ways add, of their points; a power of two keeps sums exact."""

NEAR_REGION = 0.04
"""Of all that a question can give: what being for the very region adds."""

OWN_CLASS = 0.02
"""Of all that a question can give: what being for one's client class adds."""

FEW = 3
"""Concepts up to which a text is taken for keywords, all of which are wanted."""

Settled = tuple[int, ...]
"""How many concepts must be there, and how rare each is; empty asks for nothing."""

MOST_RARE = 1000
"""Above any rarity, to tell a made-up cursor."""

TOKENS_KEPT = 4096
"""Tokens of which is remembered who has them."""

Levels = list[tuple[int, tantivy.Query]]
T = TypeVar("T")


class Ranking:
    """Scores over one state of the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._schema = snapshot.schema
        self._searcher = snapshot.searcher
        self._spreads: dict[str, int] = {}
        self._kept_levels: dict[str, Levels] = {}

    def weigh(self, question: Question) -> list[int]:
        """Return how rare each concept is; 0 is in no entry at all."""
        return [self._rarity(concept) for concept in question.concepts]

    def holds(
        self, question: Question, weights: Sequence[int], need: int
    ) -> tantivy.Query:
        """Return who has at least ``need`` of the concepts."""
        known = [
            (Should, _any(list(filter(None, map(self._has, concept.ways)))))
            for concept, weight in zip(question.concepts, weights, strict=True)
            if weight
        ]
        return Find.boolean_query(known, minimum_number_should_match=need)

    def score(
        self, question: Question, weights: Sequence[int], need: int
    ) -> tantivy.Query:
        """Return the same with their points."""
        known = [
            (Should, self._concept(concept, weight))
            for concept, weight in zip(question.concepts, weights, strict=True)
            if weight
        ]
        found = Find.boolean_query(known, minimum_number_should_match=need)
        echo = ECHO * min(filter(None, weights), default=0)
        echoes = [
            (Should, points)
            for token in _echoes(question, weights)
            for points in self._told(token, SCALE * echo, from_level=LOUD)
        ]
        return Find.boolean_query([(Must, found), *echoes]) if echoes else found

    def nearness(
        self, weights: Sequence[int], region: str | None, classes: Sequence[str]
    ) -> list[Clause]:
        """Return what being for one's own region and client class adds."""
        most = SCALE * sum(weights)
        around = (region, *regions.ancestors(region)) if region else ()
        added = [
            (Should, self._points("region", code, most * NEAR_REGION / (1 + steps)))
            for steps, code in enumerate(around)
        ]
        if classes:
            own = Find.term_set_query(self._schema, "audience", list(classes))
            points = float(round(most * OWN_CLASS))
            added.append((Should, Find.const_score_query(own, points)))
        return added

    def _rarity(self, concept: Concept) -> int:
        count = sum(self._count(way) for way in concept.ways)
        if not count:
            return 0
        total = max(self._searcher.num_docs, count)
        rarity = math.log(1 + (total - count + 0.5) / (count + 0.5))
        return max(1, round(RARITY_STEPS * rarity))

    def _count(self, way: Way) -> int:
        if way.is_typed:
            return self._searcher.doc_freq("hints", way.text)
        return min(map(self._spread, way.tokens))

    def _has(self, way: Way) -> tantivy.Query | None:
        """Return who writes it this way."""
        if way.is_typed:
            return self._term("hints", way.text)
        if not self._count(way):
            return None
        return _all([self._term("tokens", token) for token in way.tokens])

    def _concept(self, concept: Concept, weight: int) -> tantivy.Query:
        ways = [points for way in concept.ways for points in self._way(way, weight)]
        return Find.disjunction_max_query(ways, ALSO)

    def _way(self, way: Way, weight: float) -> list[tantivy.Query]:
        """Return who writes it this way, by the points of the token in its middle.

        That one tells most, as the one that joins two words; which one is rarest may
        change while somebody turns pages.
        """
        if way.is_typed:
            best = impacts.value(impacts.LEVELS) * SCALE * weight
            return [self._points("hints", way.text, best)]
        told = way.tokens[len(way.tokens) // 2]
        others = [token for token in way.tokens if token != told]
        levels = self._told(told, SCALE * weight * way.share)
        if not levels or not others:
            return levels
        pointless = [
            Find.const_score_query(self._term("tokens", o), 0.0) for o in others
        ]
        return [_all([_any(levels), *pointless])]

    def _told(
        self, token: str, full: float, *, from_level: int = 1
    ) -> list[tantivy.Query]:
        """Return who has a token, by its impact on them, of so many points."""
        return [
            Find.const_score_query(have, float(round(full * impacts.value(level))))
            for level, have in self._levels(token)
            if level >= from_level
        ]

    def _points(self, field: str, value: str, points: float) -> tantivy.Query:
        return Find.const_score_query(self._term(field, value), float(round(points)))

    def _term(self, field: str, value: str) -> tantivy.Query:
        return Find.term_query(self._schema, field, value, "basic")

    def _spread(self, token: str) -> int:
        """Return how many have a token."""
        known = self._spreads.get(token)
        if known is None:
            known = self._searcher.doc_freq("tokens", token)
            _keep(self._spreads, token, known)
        return known

    def _levels(self, token: str) -> Levels:
        """Return at which levels entries have a token, and who at each."""
        known = self._kept_levels.get(token)
        if known is None:
            found = self._searcher.terms_with_prefix("impacts", f"{token}|")
            known = [
                (int(kept.rpartition("|")[2]), self._term("impacts", kept))
                for kept, _ in found
            ]
            _keep(self._kept_levels, token, known)
        return known


def needs(question: Question, weights: Sequence[int]) -> list[int]:
    """Return how many concepts an entry must have; the next if none has so many.

    Rules: a few keywords are all wanted; of a question in everyday words, half.
    """
    known = sum(1 for weight in weights if weight)
    half = (known + 1) // 2
    strict = known if known <= FEW and not question.is_asking else half
    return list(dict.fromkeys((strict, half, min(known, 1))))


def fits(settled: Settled, question: Question) -> bool:
    """Whether what a cursor says was settled can be about this question."""
    sound = all(0 <= number <= MOST_RARE for number in settled)
    return sound and len(settled) == 1 + len(question.concepts)


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return Find.boolean_query([(Should, query) for query in queries])


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return Find.boolean_query([(Must, query) for query in queries])


def _echoes(question: Question, weights: Sequence[int]) -> list[str]:
    """Return what else was typed: also the pieces of words that nobody has written."""
    unknown = [
        token
        for concept, weight in zip(question.concepts, weights, strict=True)
        if not weight
        for token in concept.ways[0].tokens
    ]
    return [*question.echoes, *unknown]


def _keep(kept: dict[str, T], token: str, value: T) -> None:
    if len(kept) == TOKENS_KEPT:
        kept.clear()
    kept[token] = value
