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

import msgspec
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


POSTINGS_KEPT = 4096
"""Tokens whose whereabouts are remembered."""


class Posting(msgspec.Struct, frozen=True):
    """Where a token is."""

    count: int
    """Entries that have it."""
    levels: tuple[tuple[float, tantivy.Query], ...]
    """For each level of impact: what it is worth, and who has it."""


class Ranking:
    """Scores over one state of the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._schema = snapshot.schema
        self._searcher = snapshot.searcher
        self._postings: dict[str, Posting] = {}

    def weigh(self, question: Question) -> list[int]:
        """Return how rare each concept is; 0 is in no entry at all."""
        return [self._rarity(concept) for concept in question.concepts]

    def score(
        self, question: Question, weights: Sequence[int], need: int
    ) -> tantivy.Query:
        """Return who has at least ``need`` of the concepts, and their points."""
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
            for points in self._way(Way(token, (token,)), echo)
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
        return min(self._posting(token).count for token in way.tokens)

    def _concept(self, concept: Concept, weight: int) -> tantivy.Query:
        ways = [points for way in concept.ways for points in self._way(way, weight)]
        return ways[0] if len(ways) == 1 else Find.disjunction_max_query(ways, ALSO)

    def _way(self, way: Way, weight: float) -> list[tantivy.Query]:
        """Return who writes it this way, by points; tokens share them evenly."""
        if way.is_typed:
            best = impacts.value(impacts.LEVELS) * SCALE * weight
            return [self._points("hints", way.text, best)]
        if not self._count(way):
            return []
        full = SCALE * weight * way.share / len(way.tokens)
        parts = [
            [
                Find.const_score_query(have, float(round(full * value)))
                for value, have in self._posting(token).levels
            ]
            for token in way.tokens
        ]
        if len(parts) == 1:
            return parts[0]
        unions = [Find.boolean_query([(Should, o) for o in part]) for part in parts]
        return [Find.boolean_query([(Must, union) for union in unions])]

    def _points(self, field: str, value: str, points: float) -> tantivy.Query:
        have = Find.term_query(self._schema, field, value, "basic")
        return Find.const_score_query(have, float(round(points)))

    def _posting(self, token: str) -> Posting:
        known = self._postings.get(token)
        if known is None:
            if len(self._postings) == POSTINGS_KEPT:
                self._postings.clear()
            known = self._postings[token] = self._look_up(token)
        return known

    def _look_up(self, token: str) -> Posting:
        found = self._searcher.terms_with_prefix("tokens", f"{token}|")
        return Posting(
            count=sum(count for _, count in found),
            levels=tuple(
                (
                    impacts.value(int(kept.rpartition("|")[2])),
                    Find.term_query(self._schema, "tokens", kept, "basic"),
                )
                for kept, _ in found
            ),
        )


def _echoes(question: Question, weights: Sequence[int]) -> list[str]:
    """Return what else was typed: also the pieces of words that nobody has written."""
    unknown = [
        token
        for concept, weight in zip(question.concepts, weights, strict=True)
        if not weight
        for token in concept.ways[0].tokens
    ]
    return [*question.echoes, *unknown]


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
