"""Posters (驿站海报码): the mini-program code that hangs at a door or on a port.

Source: features X-13; screens.md (stations' posters open the station's page).
"""

import msgspec

from miniprogram_api.errors import WeChatError
from models.base.context import Context
from models.stations import directory, scenes
from models.stations.port_services import ServiceKind
from models.stations.scenes import Kind, Target
from models.stations.stations import NoSuchStation, Station, service_of
from models.stations.walk_ins import NoSuchPort
from models.unions.staff import Staff
from models.workers.wechat import unavailable

WIDTH_PX = 860
"""Sharp at 7 cm and 300 dots an inch."""

PNG = b"\x89PNG"


class Poster(msgspec.Struct, frozen=True):
    """A picture to print."""

    image: bytes
    scene: str

    @property
    def media_type(self) -> str:
        """Tell PNG from JPEG; WeChat sends the latter."""
        return "image/png" if self.image.startswith(PNG) else "image/jpeg"


async def draw(
    ctx: Context,
    station_id: str,
    service: ServiceKind | None = None,
    port: int | None = None,
    *,
    page: str,
    by: Staff,
) -> Poster:
    """Draw the code of a station, or of one of its ports (生成海报码).

    Refuses: NoSuchStation, NoSuchService, NoSuchPort, WeChatUnavailable.
    """
    if not by.may_serve(station_id):
        raise NoSuchStation
    station = await directory.find(ctx, station_id)
    scene = await scenes.ensure(ctx, _target(station, service, port))
    try:
        image = await ctx.wechat.mini_code(scene, page, width_px=WIDTH_PX)
    except WeChatError as error:
        raise unavailable(error) from error
    return Poster(image, scene)


def targets(station: Station) -> list[Target]:
    """List everything at a station that a code hangs on: its door and its ports."""
    ports = [
        _target(station, service.kind, port)
        for service in station.services
        if service.kind.charges
        for port in range(1, service.ports + 1)
    ]
    return [_target(station, None, None), *ports]


def _target(station: Station, service: ServiceKind | None, port: int | None) -> Target:
    if service is None and port is None:
        return Target(kind=Kind.STATION, station_id=station.id)
    if service is None or port is None or not service.charges:
        raise NoSuchPort
    if not 1 <= port <= service_of(station, service).ports:
        raise NoSuchPort({"port": port})
    return Target(kind=Kind.PORT, station_id=station.id, service=service, port=port)
