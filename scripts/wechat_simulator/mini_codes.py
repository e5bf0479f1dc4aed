"""Mini-program codes: a picture for every scene, and what each one says."""

import io
import re
from hashlib import sha256
from typing import Any

import msgspec
import segno

from scripts.wechat_simulator.answers import Errcode

LONGEST_SCENE = 32
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
VERSIONS = {"release", "trial", "develop"}
NARROWEST_PX, WIDEST_PX, USUAL_PX = 280, 1280, 430


class MiniCode(msgspec.Struct, kw_only=True, frozen=True):
    """What a code says when it is scanned."""

    scene: str
    page: str
    version: str
    image_sha256: str


class MiniCodes:
    """Draws codes and reads them again."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        """Pages of the released app; while empty every page is there."""
        self.drawn: list[MiniCode] = []

    def draw(self, asked: dict[str, Any]) -> bytes:
        """Draw a code: 40169, 40129, 40097, 41030."""
        scene = asked.get("scene")
        if not isinstance(scene, str) or not 0 < len(scene) <= LONGEST_SCENE:
            raise Errcode(40169)
        if not SCENE.fullmatch(scene):
            raise Errcode(40129)
        page, version, width = self._options(asked)
        said = f"{page}?scene={scene}#{version}"
        code = segno.make(said, error="q", micro=False)
        image = io.BytesIO()
        code.save(image, kind="png", scale=max(1, width // code.symbol_size()[0]))
        self.drawn.append(
            MiniCode(
                scene=scene,
                page=page,
                version=version,
                image_sha256=sha256(image.getvalue()).hexdigest(),
            )
        )
        return image.getvalue()

    def read(self, image: bytes) -> MiniCode | None:
        """Scan a picture that was drawn here."""
        seen = sha256(image).hexdigest()
        return next((code for code in self.drawn if code.image_sha256 == seen), None)

    def _options(self, asked: dict[str, Any]) -> tuple[str, str, int]:
        page = asked.get("page") or "pages/index/index"
        version = asked.get("env_version", "release")
        width = asked.get("width", USUAL_PX)
        if version not in VERSIONS or not isinstance(width, int):
            raise Errcode(40097)
        if not NARROWEST_PX <= width <= WIDEST_PX:
            raise Errcode(40097)
        known = not self.pages or page in self.pages
        if page.startswith("/") or "?" in page:
            raise Errcode(41030)
        if asked.get("check_path", True) and not known:
            raise Errcode(41030)
        return page, version, width
