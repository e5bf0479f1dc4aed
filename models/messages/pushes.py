"""What WeChat pushed (微信推送), kept once and acted on afterwards.

The accepts and refusals of subscription cards go into the credit ledger; the
results of sends go to the message. Of everything else only its kind is kept, so
that a repeat is known.
"""

from contextlib import suppress
from datetime import timedelta

from pymongo import IndexModel

from miniprogram_api import events as wechat
from miniprogram_api.callbacks import Push
from models.base import personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Conflict
from models.base.events import Event, record
from models.base.store import atomic
from models.base.units import Instant
from models.messages import credits, sends
from models.messages.credits import Source
from models.messages.subscriptions import kind_of
from models.workers import workers

KEPT = timedelta(days=7)
"""Twice as long as any repeat could come, and long enough to look into."""


class Pushed(Document, kw_only=True, frozen=True):
    """One push, by the key that its repeats share."""

    SHELF = "wechat_pushes"
    PERSONAL = personal.passing("only the hash of a push, for a week")
    INDEXES = (IndexModel(["at"]),)

    kind: str
    at: Instant


class CardAnswered(Event, kw_only=True, frozen=True):
    """A person answered the dialog for cards; accepts count once each."""

    worker_id: str
    accepted: tuple[str, ...]
    """Template ids."""
    refused: tuple[str, ...]
    tap: str


class CardRefused(Event, kw_only=True, frozen=True):
    """A person switched cards off in WeChat's own settings."""

    worker_id: str
    refused: tuple[str, ...]
    """Template ids."""


class CardDelivered(Event, kw_only=True, frozen=True):
    """WeChat's last word on cards that were sent."""

    results: tuple[tuple[str, int], ...]
    """Message id at WeChat, and 0 or what went wrong."""


class MediaJudged(Event, kw_only=True, frozen=True):
    """WeChat has looked at a picture that we handed in."""

    trace_id: str
    suggest: str | None
    """None: it could not be judged, which is no pass."""
    label: int


class WeChatPermissionRevoked(Event, kw_only=True, frozen=True):
    """A person withdrew in WeChat what they had allowed there."""

    worker_id: str
    kinds: tuple[int, ...]
    """WeChat's numbers; `models.workers.revoked` knows them."""


class WeChatProfileModified(Event, kw_only=True, frozen=True):
    """WeChat cleaned a nickname or an avatar that was not fit to be shown."""

    worker_id: str


class WeChatAccountCancelled(Event, kw_only=True, frozen=True):
    """A person closed their WeChat account and cannot come back."""

    worker_id: str


async def keep(ctx: Context, push: Push) -> None:
    """Keep a push and what follows from it; the same push again changes nothing."""
    event = await _event_of(ctx, push)
    await _write_down(ctx, push, event)


async def forget_old(ctx: Context) -> int:
    """Delete the keys of pushes that cannot come again."""
    old = {"at": {"$lt": ctx.clock.now() - KEPT}}
    return (await Pushed.shelf(ctx).delete_many(old)).deleted_count


async def count_answers(ctx: Context, event: CardAnswered) -> None:
    """Bring the ledger up to date with an answer; again changes nothing."""
    for template_id in event.accepted:
        kind = kind_of(ctx, template_id)
        if kind is not None:
            await credits.grant(
                ctx, event.worker_id, kind, source=Source.PUSH, tap=event.tap
            )


async def clear_refused(ctx: Context, event: CardRefused) -> None:
    """Know that no card of these kinds may be sent any more."""
    for template_id in event.refused:
        kind = kind_of(ctx, template_id)
        if kind is not None:
            await credits.clear(ctx, event.worker_id, kind)


async def mark_delivered(ctx: Context, event: CardDelivered) -> None:
    """Keep WeChat's last word on each card."""
    for msgid, errcode in event.results:
        await sends.mark_delivered(ctx, msgid, errcode=errcode)


class SeenBefore(Conflict):
    """This push was kept already."""

    code = "push_seen_before"
    message = "该推送已处理过。"


@atomic(duplicate=SeenBefore)
async def _write_new(ctx: Context, push: Push, event: Event | None) -> None:
    row = Pushed(id=f"push:{push.key}", kind=push.event.kind, at=ctx.clock.now())
    await row.insert(ctx)
    if event is not None:
        await record(ctx, event)


async def _write_down(ctx: Context, push: Push, event: Event | None) -> None:
    with suppress(SeenBefore):
        await _write_new(ctx, push, event)


async def _event_of(ctx: Context, push: Push) -> Event | None:
    told = push.event
    if isinstance(told, wechat.SubscribeSent):
        return CardDelivered(results=tuple((r.msgid, r.errcode) for r in told.results))
    if isinstance(told, wechat.MediaChecked):
        suggest = None if told.suggest is None else told.suggest.value
        label = told.label or 0
        return MediaJudged(trace_id=told.trace_id, suggest=suggest, label=label)
    if isinstance(told, PERSONAL_EVENTS):
        return await _of_person(ctx, told)
    if isinstance(told, wechat.SubscribeAnswered | wechat.SubscribeChanged):
        return await _of_subscription(ctx, told, push.key)
    return None


async def _of_subscription(
    ctx: Context, told: wechat.SubscribeAnswered | wechat.SubscribeChanged, key: str
) -> Event | None:
    worker_id = await workers.id_of_openid(ctx, told.openid)
    if worker_id is None:
        return None
    refused = tuple(a.template_id for a in told.answers if not a.accepted)
    if isinstance(told, wechat.SubscribeChanged):
        return CardRefused(worker_id=worker_id, refused=refused)
    accepted = tuple(a.template_id for a in told.answers if a.accepted)
    return CardAnswered(
        worker_id=worker_id, accepted=accepted, refused=refused, tap=key
    )


PERSONAL_EVENTS = (
    wechat.UserInfoModified,
    wechat.AuthorizationRevoked,
    wechat.AccountCancelled,
)
"""What WeChat tells of a person's data; each names them, or helps nobody."""


async def _of_person(ctx: Context, told: wechat.Pushed) -> Event | None:
    openid = getattr(told, "openid", None)
    worker_id = None if openid is None else await workers.id_of_openid(ctx, openid)
    if worker_id is None:
        return None
    if isinstance(told, wechat.AuthorizationRevoked):
        return WeChatPermissionRevoked(worker_id=worker_id, kinds=told.kinds)
    if isinstance(told, wechat.UserInfoModified):
        return WeChatProfileModified(worker_id=worker_id)
    return WeChatAccountCancelled(worker_id=worker_id)
