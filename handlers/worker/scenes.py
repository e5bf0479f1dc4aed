"""Where a scanned mini-program code leads, over HTTP (扫码入口)."""

import msgspec

from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import per_minute
from handlers.base.routing import Route
from models.stations import scenes
from models.stations.port_services import ServiceKind
from models.stations.scenes import (
    Kind,
    NoSuchScene,
    SceneExpired,
    SceneRevoked,
    Target,
)

SCENES = per_minute("scenes", 600, by_address=True)
"""One address may be a whole carrier's; who guesses is slowed, not rewarded."""

PAGES = {
    Kind.STATION: "pages/stations/station",
    Kind.PORT: "pages/stations/port",
    Kind.TRAINING: "pages/trainings/session",
}
"""The mini-program's pages; posters are drawn for them too."""


class SceneView(msgspec.Struct):
    """Where to go."""

    kind: Kind
    page: str
    station_id: str | None
    service: ServiceKind | None
    port: int | None
    training_id: str | None

    @classmethod
    def of(cls, target: Target) -> "SceneView":
        """Show a target."""
        return cls(
            kind=target.kind,
            page=PAGES[target.kind],
            station_id=target.station_id,
            service=target.service,
            port=target.port,
            training_id=target.training_id,
        )


class SceneHandler(Handler):
    """One code."""

    @endpoint(
        access=public,
        refusals=(NoSuchScene, SceneRevoked, SceneExpired),
        limit=SCENES,
    )
    async def get(self, scene: str) -> SceneView:
        """Say where a scanned code leads; its letters need no decoding."""
        return SceneView.of(await scenes.resolve(self.ctx, scene))


ROUTES: list[Route] = [("/worker/v1/scenes/{scene}", SceneHandler)]
