"""An empty database gets its indexes and the demo inn; a used one is left alone."""

import os
import sys
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from scripts.stack.bootstrap import DATA
from scripts.stack.crew import Crew
from scripts.stack.trouble import Trouble

HALF_DONE = DATA / "demo.unfinished"
"""Stands while the demo is being loaded, so that a broken start is made good."""

PATIENCE_MS = 5_000
"""Milliseconds for a MongoDB that was given to us to answer."""


def furnish(crew: Crew) -> None:
    """Load the demo inn (示例驿站) unless the database holds anything."""
    if not HALF_DONE.exists() and not _is_empty(crew):
        return
    HALF_DONE.touch()
    print("• an empty database: indexes and the demo inn", flush=True)
    crew.run("indexes", sys.executable, "-m", "app", "indexes")
    crew.run("demo", sys.executable, "-m", "scripts.demo")
    HALF_DONE.unlink()


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
