"""Putting entries into the index and taking them out, one commit at a time.

A change takes effect all at once: until the commit everybody sees what was there
before. Nothing here is asynchronous; `index` says in which thread it runs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, pairwise

import tantivy

from models.policies.search import shelf
from models.policies.search.entries import Entry
from models.policies.search.shelf import Record
from models.policies.search.snapshot import Snapshot

ROOM = 32_000_000
"""Bytes the writer fills before it begins another piece."""


class Writer:
    """The one that writes."""

    def __init__(self) -> None:
        self._index = tantivy.Index(shelf.schema())
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", spaces)
        self._engine = self._open()
        self._numbers = count(1)
        self._contents = Contents()
        self._outdated: list[int] = []

    def write(self, changes: Mapping[str, Sequence[Entry]]) -> Snapshot:
        """Make what is held under each id exactly these entries; none removes it."""
        fresh = [
            (number, record, shelf.document(record, number))
            for entries in changes.values()
            for number, record in self._numbered(entries)
        ]
        self._contents.forget(self._outdated)
        self._outdated = self._contents.release(changes)
        for entry_id in changes:
            self._engine.delete_documents_by_term("id", entry_id)
        for number, record, document in fresh:
            self._contents.keep(number, record)
            self._engine.add_document(document)
        self._engine.commit()
        return self.snapshot()

    def replace(self, entries: Iterable[Entry]) -> Snapshot:
        """Make the index hold exactly these entries."""
        contents = Contents()
        by_id: dict[str, list[Entry]] = {}
        for entry in entries:
            by_id.setdefault(entry.id, []).append(entry)
        try:
            self._engine.delete_all_documents()
            for same in by_id.values():
                for number, record in self._numbered(same):
                    contents.keep(number, record)
                    self._engine.add_document(shelf.document(record, number))
            self._engine.commit()
        except BaseException:
            self._engine.rollback()
            raise
        self._contents, self._outdated = contents, []
        self._settle()
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """Return the index as of the last commit."""
        self._index.reload()
        contents = self._contents
        return Snapshot(self._index, contents.records, sorted(contents.turns))

    def _numbered(self, entries: Iterable[Entry]) -> Iterable[tuple[int, Record]]:
        """Yield entries of one id made ready, each until the next one begins."""
        ordered = sorted(entries, key=lambda entry: entry.visible_from)
        begins = [shelf.moment(entry.visible_from) for entry in ordered]
        for entry, (_, until) in zip(
            ordered, pairwise([*begins, shelf.ALWAYS]), strict=True
        ):
            yield next(self._numbers), shelf.record(entry, until)

    def _settle(self) -> None:
        """Let the pieces of a large write grow together, for faster searches."""
        self._engine.wait_merging_threads()
        self._engine = self._open()

    def _open(self) -> tantivy.IndexWriter:
        return self._index.writer(heap_size=ROOM, num_threads=1)


class Contents:
    """What the index holds, by the number that each entry has in it."""

    def __init__(self) -> None:
        self.records: dict[int, Record] = {}
        self.turns: Counter[int] = Counter()
        self._numbers: dict[str, list[int]] = {}

    def keep(self, number: int, record: Record) -> None:
        """Add a record."""
        self.records[number] = record
        self.turns.update(record.turns)
        self._numbers.setdefault(record.entry.id, []).append(number)

    def release(self, ids: Iterable[str]) -> list[int]:
        """Let go of some ids; searches under way may still show their records."""
        numbers = [number for each in ids for number in self._numbers.pop(each, ())]
        for number in numbers:
            for turn in self.records[number].turns:
                self.turns[turn] -= 1
                if not self.turns[turn]:
                    del self.turns[turn]
        return numbers

    def forget(self, numbers: Iterable[int]) -> None:
        """Drop records that no search can reach any more."""
        for number in numbers:
            self.records.pop(number, None)
