"""What a text asks for: a few concepts, each with the ways it may be written.

跑外卖能交社保吗 asks for two things: 跑外卖, or 骑手, or 外卖员; and 交社保, or 参保.
Its 能 and 吗 ask for nothing: words that only make a question are dropped, unless
nothing else is there.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from models.base.text import normalise
from models.policies.search import words
from models.policies.search.pinyin import LONGEST_HINT
from models.policies.search.synonyms import NEAR, Synonyms

LONGEST_TEXT = 80
"""Characters of a query that are read; a longer one says it again."""

MOST_CONCEPTS = 12

SURE_TERM = 2
"""Characters; a longer term is one wherever it stands, others begin or end a word."""

PHRASES = re.compile(
    "怎么办理|怎么办|怎么样|怎么弄|怎么搞|怎样才能|有没有|能不能|可不可以|是不是|算不算|"
    "要不要|该不该|会不会|行不行|为什么|有什么|是什么|干什么|什么时候|多少钱|多长时间|"
    "哪些人|哪里|哪儿|去哪|找谁|如何|是否|请问|我想|想要|可以吗|行吗|好吗|对吗"
)
"""What makes a question, found before words are cut, the longest first."""

EMPTY_WORDS = Path(__file__).with_name("empty_words.txt")

EMPTY = frozenset(
    word
    for line in EMPTY_WORDS.read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Words too common to ask for anything."""

AMOUNT = re.compile(
    "[零一二两三四五六七八九十百千万亿几半]+(?:个|个月|年|天|次|块|块钱|元|岁|名|位|月)?"
)
"""How many or how long: told of one's own case, seldom written in a policy so."""


class Way(msgspec.Struct, frozen=True, gc=False):
    """One way a concept may be written."""

    text: str
    """Normalised."""
    tokens: tuple[str, ...]
    """All of them must be there."""
    share: float = 1.0
    """What it counts, of the way that was typed."""
    is_typed: bool = False
    """Whether these are letters typed for Chinese, as in sbbt."""


class Concept(msgspec.Struct, frozen=True, gc=False):
    """One thing that is asked for; the way that was typed comes first."""

    ways: tuple[Way, ...]


class Question(msgspec.Struct, frozen=True, gc=False):
    """All that a text asks for."""

    concepts: tuple[Concept, ...]
    echoes: tuple[str, ...] = ()
    """All other pairs that were typed: whoever writes 领多少 or 社保补贴 in a title too
    is a little closer, although 多少 asks for nothing."""
    is_asking: bool = False
    """Whether something was dropped as belonging to a question only."""


def understand(text: str, synonyms: Synonyms) -> Question:
    """Read what a text asks for; no concept at all means it holds no word."""
    normal = normalise(text)[:LONGEST_TEXT]
    spans = list(_spans(normal, synonyms))
    chosen = [span for span in spans if not _is_empty(normal[slice(*span)])]
    terms = [span for span in chosen if span[1] - span[0] > 1][:MOST_CONCEPTS]
    if not terms:
        return _barely(normal, {normal[start] for start, _ in chosen})
    concepts = {normal[slice(*span)]: None for span in terms}
    return Question(
        concepts=tuple(_concept(each, synonyms) for each in concepts),
        echoes=_echoes(normal, terms),
        is_asking=len(chosen) < len(spans),
    )


def pieces(question: Question) -> Question:
    """Return the same question pair by pair, for words that nobody has written."""
    typed = [token for each in question.concepts for token in each.ways[0].tokens]
    tokens = list(dict.fromkeys([*typed, *question.echoes]))[:MOST_CONCEPTS]
    concepts = tuple(Concept((Way(token, (token,)),)) for token in tokens)
    return Question(concepts, is_asking=True)


def tokens_of(normal: str) -> tuple[str, ...]:
    """Return the tokens that a text which holds ``normal`` has."""
    found: dict[str, None] = {}
    for run in words.RUN.findall(normal):
        if words.is_han(run):
            found |= dict.fromkeys(words.pairs(run) or [run])
        else:
            found[words.plain(run)] = None
    return tuple(found)


def _barely(normal: str, letters: set[str]) -> Question:
    """Read a text without one whole word: as it stands, or its telling letters."""
    concepts = []
    for run in dict.fromkeys(words.RUN.findall(normal)):
        telling = sorted(letters & set(run))
        alone = (Way(letter, (letter,), NEAR) for letter in telling)
        concepts.append(Concept((Way(run, tokens_of(run)), *alone)))
    return Question(tuple(concepts[:MOST_CONCEPTS]), is_asking=True)


def _echoes(normal: str, kept: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return the pairs of a text that lie in none of the kept spans."""
    inside = {at for start, end in kept for at in range(start, end - 1)}
    pairs = {
        normal[at : at + 2]: None
        for run in words.HAN_RUN.finditer(normal)
        for at in range(run.start(), run.end() - 1)
        if at not in inside
    }
    return tuple(pairs)


def _concept(term: str, synonyms: Synonyms) -> Concept:
    ways = [Way(term, tokens_of(term))]
    if term.isascii() and term.isalpha() and len(term) > 1:
        ways.append(Way(term[:LONGEST_HINT], (), is_typed=True))
    for other, share in synonyms.meaning(term).items():
        if tokens := tokens_of(other):
            ways.append(Way(other, tokens, share))
    return Concept(tuple(ways))


def _spans(normal: str, synonyms: Synonyms) -> Iterator[tuple[int, int]]:
    """Yield where the terms, question phrases and words of a text stand."""
    edges = _edges(normal)
    at = 0
    for start, end in synonyms.find(normal):
        if end - start > SURE_TERM or edges & {start, end}:
            yield from _words(normal, at, start)
            yield start, end
            at = end
    yield from _words(normal, at, len(normal))


def _edges(normal: str) -> set[int]:
    """Return where words begin and end."""
    edges, at = {0}, 0
    for word in words.cut(normal):
        at += len(word)
        edges.add(at)
    return edges


def _words(normal: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield words between two terms; what no dictionary knows stays together."""
    at = start
    for phrase in PHRASES.finditer(normal, start, end):
        yield from _cut(normal, at, phrase.start())
        yield phrase.span()
        at = phrase.end()
    yield from _cut(normal, at, end)


def _cut(normal: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in words.RUN.finditer(normal, start, end):
        if not words.is_han(run.group()):
            yield run.span()
            continue
        at = loose = run.start()
        for word in words.cut(run.group()):
            if len(word) > 1 or _is_empty(word):
                if loose < at:
                    yield loose, at
                yield at, at + len(word)
                loose = at + len(word)
            at += len(word)
        if loose < at:
            yield loose, at


def _is_empty(word: str) -> bool:
    return bool(word in EMPTY or PHRASES.fullmatch(word) or AMOUNT.fullmatch(word))
