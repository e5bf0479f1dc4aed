"""The index's columns, and an entry made ready for them.

The texts stay in Python beside the index, since highlights need them as they were
written; tantivy keeps only what is searched, counted and sorted by.
"""

from datetime import datetime, timedelta

import msgspec
import tantivy

from models.base.clock import EPOCH
from models.base.text import fold, normalise
from models.policies.search import impacts, pinyin
from models.policies.search.entries import Entry

MILLISECOND = timedelta(milliseconds=1)

ALWAYS = (1 << 53) - 1
"""Milliseconds; later than anything that ends."""

FRESHNESS_YEAR = 0.007
"""What a year adds to the factor's argument: some 0.5 % of the score, see `ranking`."""

FACETS = ("topic", "level", "audience", "region", "kind")
"""What is counted beside the hits, and may be narrowed down to."""


class Text(msgspec.Struct, frozen=True, gc=False):
    """A text, its comparable form, and the way back."""

    written: str
    normal: str
    origins: list[int] | None

    @classmethod
    def of(cls, written: str) -> "Text":
        """Make it ready."""
        return cls(written, *fold(written))


class Record(msgspec.Struct, frozen=True, gc=False):
    """An entry and what a hit shows of it."""

    entry: Entry
    title: Text
    summary: Text
    body: Text
    begins: int
    ends: int
    until: int
    """Milliseconds, all three; the last is when the next entry of its id begins."""

    @property
    def turns(self) -> tuple[int, int, int]:
        """When what is to be shown changes by this entry."""
        return self.begins, self.ends, self.until


def moment(at: datetime | None) -> int:
    """Return an instant in milliseconds; None is never."""
    return ALWAYS if at is None else (at - EPOCH) // MILLISECOND


def schema() -> tantivy.Schema:
    """Return the columns."""
    columns = tantivy.SchemaBuilder()
    for name in ("tokens", "impacts", "hints"):
        columns.add_text_field(name, tokenizer_name="spaces", index_option="basic")
    columns.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        columns.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in ("number", "published", "visible_from", "visible_to", "until"):
        columns.add_integer_field(name, indexed=True, fast=True)
    columns.add_float_field("freshness", fast=True)
    return columns.build()


def record(entry: Entry, until: int) -> Record:
    """Make an entry ready; it ends at the latest when the next of its id begins."""
    title, summary, body = map(Text.of, (entry.title, entry.summary, entry.body))
    begins = moment(entry.visible_from)
    ends = min(moment(entry.visible_to), until)
    return Record(entry, title, summary, body, begins, ends, until)


def document(kept: Record, number: int) -> tantivy.Document:
    """Return the row of a record."""
    entry = kept.entry
    tags = [normalise(tag) for tag in entry.tags]
    tokens, levels = impacts.tokens(
        title=kept.title.normal,
        tags=" ".join([*tags, normalise(entry.number or "")]),
        summary=kept.summary.normal,
        body=kept.body.normal,
    )
    return tantivy.Document(
        id=entry.id,
        tokens=tokens,
        impacts=levels,
        hints=" ".join(
            pinyin.hints(kept.title.normal).union(*map(pinyin.of_tag, tags))
        ),
        number=number,
        published=moment(entry.published_at),
        visible_from=kept.begins,
        visible_to=kept.ends,
        until=kept.until,
        freshness=_freshness(entry.published_at),
        **{name: value for name in FACETS if (value := _facet(entry, name))},
    )


def _facet(entry: Entry, name: str) -> str | list[str] | None:
    value = getattr(entry, name)
    return list(value) if isinstance(value, tuple) else value


def _freshness(at: datetime) -> float:
    years = (at - EPOCH) / timedelta(days=365.25) - 30
    return FRESHNESS_YEAR * max(0.0, years)
