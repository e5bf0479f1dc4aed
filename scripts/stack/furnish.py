"""An empty database gets its indexes and the demo inn; a used one is left alone."""

import os
import sys
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from scripts.stack.crew import Crew
from scripts.stack.settings import given
from scripts.stack.trouble import Trouble

UNFINISHED = "demo.unfinished"
"""Stands while the demo is being loaded, so that a broken start is made good."""

FURNISHED = "demo.loaded"
"""Stands once it was loaded into the MongoDB that keeps its data beside."""

PATIENCE_MS = 5_000
"""Milliseconds for a MongoDB that was given to us to answer."""


def is_furnished(data: Path) -> bool:
    """Whether an earlier run has left these data complete."""
    return (data / FURNISHED).exists()


def furnish(crew: Crew, data: Path) -> None:
    """Load the demo inn (示例驿站) unless the database holds anything."""
    unfinished = data / UNFINISHED
    if unfinished.exists() or _is_empty(crew):
        unfinished.touch()
        print("• an empty database: indexes and the demo inn", flush=True)
        crew.run("migrate", sys.executable, "-m", "app", "migrate")
        crew.run("demo", sys.executable, "-m", "scripts.demo")
        print("• two weeks pass in the demo inn", flush=True)
        crew.run("life", sys.executable, "-m", "scripts.demo.life")
        unfinished.unlink()
    if not given("MONGODB_URI"):
        (data / FURNISHED).touch()


def _is_empty(crew: Crew) -> bool:
    uri = _setting(crew, "MONGODB_URI")
    name = _setting(crew, "MONGODB_DATABASE") or "yunduan"
    try:
        client: MongoClient[dict[str, Any]]
        with MongoClient(uri, serverSelectionTimeoutMS=PATIENCE_MS) as client:
            shelves: Database[dict[str, Any]] = client[name]
            return not any(
                shelves[shelf].find_one({}, ["_id"])
                for shelf in shelves.list_collection_names()
            )
    except PyMongoError as problem:
        raise Trouble(
            f"MongoDB does not answer as needed ({type(problem).__name__}). "
            "Check MONGODB_URI: it must name a replica set that has a primary."
        ) from problem


def _setting(crew: Crew, name: str) -> str:
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    return crew.env.get(name) or os.environ.get(name, "")
