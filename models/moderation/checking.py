"""Checking (机器检测): every provider is asked; who gives no answer passes nothing.

A check is claimed by moving ``due_at``, a little further with every try, so two
processes never ask at once and a service that is down is not stormed. What nobody
answered for hours, a person looks at.
Source: features S6-02 (service down → stays pending, never public), X-06.
"""

from datetime import timedelta

import structlog
from prometheus_client import Counter

from models.base.context import Context
from models.base.documents import exactly, plain
from models.base.events import record
from models.base.rounds import each
from models.base.store import atomic
from models.moderation import media
from models.moderation.findings import Finding, Provider, Says, Undecided, WeChat, worst
from models.moderation.pieces import (
    SETTLED_WITHIN,
    Piece,
    PieceHandedIn,
    PieceRefused,
    State,
    Why,
    about,
    become,
)
from models.moderation.words import Words

log = structlog.get_logger("inn.moderation")

undecided = Counter(
    "inn_moderation_undecided", "Checks that brought no answer.", ["provider"]
)

PROVIDERS: tuple[Provider, ...] = (Words(), WeChat())
"""All of them are asked, the cheapest first."""

FIRST_WAIT = timedelta(seconds=30)
"""Doubled with every try; longer than all of WeChat's own repeats."""

LONGEST_WAIT = timedelta(minutes=30)

A_ROUND = 50

MACHINE_SAYS = "内容可能不符合社区规范"
"""What an author is told of a machine's refusal; never which word it was."""


async def check_handed_in(ctx: Context, event: PieceHandedIn) -> None:
    """Check what was just handed in, as soon as its event is heard."""
    await check(ctx, event.piece_id)


async def check_due(ctx: Context) -> int:
    """Check what waits and is due (again); returns how many were settled."""
    due = await Piece.many(
        ctx,
        {"state": State.PENDING, "due_at": {"$lte": ctx.clock.now()}},
        sort=[("due_at", 1)],
        limit=A_ROUND,
    )
    return await each("check", due, lambda piece: check(ctx, piece.id))


async def check(ctx: Context, piece_id: str) -> bool:
    """Ask every provider about a piece and settle it; False if it stays pending.

    Records: PieceRefused.
    """
    piece = await _claim(ctx, piece_id)
    if piece is None:
        return False
    if piece.media_url is not None:
        return await _check_media(ctx, piece)
    findings: tuple[Finding, ...] = ()
    silent: list[Undecided] = []
    for provider in PROVIDERS:
        try:
            findings += (await provider.check(ctx, piece),)
        except Undecided as problem:
            undecided.labels(provider.name).inc()
            log.warning("piece_undecided", piece=piece.id, provider=provider.name)
            silent.append(problem)
    if silent and (not findings or worst(findings) is not Says.RISKY):
        return await _leave(ctx, piece, findings, silent)
    return await settle(ctx, piece, findings) is not None


@atomic()
async def settle(
    ctx: Context, piece: Piece, findings: tuple[Finding, ...]
) -> Piece | None:
    """Do what the worst finding says; None if somebody settled it meanwhile.

    Records: PieceRefused.
    """
    found = {"findings": plain(list(findings))}
    says = worst(findings)
    if says is Says.PASS:
        return await become(ctx, piece, State.VISIBLE, **found)
    if says is Says.REVIEW:
        return await become(ctx, piece, State.QUEUED, why=Why.DOUBTFUL, **found)
    refused = await become(ctx, piece, State.REFUSED, **found)
    if refused is not None:
        told = PieceRefused(**about(piece), reason=MACHINE_SAYS, may_appeal=True)
        await record(ctx, told)
    return refused


async def _check_media(ctx: Context, piece: Piece) -> bool:
    if await media.ask(ctx, piece) and await _settle_media(ctx, piece.id):
        return True
    return await _leave(ctx, piece, (), [])


async def _settle_media(ctx: Context, piece_id: str) -> bool:
    piece = await Piece.find(ctx, _id=piece_id)
    finding = None if piece is None else await media.finding_of(ctx, piece)
    if piece is None or finding is None or piece.state is not State.PENDING:
        return False
    return await settle(ctx, piece, (finding,)) is not None


async def take_media_verdict(ctx: Context, trace_id: str) -> None:
    """Settle the picture that WeChat has judged; a repeat finds nothing to do."""
    piece = await Piece.find(ctx, trace_id=exactly(trace_id))
    if piece is not None:
        await _settle_media(ctx, piece.id)


async def _claim(ctx: Context, piece_id: str) -> Piece | None:
    now = ctx.clock.now()
    first, longest = (_ms(each) for each in (FIRST_WAIT, LONGEST_WAIT))
    wait = {"$min": [{"$multiply": [first, {"$pow": [2, "$tries"]}]}, longest]}
    return await Piece.change(
        ctx,
        {"_id": piece_id, "state": State.PENDING, "due_at": {"$lte": now}},
        [{"$set": {"due_at": {"$add": [now, wait]}, "tries": {"$add": ["$tries", 1]}}}],
    )


async def _leave(
    ctx: Context,
    piece: Piece,
    findings: tuple[Finding, ...],
    silent: list[Undecided],
) -> bool:
    """Keep it hidden: for another try, or for a person when none would help."""
    waited = ctx.clock.now() - piece.handed_in_at
    if all(each.again for each in silent) and waited < SETTLED_WITHIN:
        return False
    found = {"findings": plain(list(findings))}
    queued = await become(ctx, piece, State.QUEUED, why=Why.UNCHECKED, **found)
    return queued is not None


def _ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
