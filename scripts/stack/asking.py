"""Asks the inn over HTTP, as a person at this machine would."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy of the company knows no 127.0.0.1 of ours."""

PATIENCE = 5.0
"""Seconds for one answer."""


def ask(url: str, **query: str) -> Any | None:
    """Return what a GET answers, decoded; None when there is no good answer."""
    asked = f"{url}?{urllib.parse.urlencode(query)}" if query else url
    try:
        with DIRECT.open(asked, timeout=PATIENCE) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None
