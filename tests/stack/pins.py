"""Reads requirements files, and what the packages in them say they need."""

import ast
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def pins(file: Path, python: str | None = None) -> dict[str, Requirement]:
    """Read what a file pins for a Python version, by canonical name."""
    lines = [line for line in file.read_text().splitlines() if "==" in line]
    found = (Requirement(line) for line in lines if not line.startswith("#"))
    return {
        canonicalize_name(each.name): each for each in found if _holds(each, python)
    }


def needed_by(packages: Iterable[str], python: str) -> set[str]:
    """Name what these packages need, as they are installed here."""
    return {
        canonicalize_name(needed.name)
        for package in packages
        for needed in map(Requirement, _requires(package))
        if _holds(needed, python)
    }


def imported_by(folders: Iterable[Path], *, but: set[Path]) -> set[str]:
    """Name the packages that the code in these folders imports; ``but`` is left out."""
    packages = packages_distributions()
    return {
        canonicalize_name(packages[module][0])
        for folder in folders
        for file in folder.rglob("*.py")
        if but.isdisjoint({file, *file.parents})
        for module in _modules(ast.parse(file.read_text()))
        if module in packages
    }


def _modules(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def _requires(package: str) -> list[str]:
    try:
        return requires(package) or []
    except ModuleNotFoundError:  # for another Python version than this one
        return []


def _holds(each: Requirement, python: str | None) -> bool:
    environment: dict[str, str] = {**default_environment(), "extra": ""}  # type: ignore[dict-item]
    if python:
        short = ".".join(python.split(".")[:2])
        environment |= {"python_version": short, "python_full_version": python}
    return each.marker is None or each.marker.evaluate(environment)
