"""Sending cards (订阅消息): what waits goes to WeChat, once at the most.

::

    waiting ── claim ──▶ leased ── begin ──▶ sending ──▶ sent ──▶ delivered
       ▲                   │                    ├──▶ no_credit   the inbox must do
       ├── lease ran out ──┘                    │    failed      for good, or tried
       └── back off ────────────────────────────┘                enough

A claim is a lease: whoever holds it looks whether the card may go out at all. If the
process stops meanwhile, the card is claimed again when the lease is over. Only the
last step before WeChat is asked makes it ``sending`` and takes an accept for it, both
or neither, and that is never taken back by time: WeChat knows no key by which a second
asking would be the same card, so if the process dies between asking and hearing,
nobody can say whether the phone has rung. Twice is worse than not at all, and the
inbox holds it anyway. Nobody's phone rings at night except for what cannot wait.
Source: features X-07; wechat-api §5; rules §8.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from miniprogram_api.errors import Advice, Unavailable, WeChatError
from models.base.clock import SHANGHAI, start_of
from models.base.context import Context
from models.base.rounds import side_by_side
from models.base.store import atomic
from models.messages import credits
from models.messages.inbox import Card, Message
from models.messages.wordings import WORDINGS
from models.workers import workers

log = structlog.get_logger("inn.messages")

NIGHT_FROM, NIGHT_TO = 22, 8
"""Hours of the day in Shanghai between which nobody is disturbed."""

MOST_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
"""Doubled with every try."""

CARDS_A_ROUND = 200

AT_ONCE = 8
"""Cards under way in one process: WeChat takes a tenth of a second to answer, and one
after the other a noon's reminders would come when it is over."""

LEASE = timedelta(minutes=1)
"""To look whether a card may go out takes milliseconds."""

TOO_OLD = timedelta(hours=12)
"""A card that could not go out for so long is no news any more."""


async def send_due(ctx: Context) -> int:
    """Send the cards whose time has come; returns how many went out.

    Rules: one person's cards go one after the other; WeChat refuses them at once.
    """
    busy: set[str] = set()
    in_turn = asyncio.Lock()

    async def take() -> Message | None:
        async with in_turn:
            message = await _claim(ctx, but=busy)
            if message is not None:
                busy.add(message.worker_id)
        return message

    async def send(message: Message) -> bool:
        try:
            return await _send(ctx, message)
        finally:
            busy.discard(message.worker_id)

    return await side_by_side(
        "sends.send", take, send, at_once=AT_ONCE, most=CARDS_A_ROUND
    )


async def mark_delivered(ctx: Context, msgid: str, *, errcode: int) -> None:
    """Keep what WeChat reports of a card in the end."""
    card = Card.FAILED if errcode else Card.DELIVERED
    await Message.change(
        ctx, where={"msgid": msgid, "card": Card.SENT}, update={"$set": {"card": card}}
    )


async def _claim(ctx: Context, *, but: Collection[str] = ()) -> Message | None:
    now = ctx.clock.now()
    row = await Message.shelf(ctx).find_one_and_update(
        {
            "card": Card.WAITING,
            "card_due_at": {"$lte": now},
            "worker_id": {"$nin": sorted(but)},
        },
        {"$set": {"card_due_at": now + LEASE}, "$inc": {"tries": 1}},
        sort=[("card_due_at", 1)],
        return_document=True,
    )
    return None if row is None else Message.of(row)


@atomic()
async def _begin(ctx: Context, message: Message) -> Card | None:
    """Take an accept and the step that is not taken twice; return where that led.

    Rules: None if our lease ran out; then nothing was done.
    """
    begun = await Message.change(
        ctx,
        where={
            "_id": message.id,
            "card": Card.WAITING,
            "card_due_at": message.card_due_at,
        },
        update={"$set": {"card": Card.SENDING}},
    )
    if begun is None:
        return None
    if await credits.spend(ctx, message.worker_id, message.kind):
        return Card.SENDING
    await _leave(ctx, message, Card.NO_CREDIT)
    return Card.NO_CREDIT


async def _send(ctx: Context, message: Message) -> bool:
    now = ctx.clock.now()
    openid = await workers.openid_of(ctx, message.worker_id)
    if message.dropped or message.due_at < now - TOO_OLD:
        await _leave(ctx, message, Card.NONE)
    elif openid is None or message.kind not in ctx.templates:
        await _leave(ctx, message, Card.FAILED)
    elif not WORDINGS[message.kind].urgent and _is_night(now):
        await _postpone(ctx, message, _morning_after(now), counted=False)
    elif await _begin(ctx, message) is Card.SENDING:
        return await _ask_wechat(ctx, message, openid)
    return False


async def _ask_wechat(ctx: Context, message: Message, openid: str) -> bool:
    try:
        sent = await ctx.wechat.send_subscribe(
            openid,
            ctx.templates[message.kind],
            message.fields,
            page=WORDINGS[message.kind].page,
        )
    except WeChatError as problem:
        log.info(
            "card_not_sent",
            message=message.id,
            kind=message.kind,
            advice=problem.advice,
        )
        await _not_sent(ctx, message, problem)
        return False
    await Message.change(
        ctx,
        where={"_id": message.id},
        update={"$set": {"card": Card.SENT, "msgid": sent.msgid}},
    )
    return True


@atomic()
async def _not_sent(ctx: Context, message: Message, problem: WeChatError) -> None:
    """Say what becomes of a card, and of the accept that was taken for it."""
    if problem.advice is Advice.NO_CREDIT:
        await credits.clear(ctx, message.worker_id, message.kind)
        await _leave(ctx, message, Card.NO_CREDIT)
    elif isinstance(problem, Unavailable) and problem.perhaps_done:
        await _leave(ctx, message, Card.SENT)
    elif problem.advice in {Advice.RETRY, Advice.BACK_OFF, Advice.REFRESH_TOKEN}:
        await credits.give_back(ctx, message.worker_id, message.kind)
        await _try_later(ctx, message)
    else:
        await credits.give_back(ctx, message.worker_id, message.kind)
        await _leave(ctx, message, Card.FAILED)


async def _try_later(ctx: Context, message: Message) -> None:
    if message.tries >= MOST_TRIES:
        await _leave(ctx, message, Card.FAILED)
    else:
        wait = FIRST_WAIT * 2 ** (message.tries - 1)
        await _postpone(ctx, message, ctx.clock.now() + wait, counted=True)


async def _leave(ctx: Context, message: Message, card: Card) -> None:
    await Message.change(ctx, {"_id": message.id}, {"$set": {"card": card}})


async def _postpone(
    ctx: Context, message: Message, until: datetime, *, counted: bool
) -> None:
    await Message.change(
        ctx,
        where={"_id": message.id, "card": {"$in": [Card.WAITING, Card.SENDING]}},
        update={
            "$set": {"card": Card.WAITING, "card_due_at": until},
            "$inc": {"tries": 0 if counted else -1},
        },
    )


def _is_night(now: datetime) -> bool:
    hour = now.astimezone(SHANGHAI).hour
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def _morning_after(now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=1 if local.hour >= NIGHT_FROM else 0)
    return start_of(day) + timedelta(hours=NIGHT_TO)
