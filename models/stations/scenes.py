"""Scene codes (场景码): what a printed mini-program code says, and what it stands for.

A poster, a port's sticker or a classroom door carries one random word; what it
means is kept here and nowhere in the word, so a code can be taken back, can end,
and tells a stranger nothing::

    standing ──▶ over       its time has come
        └──────▶ revoked    a poster was lost or copied; the place gets a new code

A code says where somebody stands, never that they are there: what earns hours or
a charge asks for a rotating code or a person (`codes`).

Source: features X-13; rules §3.10; wechat-api §4, §9. Its letters are the same
raw (Android) and percent-encoded (iOS), so it makes no difference which we get.
"""

import re
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

import msgspec
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from models.base import audit, personal
from models.base.context import Context
from models.base.documents import Document
from models.base.errors import Gone, NotFound
from models.base.ids import new_code
from models.base.store import atomic
from models.base.units import Instant
from models.stations.port_services import ServiceKind
from models.unions.staff import Staff

LETTERS = 24
"""120 bits: nobody guesses one. WeChat takes up to 32 letters."""

CODE = re.compile(r"[0-9a-z]{24}")


class Kind(StrEnum):
    """What a code stands for."""

    STATION = "station"
    PORT = "port"
    TRAINING = "training"


class Target(msgspec.Struct, kw_only=True, frozen=True):
    """Where a code leads."""

    kind: Kind
    station_id: str | None = None
    """Of a station or a port."""
    service: ServiceKind | None = None
    """Of a port."""
    port: int | None = None
    training_id: str | None = None
    """Of a training session."""

    @property
    def name(self) -> str:
        """Tell one target from all others; at most one code stands for it."""
        parts = (self.kind, self.station_id, self.service, self.port, self.training_id)
        return ":".join(str(part) for part in parts if part is not None)


class Scene(Document, kw_only=True, frozen=True):
    """One code; its id is the code itself."""

    SHELF = "scenes"
    PERSONAL = personal.nobody()
    INDEXES = (
        IndexModel(["name"], unique=True, partialFilterExpression={"is_current": True}),
    )

    name: str
    """The target's."""
    target: Target
    made_at: Instant
    expires_at: Instant | None = None
    """From then on it leads nowhere; None is without end."""
    revoked_at: Instant | None = None
    is_current: bool = True
    """The one to print for this target."""

    def is_over(self, now: datetime) -> bool:
        """Say whether its time has come."""
        return self.expires_at is not None and now >= self.expires_at


class NoSuchScene(NotFound):
    """No code like this was ever printed."""

    code = "no_such_scene"
    message = "没有识别出这个码，请扫驿站张贴的小程序码。"


class SceneRevoked(Gone):
    """The code was taken back."""

    code = "scene_revoked"
    message = "这张码已停用，请扫驿站新张贴的码，或在驿站列表里选择。"


class SceneExpired(Gone):
    """The code was good until a moment that has passed."""

    code = "scene_expired"
    message = "这张码已过期，请扫新的码，或在列表里选择。"


async def ensure(
    ctx: Context, target: Target, *, expires_at: datetime | None = None
) -> str:
    """Return the code that stands for a target, made if there is none (生成场景码)."""
    while True:
        now = ctx.clock.now()
        scene = await Scene.find(ctx, name=target.name, is_current=True)
        if scene is not None and not scene.is_over(now):
            return scene.id
        if scene is not None:
            await _retire(ctx, scene, {})
        fresh = Scene(
            id=new_code(LETTERS),
            name=target.name,
            target=target,
            made_at=now,
            expires_at=expires_at,
        )
        try:
            return (await fresh.insert(ctx)).id
        except DuplicateKeyError:
            continue


async def resolve(ctx: Context, text: str) -> Target:
    """Say where a code leads, raw or percent-encoded (识别场景码).

    Refuses: NoSuchScene, SceneRevoked, SceneExpired.
    """
    scene = await _find(ctx, text)
    if scene.revoked_at is not None:
        raise SceneRevoked
    if scene.is_over(ctx.clock.now()):
        raise SceneExpired
    return scene.target


async def where(ctx: Context, text: str) -> Target:
    """Say where a code hangs, even one that leads nowhere any more: for first aid.

    Refuses: NoSuchScene.
    """
    return (await _find(ctx, text)).target


@atomic()
async def revoke(ctx: Context, text: str, *, reason: str, by: Staff) -> None:
    """Take a station's code back; a second time changes nothing (停用场景码).

    Refuses: NoSuchScene.
    """
    scene = await _find(ctx, text)
    if scene.target.station_id not in by.station_ids:
        raise NoSuchScene
    if await _retire(ctx, scene, {"revoked_at": ctx.clock.now()}):
        await audit.note(
            ctx, who=by.id, what="scenes.revoke", about=scene.name, reason=reason
        )


async def _find(ctx: Context, text: str) -> Scene:
    code = unquote(text)
    scene = await Scene.get(ctx, code) if CODE.fullmatch(code) else None
    if scene is None:
        raise NoSuchScene
    return scene


async def _retire(ctx: Context, scene: Scene, told: dict[str, datetime]) -> bool:
    changed = await Scene.change(
        ctx,
        {"_id": scene.id, "revoked_at": None},
        {"$set": {"is_current": False, **told}},
    )
    return changed is not None
