"""Mini-program codes (小程序码) without limit of number.

Source: getUnlimitedQRCode. Put an opaque id in the scene, never `a=1&b=2`: Android
hands a scanned scene over raw, and query parsers cut it.
"""

import re
from enum import StrEnum

from miniprogram_api.client import Client
from miniprogram_api.errors import Unavailable, Unsendable, Why
from miniprogram_api.meanings import MINI_CODE

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
"""What a scene may hold; no percent sign, so no encoded Chinese."""

NARROWEST_PX = 280
WIDEST_PX = 1280
USUAL_PX = 430


class Version(StrEnum):
    """Which build of the mini-program a scan opens."""

    RELEASE = "release"
    TRIAL = "trial"
    DEVELOP = "develop"


async def mini_code(
    client: Client,
    scene: str,
    page: str,
    *,
    version: Version = Version.RELEASE,
    check_page: bool = True,
    width_px: int = USUAL_PX,
    transparent: bool = False,
) -> bytes:
    """Draw a code; the image is JPEG, or PNG when transparent.

    Rules: the page is always named, since codes without one have lost their
    scene; `check_page` wants it in the released app. 5,000 a minute.
    Refuses: Unsendable, Refused (BACK_OFF, ALERT_AND_STOP, …), Unavailable.
    """
    _check(scene, page, width_px)
    asked = {
        "scene": scene,
        "page": page,
        "check_path": check_page,
        "env_version": version,
        "width": width_px,
        "is_hyaline": transparent,
    }
    image = await client.post(MINI_CODE, data=asked, repeatable=True)
    if not isinstance(image, bytes):
        raise Unavailable(Why.NOT_UNDERSTOOD, MINI_CODE)
    return image


def _check(scene: str, page: str, width_px: int) -> None:
    if not SCENE.fullmatch(scene):
        raise Unsendable("scene", "1 to 32 characters of the small set")
    if not page or page.startswith("/") or "?" in page:
        raise Unsendable("page", "a path without leading slash and without query")
    if not NARROWEST_PX <= width_px <= WIDEST_PX:
        raise Unsendable("width", f"{NARROWEST_PX} to {WIDEST_PX} px")
