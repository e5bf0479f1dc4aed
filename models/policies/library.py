"""Reading (查阅): what is public now, found by words or by shelf, one page at a time.

Every question names its moment. While this process may have missed a change
nothing is answered from what it remembers: a text is read from MongoDB, and what
the index found is looked up there before anybody sees it.
Source: features S1-05, S1-11.
"""

from typing import Any, TypeVar

import msgspec

from models.base import pages
from models.base.context import Context
from models.base.errors import Gone
from models.policies import editions, guides, newest, pins, successors
from models.policies.editions import Edition, NoSuchPolicy
from models.policies.guides import Guide
from models.policies.notes import GuideNote, Note
from models.policies.published import Published
from models.policies.readings import Reading
from models.policies.search.entries import Kind
from models.policies.search.query import Hit, Hits, Place, Query
from models.policies.texts import WAS_TO_BE

N = TypeVar("N", Note, GuideNote)


class PolicyGone(Gone):
    """It was public and is not; ``details`` say since when, or what took its place."""

    code = "policy_expired"
    message = "该政策已到期，不再适用，请查看最新政策。"


class PolicyWithdrawn(PolicyGone):
    """The policy was taken back; ``details.reason`` says why."""

    code = "policy_withdrawn"
    message = "该政策已撤回，请查看最新政策或拨打12351咨询。"


REPLACED = "该政策已被新政策替代，请查看新政策。"


class After(msgspec.Struct, array_like=True, frozen=True):
    """A place in a list, as its cursor keeps it."""

    place: Place


class Found(msgspec.Struct, kw_only=True, frozen=True):
    """A page of what was found; how many there are comes with the first."""

    policies: dict[str, Note]
    """Of the hits on policies, by the hit's id."""
    guides: dict[str, GuideNote]
    """Of the hits on articles, likewise."""
    hits: tuple[Hit, ...]
    next: str | None
    total: int | None
    facets: dict[str, dict[str, int]] | None


class Shown(msgspec.Struct, kw_only=True, frozen=True):
    """All that is public at a moment, in short."""

    policies: list[Note]
    guides: list[GuideNote]
    pinned: list[Note]
    """Those of the policies that stand above all others, the latest pinned first."""


async def search(ctx: Context, query: Query, *, cursor: str | None) -> Found:
    """Find what is public by words, or list it newest first (查找).

    Refuses: BadCursor.
    """
    if cursor is not None:
        place = pages.decode(cursor, After).place
        query = msgspec.structs.replace(query, after=place)
    published = ctx.the(Published)
    hits = published.index.search(query)
    is_fresh = published.is_fresh()
    items = hits.items if is_fresh else await _checked(ctx, hits, query)
    noted = {hit.id: published.note(hit.id) for hit in items}
    articles = {hit.id: published.guide(hit.id) for hit in items}
    policies = _shown(noted, query)
    noted_guides = _shown(articles, query)
    return Found(
        policies=policies,
        guides=noted_guides,
        hits=tuple(
            hit for hit in items if hit.id in policies or hit.id in noted_guides
        ),
        next=None if hits.next is None else pages.encode(After(hits.next)),
        total=hits.total if is_fresh else None,
        facets=hits.facets if is_fresh else None,
    )


async def everything(ctx: Context) -> Shown:
    """Return a note of all that is public now."""
    published = ctx.the(Published)
    if published.is_fresh():
        now = ctx.clock.now()
        return Shown(
            policies=published.visible(now),
            guides=published.visible_guides(now),
            pinned=published.pinned(now),
        )
    return Shown(
        policies=[Note.of(each, 0) for each in await editions.public_now(ctx)],
        guides=[GuideNote.of(each, 0) for each in await guides.public_now(ctx)],
        pinned=await pinned(ctx),
    )


async def newest_first(ctx: Context) -> Shown:
    """Return a note of all that is public now, in order. Callers must not change it."""
    published = ctx.the(Published)
    if published.is_fresh():
        now = ctx.clock.now()
        return Shown(
            policies=published.newest(now),
            guides=published.newest_guides(now),
            pinned=published.pinned(now),
        )
    shown = await everything(ctx)
    return Shown(
        policies=sorted(shown.policies, key=newest.place),
        guides=sorted(shown.guides, key=newest.place),
        pinned=shown.pinned,
    )


async def pinned(ctx: Context) -> list[Note]:
    """Return a note of what stands above all others now, the latest pinned first."""
    published = ctx.the(Published)
    if published.is_fresh():
        return published.pinned(ctx.clock.now())
    return [Note.of(each.edition, 0) for each in await pins.standing(ctx)]


def suggest(ctx: Context, prefix: str, *, limit: int) -> list[str]:
    """Complete what somebody begins to type (联想); nothing while in doubt."""
    published = ctx.the(Published)
    if not published.is_fresh():
        return []
    return published.index.suggest(prefix, ctx.clock.now(), limit)


def policy_note(ctx: Context, policy_id: str) -> Note | None:
    """Return what is remembered of a policy's public edition; None is: ask MongoDB."""
    published = ctx.the(Published)
    if not published.is_fresh():
        return None
    return published.current(policy_id, ctx.clock.now())


async def policy(ctx: Context, policy_id: str) -> Edition:
    """Return the edition of a policy that is public now, as MongoDB has it.

    Refuses: NoSuchPolicy, PolicyGone, PolicyWithdrawn.
    """
    known = await editions.of_policy(ctx, policy_id)
    now = ctx.clock.now()
    for edition in known:
        if edition.is_visible(now):
            return edition
    if not known:
        raise NoSuchPolicy
    last = known[0]
    raise _gone(last, await _now_instead(ctx, last))


async def text_of(ctx: Context, note: Note) -> Reading | Edition:
    """Return the edition of a note, as it is read.

    Refuses: NoSuchPolicy, PolicyGone, PolicyWithdrawn.
    """
    reading = await Reading.get(ctx, note.id)
    if reading is None or not reading.is_visible(ctx.clock.now()):
        return await policy(ctx, note.policy_id)
    return reading


def guide_note(ctx: Context, guide_id: str) -> GuideNote | None:
    """Return what is remembered of a public article; None is: ask MongoDB."""
    published = ctx.the(Published)
    if not published.is_fresh():
        return None
    return published.current_guide(guide_id, ctx.clock.now())


async def guide(ctx: Context, guide_id: str) -> Guide:
    """Return an article that is public now, as MongoDB has it.

    Refuses: NoSuchGuide.
    """
    return await guides.public(ctx, guide_id)


def _shown(found: dict[str, N | None], query: Query) -> dict[str, N]:
    return {
        id_: note
        for id_, note in found.items()
        if note is not None and _is_shown(note, query)
    }


def _is_shown(note: Note | GuideNote, query: Query) -> bool:
    if query.include_expired:
        return note.visible_from <= query.now
    return note.is_visible(query.now)


async def _checked(ctx: Context, hits: Hits, query: Query) -> tuple[Hit, ...]:
    """Keep of the hits what MongoDB says is public, or was if that is asked."""
    now = ctx.clock.now()
    public: dict[str, Any] = {"visible_from": {"$lte": now}, "visible_to": {"$gt": now}}
    if query.include_expired:
        public = {"visible_from": {"$lte": now}, **WAS_TO_BE}
    still: set[str] = set()
    for shelf, kind in (
        (Edition.shelf(ctx), Kind.POLICY),
        (Guide.shelf(ctx), Kind.GUIDANCE),
    ):
        ids = [hit.id for hit in hits.items if hit.entry.kind is kind]
        rows = shelf.find(public | {"_id": {"$in": ids}}, {"_id": 1})
        still |= {row["_id"] for row in await rows.to_list()}
    return tuple(hit for hit in hits.items if hit.id in still)


async def _now_instead(ctx: Context, last: Edition) -> str | None:
    """Follow the chain of what took a policy's place to its end."""
    if last.replaced_by is None:
        return None
    return await successors.last_of(ctx, Edition, last.policy_id)


def _gone(last: Edition, now_instead: str | None) -> PolicyGone:
    """Say why a policy is not public any more, and where to look instead."""
    successor: dict[str, Any] = {"replaced_by": last.replaced_by}
    if now_instead != last.replaced_by:
        successor["now_instead"] = now_instead
    if last.withdrawn is not None:
        return PolicyWithdrawn({"reason": last.withdrawn.reason, **successor})
    details = {"ended_at": last.visible_to.isoformat(), **successor}
    return PolicyGone(details, message=REPLACED if last.replaced_by else None)
