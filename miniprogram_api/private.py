"""The struct for answers that no log may show: its repr tells only its kind."""

from typing import Any

import msgspec


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """Personal or secret values; printing one tells only what kind it is."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, private>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Tell pretty printers as little as everyone else."""
        return []
