"""What the commands of backups share: whose database, and one line of trouble."""

import os
import sys
from collections.abc import Callable, Sequence

from pymongo.errors import PyMongoError

from app.settings import SettingsError
from scripts.stack.trouble import Trouble, give_up


def where() -> tuple[str, str]:
    """Return the URI and the database of the environment's inn. Refuses: Trouble."""
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        raise Trouble("Set MONGODB_URI to the replica set, as the inn has it.")
    return uri, os.environ.get("MONGODB_DATABASE") or "yunduan"


def run(main: Callable[[Sequence[str]], None]) -> None:
    """Run a command; what a person can mend is said in one line."""
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        give_up(trouble)
    except SettingsError as problem:
        give_up(Trouble(f"settings: {problem}"))
    except PyMongoError as problem:
        give_up(Trouble(f"MongoDB does not answer as needed: {problem}"))
