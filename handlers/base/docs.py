"""The browsable API page, for this machine; nothing from a third party."""

import asyncio
import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from tornado.web import HTTPError

from handlers.base.answers import Ready
from handlers.base.indoors import IndoorsHandler
from handlers.base.routing import Route

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>云端客栈 API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  docExpansion: "none", filter: true, persistAuthorization: true, validatorUrl: null
});
"""

KINDS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
"""The files of Swagger UI that the page needs; no others are served."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class DocsHandler(IndoorsHandler):
    """The page."""

    def get(self) -> None:
        """Send the page."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(PAGE)


class DocsFileHandler(IndoorsHandler):
    """What the page loads."""

    def get(self, name: str) -> None:
        """Send one file, or say that the client has it."""
        if name == "start.js":
            body, kind = START.encode(), KINDS["swagger-ui-bundle.js"]
        elif name in KINDS:
            body, kind = _file(name), KINDS[name]
        else:
            raise HTTPError(404)
        self.set_header("Content-Type", kind)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        Ready[bytes](body, tag, "public, max-age=3600").send(self)


class OpenApiHandler(IndoorsHandler):
    """The description that the page and every client generator read."""

    async def get(self) -> None:
        """Send ``openapi.json``, which is put together when first asked for."""
        body = await asyncio.to_thread(self.settings["openapi"])
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        Ready[bytes](body, tag).send(self)


@lru_cache
def _file(name: str) -> bytes:
    spec = find_spec("swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise HTTPError(404)
    return Path(spec.submodule_search_locations[0], "static", name).read_bytes()


ROUTES: list[Route] = [
    ("/docs", DocsHandler),
    ("/docs/{name}", DocsFileHandler),
    ("/openapi.json", OpenApiHandler),
]
