"""Where a hit says what was asked: its title marked, and the best piece of its text.

What is marked is the text as it was written, although it was found by its normalised
form. Segments are plain text: nothing here is HTML, so nothing needs escaping.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from models.policies.search import pinyin, words
from models.policies.search.query import Segment
from models.policies.search.question import Question
from models.policies.search.shelf import Record, Text

LONGEST_SNIPPET = 80
"""Characters; two lines on a small phone in large letters."""

LEAD = 12
"""Characters shown before the first hit of a snippet."""

Span = tuple[int, int]

SENTENCE_ENDS = re.compile(r"[。!?;]\s*|\s+")


class Needles(msgspec.Struct, frozen=True):
    """What to mark for a question."""

    said: tuple[str, ...]
    typed: tuple[str, ...]
    """Letters that stand for Chinese."""

    @classmethod
    def of(cls, question: Question) -> "Needles":
        """Collect every way of every concept once."""
        ways = [way for concept in question.concepts for way in concept.ways]
        said = dict.fromkeys(way.text for way in ways if not way.is_typed)
        return cls(tuple(said), tuple(way.text for way in ways if way.is_typed))


def title(record: Record, needles: Needles) -> tuple[Segment, ...]:
    """Return the title with all that was asked for marked."""
    text = record.title
    spans = [*_said(text, needles), *_typed(text, needles)]
    return _segments(text, 0, len(text.normal), _merged(spans))


def snippet(record: Record, needles: Needles) -> tuple[Segment, ...]:
    """Return the summary if it says what was asked, else the piece of the body that
    says most of it; the summary's beginning if none does.
    """
    for text in (record.summary, record.body):
        if spans := _merged(_said(text, needles)):
            return _segments(text, *_window(text.normal, spans), spans)
    text = record.summary if record.summary.written else record.body
    return _segments(text, 0, LONGEST_SNIPPET, [])


def _said(text: Text, needles: Needles) -> list[Span]:
    """Return where the normalised text says what was asked."""
    normal = text.normal
    found: list[Span] = []
    for needle in needles.said:
        at = normal.find(needle)
        while at >= 0:
            found.append((at, at + len(needle)))
            at = normal.find(needle, at + len(needle))
    return found


def _typed(text: Text, needles: Needles) -> Iterator[Span]:
    for letters in needles.typed:
        for run in words.HAN_RUN.finditer(text.normal):
            if span := pinyin.find(run.group(), letters):
                yield run.start() + span[0], run.start() + span[1]


def _merged(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that touch as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _window(normal: str, spans: Sequence[Span]) -> Span:
    """Return the stretch that says most of what was asked, from a sentence's start
    if one is near.
    """
    if len(normal) <= LONGEST_SNIPPET:
        return 0, len(normal)
    ends = [end for _, end in spans]
    best, most = 0, 0
    for at, (first, _) in enumerate(spans):
        reach = bisect_right(ends, first + LONGEST_SNIPPET - LEAD)
        held = {normal[start:end] for start, end in spans[at:reach]}
        if len(held) > most:
            best, most = first, len(held)
    start = max(0, best - LEAD)
    for end in SENTENCE_ENDS.finditer(normal, start, best):
        start = end.end()
    return start, start + LONGEST_SNIPPET


def _segments(
    text: Text, start: int, end: int, spans: Sequence[Span]
) -> tuple[Segment, ...]:
    """Cut the written text where marks of the normalised one begin and end."""
    end = min(end, len(text.normal))
    pieces = [Segment("…" if start else "")]
    at = start
    for first, last in spans:
        if start <= first and last <= end:
            pieces.append(Segment(_written(text, at, first)))
            pieces.append(Segment(_written(text, first, last), hit=True))
            at = last
    pieces.append(Segment(_written(text, at, end)))
    pieces.append(Segment("…" if end < len(text.normal) else ""))
    return tuple(piece for piece in pieces if piece.text)


def _written(text: Text, start: int, end: int) -> str:
    first, last = _origin(text, start), _origin(text, end)
    return text.written[first:last].replace("\n", " ")


def _origin(text: Text, at: int) -> int:
    """Return where a place of the form is in the text; unseen characters go along."""
    return text.origins[at] if at and text.origins is not None else at
