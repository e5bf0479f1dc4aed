"""What a station shows and hangs up, over HTTP (驿站动态码、海报码)."""

import hashlib
import io
from typing import Annotated

import msgspec
import segno

from handlers.base.access import staff
from handlers.base.answers import Ready
from handlers.base.endpoint import IMAGE_MEDIA, Handler, endpoint
from handlers.base.limits import per_minute
from handlers.base.routing import Route
from models.base.rotating import Shown
from models.base.units import Instant
from models.stations import codes, posters
from models.stations.port_services import MOST_PORTS, ServiceKind
from models.stations.stations import NoSuchService, NoSuchStation
from models.stations.walk_ins import NoSuchPort
from models.workers.wechat import WeChatUnavailable

POSTERS = per_minute("posters", 120)
"""A whole station's stickers in one go; WeChat draws 5,000 a minute for us all."""

DOOR, PORT = "pages/stations/station", "pages/stations/port"
"""The pages that the codes open."""


class CodeQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What for; any coming in if no service is named."""

    service: ServiceKind | None = None


class PosterQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which port; the door if none is named."""

    service: ServiceKind | None = None
    port: Annotated[int, msgspec.Meta(ge=1, le=MOST_PORTS)] | None = None


class StationCodeView(msgspec.Struct):
    """The code on the screen."""

    code: str
    svg: str
    """The same as a QR code, for a screen that draws none itself."""
    refresh_at: Instant
    """Fetch the next one then."""
    good_until: Instant

    @classmethod
    def of(cls, shown: Shown) -> "StationCodeView":
        """Show a code."""
        picture = io.BytesIO()
        segno.make(shown.code, error="m").save(
            picture, kind="svg", xmldecl=False, omitsize=True, nl=False
        )
        return cls(
            code=shown.code,
            svg=picture.getvalue().decode(),
            refresh_at=shown.refresh_at,
            good_until=shown.good_until,
        )


class StationCodeHandler(Handler):
    """The rotating code of a station."""

    @endpoint(access=staff, refusals=(NoSuchStation, NoSuchService))
    async def get(self, station_id: str, *, query: CodeQuery) -> StationCodeView:
        """Show the code that workers scan to come in; it changes every 15 seconds."""
        shown = await codes.of_station(
            self.ctx, station_id, query.service, by=self.actor
        )
        return StationCodeView.of(shown)


class PosterHandler(Handler):
    """The code to print."""

    @endpoint(
        access=staff,
        refusals=(NoSuchStation, NoSuchService, NoSuchPort, WeChatUnavailable),
        limit=POSTERS,
        media=IMAGE_MEDIA,
    )
    async def get(self, station_id: str, *, query: PosterQuery) -> Ready[str]:
        """Draw the mini-program code of my station's door or port, as a picture."""
        poster = await posters.draw(
            self.ctx,
            station_id,
            query.service,
            query.port,
            page=DOOR if query.service is None else PORT,
            by=self.actor,
        )
        self.set_header("Content-Type", poster.media_type)
        tag = hashlib.blake2b(poster.image, digest_size=12).hexdigest()
        return Ready(poster.image, f'"{tag}"', "private, no-cache")


ROUTES: list[Route] = [
    ("/station/v1/stations/{station_id}/code", StationCodeHandler),
    ("/station/v1/stations/{station_id}/poster", PosterHandler),
]
