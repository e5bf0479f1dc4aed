"""A request's fields, looked up without a stumble: most that are asked for are absent.

Tornado's own raise and catch a KeyError for each that is not there; for a cached
read that cost as much as the reading of its head.
"""

from typing import Any

from tornado.httputil import HTTPHeaders, _normalize_header


class Fields(HTTPHeaders):
    """Tornado's headers, quicker to make and to say that there is no such field."""

    def __init__(self) -> None:
        """Begin with none; Tornado's goes through what it might have been given."""
        self._as_list: dict[str, list[str]] = {}
        self._combined_cache: dict[str, str] = {}

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a field."""
        return isinstance(name, str) and _normalize_header(name) in self._as_list

    def get(self, key: str, default: Any = None) -> Any:
        """Return a field, or the default."""
        if key not in self:
            return default
        return self[key]
