"""What this process keeps of everything the public may read, or soon will.

One per process. It loads once, then hears of every change within milliseconds:
the search index, the compiled rules and a short note of each text follow. Texts
themselves stay in MongoDB; doors keep the bytes they sent.

Nothing here decides by itself what is public: every question names its moment,
and a text counts from its first instant to before its last. Whoever keeps an
answer keeps it under ``epoch(now)``, which is another one after every change
and at every moment that a text begins or ends.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import structlog

from models.base.changes import Change, Follower
from models.base.context import Context
from models.policies import editions, guides, pins, synonyms
from models.policies.edges import Edges
from models.policies.editions import Edition
from models.policies.guides import Guide
from models.policies.newest import Newest
from models.policies.notes import GuideNote, Note, guide_entry, policy_entry
from models.policies.pins import Board, Pin
from models.policies.search import pinyin
from models.policies.search.entries import Entry
from models.policies.search.index import SearchIndex
from models.policies.synonyms import SynonymGroup

log = structlog.get_logger("inn.published")

Epoch = tuple[int, int]
"""Of two equal ones nothing public differs."""

PAUSE_SECONDS = 0.1
"""Changed synonyms wait this long for more of them: each table takes milliseconds."""


class Published:
    """The live thing; ``ctx.the(Published)``."""

    def __init__(self) -> None:
        self.index = SearchIndex()
        self._notes: dict[str, Note] = {}
        self._guides: dict[str, GuideNote] = {}
        self._synonyms: dict[str, SynonymGroup] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._use_synonyms: asyncio.TimerHandle | None = None
        self._of_policy: defaultdict[str, set[str]] = defaultdict(set)
        self._of_article: defaultdict[str, set[str]] = defaultdict(set)
        self._newest: Newest[Note] = Newest()
        self._newest_guides: Newest[GuideNote] = Newest()
        self._pins: tuple[Pin, ...] = ()
        self._edges = Edges()
        self._revision = 0
        self._follower: Follower | None = None

    def listen(self, follower: Follower, ctx: Context) -> None:
        """Load everything, then follow every change."""
        self._follower = follower
        follower.on(Edition.SHELF, self._heard_edition, load=lambda: self.load(ctx))
        follower.on(Guide.SHELF, self._heard_guide)
        follower.on(SynonymGroup.SHELF, self._heard_synonym)
        follower.on(Board.SHELF, self._heard_board)

    async def settle(self) -> None:
        """Wait until the index has everything that was heard."""
        while self._writing:
            await asyncio.wait(set(self._writing))

    async def close(self) -> None:
        """Finish what was begun; nobody listens any more."""
        if self._use_synonyms is not None:
            self._use_synonyms.cancel()
        await self.settle()

    def is_fresh(self) -> bool:
        """Say whether all that changed up to a second ago was heard."""
        return self._follower is not None and self._follower.is_fresh()

    def epoch(self, now: datetime) -> Epoch:
        """Name the state of everything public at a moment."""
        return self._revision, self._edges.stretch(now)

    def note(self, edition_id: str) -> Note | None:
        """Return what is remembered of an edition, public or not."""
        return self._notes.get(edition_id)

    def guide(self, guide_id: str) -> GuideNote | None:
        """Return what is remembered of an article's text, public or not."""
        return self._guides.get(guide_id)

    def current(self, policy_id: str, now: datetime) -> Note | None:
        """Return the edition of a policy that is public at a moment."""
        for edition_id in self._of_policy.get(policy_id, ()):
            note = self._notes[edition_id]
            if note.is_visible(now):
                return note
        return None

    def current_guide(self, article_id: str, now: datetime) -> GuideNote | None:
        """Return the text of an article that is public at a moment."""
        for guide_id in self._of_article.get(article_id, ()):
            note = self._guides[guide_id]
            if note.is_visible(now):
                return note
        return None

    def visible(self, now: datetime) -> list[Note]:
        """Return every edition that is public at a moment."""
        return [note for note in self._notes.values() if note.is_visible(now)]

    def newest(self, now: datetime) -> list[Note]:
        """Return every edition that is public, the newest first; not to be changed."""
        return self._newest.public(self._notes.values(), self.epoch(now), now)

    def pinned(self, now: datetime) -> list[Note]:
        """Return what stands above all others at a moment and is public then."""
        notes = (
            self.current(pin.policy_id, now) for pin in self._pins if now < pin.ends_at
        )
        return [note for note in notes if note is not None]

    def visible_guides(self, now: datetime) -> list[GuideNote]:
        """Return every article that is public at a moment."""
        return [note for note in self._guides.values() if note.is_visible(now)]

    def newest_guides(self, now: datetime) -> list[GuideNote]:
        """Return every article that is public, the newest first; not to be changed."""
        return self._newest_guides.public(self._guides.values(), self.epoch(now), now)

    async def load(self, ctx: Context) -> None:
        """Read everything anew, at the start and after a gap.

        Also the dictionaries, so that the first change need not wait for them.
        """
        table = await synonyms.every(ctx)
        policies = await editions.remembered(ctx)
        articles = await guides.remembered(ctx)
        board = await Board.find(ctx, _id=pins.BOARD)
        self._notes, self._guides = {}, {}
        self._edges.begin_anew()
        self._of_policy, self._of_article = defaultdict(set), defaultdict(set)
        self._newest.begin_anew()
        self._newest_guides.begin_anew()
        entries = [
            *(self._take_edition(each) for each in policies if not each.is_void),
            *(self._take_guide(each) for each in articles if not each.is_void),
        ]
        self._pin(board)
        self._synonyms = {group.id: group for group in table}
        self.index.use(synonyms.table_of(table))
        await asyncio.to_thread(pinyin.hints, "词典")
        await self.index.load(entries)
        self._revision += 1

    def _heard_edition(self, change: Change) -> None:
        edition = None if change.row is None else Edition.of(change.row)
        if edition is None or edition.is_void:
            self._drop(change.id)
        else:
            self._put(self._take_edition(edition))

    def _heard_guide(self, change: Change) -> None:
        guide = None if change.row is None else Guide.of(change.row)
        if guide is None or guide.is_void:
            self._drop(change.id)
        else:
            self._put(self._take_guide(guide))

    def _heard_board(self, change: Change) -> None:
        self._pin(None if change.row is None else Board.of(change.row))

    def _pin(self, board: Board | None) -> None:
        self._pins = () if board is None else board.pins
        self._mark(pin.ends_at for pin in self._pins)

    def _heard_synonym(self, change: Change) -> None:
        self._synonyms.pop(change.id, None)
        if change.row is not None:
            self._synonyms[change.id] = SynonymGroup.of(change.row)
        if self._use_synonyms is None:
            loop = asyncio.get_running_loop()
            self._use_synonyms = loop.call_later(PAUSE_SECONDS, self._use_table)

    def _use_table(self) -> None:
        self._use_synonyms = None
        self.index.use(synonyms.table_of(self._synonyms.values()))
        self._revision += 1

    def _drop(self, id_: str) -> None:
        guide = self._guides.pop(id_, None)
        if guide is not None:
            self._of_article[guide.id].discard(id_)
            self._newest_guides.drop(guide)
        note = self._notes.pop(id_, None)
        if note is not None:
            self._of_policy[note.policy_id].discard(id_)
            self._newest.drop(note)
        self._count(self.index.remove([id_]))

    def _put(self, entry: Entry) -> None:
        self._count(self.index.put([entry]))

    def _count(self, written: asyncio.Task[None]) -> None:
        """Count a change now, for the notes, and when the index has it."""
        self._revision += 1
        if written not in self._writing:
            self._writing.add(written)
            written.add_done_callback(self._count_written)

    def _count_written(self, written: asyncio.Task[None]) -> None:
        """Count what the index has; what it could not take is loaded with all else."""
        self._writing.discard(written)
        self._revision += 1
        fault = None if written.cancelled() else written.exception()
        if fault is not None and self._follower is not None:
            log.error("index_write_failed", fault=type(fault).__name__)
            self._follower.doubt()

    def _take_edition(self, edition: Edition) -> Entry:
        self._mark((edition.visible_from, edition.visible_to))
        self._of_policy[edition.policy_id].add(edition.id)
        note = Note.of(edition, self._revision)
        self._newest.put(note, instead_of=self._notes.get(edition.id))
        self._notes[edition.id] = note
        return policy_entry(edition)

    def _take_guide(self, guide: Guide) -> Entry:
        self._mark((guide.visible_from, guide.visible_to))
        self._of_article[guide.article].add(guide.id)
        note = GuideNote.of(guide, self._revision)
        self._newest_guides.put(note, instead_of=self._guides.get(guide.id))
        self._guides[guide.id] = note
        return guide_entry(guide)

    def _mark(self, edges: Iterable[datetime]) -> None:
        """Count a change; remember the moments at which its text comes and goes."""
        self._revision += 1
        self._edges.add(edges)
