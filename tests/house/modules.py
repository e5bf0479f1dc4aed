"""Every module of the house, imported, so that all that is declared is known."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

STOREYS = ("app", "handlers", "models", "miniprogram_api")


def modules() -> Iterator[ModuleType]:
    """Import and yield each; a ``__main__`` would run."""
    for storey in STOREYS:
        package = importlib.import_module(storey)
        for found in pkgutil.walk_packages(package.__path__, f"{storey}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)
