"""The home page (首页): the inn's six functions (六大核心功能) in one call.

Works without signing in; for somebody who did, the sections and what is in them
are ordered by their client classes. Kept ready by classes: under the epoch of what
is published, and a few seconds for trainings and stations, which change by clock.
Source: features S1-01.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from handlers.base.access import worker_if_any
from handlers.base.answers import Ready
from handlers.base.endpoint import Handler, endpoint
from handlers.base.ready import Place, ReadyShelf, make_ready
from handlers.base.routing import Route
from models.base.context import Context
from models.base.units import Instant
from models.policies import library
from models.policies.library import Shown
from models.policies.notes import GuideNote, Note
from models.policies.published import Published
from models.policies.vocabulary import Category, Topic
from models.stations import directory
from models.trainings import catalogue
from models.workers import identities
from models.workers.identities import ClientClass

MOST_ITEMS = 3
"""A section is a glance; its link leads to all."""

LATE_SECONDS = 5
"""What changes by clock may show this late here; where it leads to, it never does."""


class SectionId(StrEnum):
    """One of the six."""

    JOBS = "jobs"
    TRAINING = "training"
    GUIDANCE = "guidance"
    POLICY = "policy"
    RIGHTS = "rights"
    STATION = "station"


S, C = SectionId, ClientClass

TITLES = {
    S.JOBS: "找工作",
    S.TRAINING: "技能培训",
    S.GUIDANCE: "就业指导",
    S.POLICY: "政策查询",
    S.RIGHTS: "权益维护",
    S.STATION: "驿站服务",
}

LINKS = {
    S.JOBS: "/worker/v1/guides?category=job_search",
    S.TRAINING: "/worker/v1/trainings",
    S.GUIDANCE: "/worker/v1/guides",
    S.POLICY: "/worker/v1/policies",
    S.RIGHTS: "/worker/v1/policies?topic=rights",
    S.STATION: "/worker/v1/stations",
}
"""Where everything of a section is."""

USUAL_ORDER = tuple(SectionId)

FIRST: dict[ClientClass, tuple[SectionId, ...]] = {
    C.TRANSFERRING_WORKER: (S.JOBS, S.TRAINING, S.POLICY),
    C.PLATFORM_WORKER: (S.STATION, S.POLICY, S.RIGHTS),
    C.UNEMPLOYED_GRADUATE: (S.JOBS, S.GUIDANCE, S.TRAINING),
    C.MIGRANT_WORKER: (S.RIGHTS, S.JOBS, S.POLICY),
    C.EMPLOYER: (S.POLICY, S.JOBS, S.TRAINING),
}
"""What people of a class come for."""

JOB_CATEGORIES = {Category.JOB_SEARCH, Category.INTERVIEW, Category.NEWCOMER}
RIGHTS_CATEGORIES = {Category.RIGHTS, Category.CONTRACT}
RIGHTS_TOPICS = {Topic.RIGHTS, Topic.WAGES, Topic.WORK_INJURY}

N = TypeVar("N", Note, GuideNote)


class HomeItem(msgspec.Struct):
    """One line of a section."""

    kind: str
    """policy, guidance, training or station."""
    id: str
    title: str
    summary: str
    at: Instant | None
    """When it was published, or begins; null for a station."""


class HomeSection(msgspec.Struct):
    """One of the six functions."""

    id: SectionId
    title: str
    link: str
    """Where everything of it is."""
    items: list[HomeItem]


class HomeView(msgspec.Struct):
    """All six, those that matter most to the reader first."""

    sections: list[HomeSection]


def _place(ctx: Context, classes: frozenset[ClientClass]) -> Place:
    """Return where the page of some classes is kept ready, and of which state."""
    now = ctx.clock.now()
    mark = (
        ctx.the(Published).epoch(now),
        now.timestamp() // LATE_SECONDS,
        ctx.clock.monotonic() // LATE_SECONDS,
    )
    return Place(("home", classes), mark)


def _lying_ready(ctx: Context, settings: Mapping[str, Any]) -> Ready[HomeView] | None:
    """Return the page of somebody who did not sign in, if it lies ready."""
    if not ctx.the(Published).is_fresh():
        return None
    shelf: ReadyShelf = settings["ready"]
    return shelf.find(*_place(ctx, frozenset()))


class HomeHandler(Handler):
    """The first thing everybody sees."""

    @endpoint(access=worker_if_any, at_once=_lying_ready)
    async def get(self) -> Ready[HomeView]:
        """Show the six functions with their newest, ordered by my classes."""
        classes = await self._classes()
        if not self.ctx.the(Published).is_fresh():
            return make_ready(await _home(self.ctx, classes), private=True)
        shelf: ReadyShelf = self.settings["ready"]
        return await shelf.find_or_make(
            *_place(self.ctx, classes), lambda: _home(self.ctx, classes), private=True
        )

    async def _classes(self) -> frozenset[ClientClass]:
        if self.actor is None:
            return frozenset()
        now = self.ctx.clock.now()
        return await identities.classes_of(self.ctx, self.actor.id, now)


async def _home(ctx: Context, classes: frozenset[ClientClass]) -> HomeView:
    shown = await library.newest_first(ctx)
    items = {
        S.JOBS: _guides(shown, classes, lambda note: note.category in JOB_CATEGORIES),
        S.TRAINING: await _trainings(ctx),
        S.GUIDANCE: _guides(
            shown,
            classes,
            lambda note: note.category not in JOB_CATEGORIES | RIGHTS_CATEGORIES,
        ),
        S.POLICY: _policies(
            shown, classes, lambda note: note.identity.topic not in RIGHTS_TOPICS
        ),
        S.RIGHTS: _rights(shown, classes),
        S.STATION: await _stations(ctx),
    }
    return HomeView(
        [
            HomeSection(section, TITLES[section], LINKS[section], items[section])
            for section in _ordered(classes)
        ]
    )


def _ordered(classes: frozenset[ClientClass]) -> Sequence[SectionId]:
    """Return all sections, those the reader's classes come for first."""
    wanted = [FIRST[each] for each in ClientClass if each in classes]
    ranks = [
        min([first.index(section) for first in wanted if section in first], default=9)
        for section in USUAL_ORDER
    ]
    return sorted(USUAL_ORDER, key=lambda s: ranks[USUAL_ORDER.index(s)])


def _policies(
    shown: Shown, classes: frozenset[ClientClass], wanted: Callable[[Note], bool]
) -> list[HomeItem]:
    """Return what is pinned, then the newest of the others."""
    above = [note for note in shown.pinned if wanted(note)]
    others = (note for note in shown.policies if wanted(note) and note not in above)
    newest = _first(others, classes, lambda note: note.identity.audience)
    return [_policy(note) for note in (above + newest)[:MOST_ITEMS]]


def _guides(
    shown: Shown, classes: frozenset[ClientClass], wanted: Callable[[GuideNote], bool]
) -> list[HomeItem]:
    found = filter(wanted, shown.guides)
    return [_guide(note) for note in _first(found, classes, lambda note: note.audience)]


def _rights(shown: Shown, classes: frozenset[ClientClass]) -> list[HomeItem]:
    """Return how to one's rights, then what the law gives."""
    how = _guides(shown, classes, lambda note: note.category in RIGHTS_CATEGORIES)
    what = _policies(shown, classes, lambda note: note.identity.topic in RIGHTS_TOPICS)
    return [*how[:1], *what][:MOST_ITEMS]


def _first(
    notes: Iterable[N],
    classes: frozenset[ClientClass],
    audience: Callable[[N], tuple[ClientClass, ...]],
) -> list[N]:
    """Return the newest that are for the reader, then the newest of the others.

    notes: the newest first.
    """
    own: list[N] = []
    others: list[N] = []
    for note in notes:
        is_for = not classes.isdisjoint(audience(note))
        (own if is_for else others).append(note)
        if len(own) == MOST_ITEMS or (not classes and len(others) == MOST_ITEMS):
            break
    return (own + others)[:MOST_ITEMS]


def _policy(note: Note) -> HomeItem:
    title = note.identity.title
    return HomeItem("policy", note.policy_id, title, note.summary, note.visible_from)


def _guide(note: GuideNote) -> HomeItem:
    return HomeItem("guidance", note.id, note.title, note.summary, note.visible_from)


async def _trainings(ctx: Context) -> list[HomeItem]:
    return [
        HomeItem(
            "training",
            listed.programme.id,
            listed.programme.title,
            listed.programme.summary,
            listed.sessions[0].starts_at,
        )
        for listed in await catalogue.newest(ctx, MOST_ITEMS)
    ]


async def _stations(ctx: Context) -> list[HomeItem]:
    """Return a few; which are near is asked of /worker/v1/nearby, with a place."""
    found = await directory.every(ctx)
    return [
        HomeItem("station", station.id, station.name, station.address, None)
        for station in found[:MOST_ITEMS]
    ]


ROUTES: list[Route] = [("/worker/v1/home", HomeHandler)]
