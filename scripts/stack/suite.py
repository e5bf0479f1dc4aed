"""scripts/test: runs pytest on a MongoDB and a Redis that live only as long.

The suite finds them by TEST_MONGODB_URI and TEST_REDIS_URL; settings of a real inn
that stand in the environment are kept from it.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from types import FrameType

from scripts.stack.servers import start_mongod, start_redis
from scripts.stack.settings import NAMES
from scripts.stack.trouble import Trouble, give_up


def main(arguments: list[str]) -> int:
    """Run the suite; return pytest's own exit code."""
    with ExitStack() as servers:
        mongo = servers.enter_context(start_mongod())
        redis = servers.enter_context(start_redis())
        env = {"TEST_MONGODB_URI": mongo.uri, "TEST_REDIS_URL": redis.uri}
        return _pytest(arguments, _without_settings() | env)


def _without_settings() -> dict[str, str]:
    hidden = {name + ending for name in NAMES for ending in ("", "_FILE")}
    return {name: text for name, text in os.environ.items() if name not in hidden}


def _pytest(arguments: list[str], env: dict[str, str]) -> int:
    """Let pytest have the terminal; hand every wish to stop on to it."""
    suite = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], env=env)

    def pass_on(_number: int, _frame: FrameType | None) -> None:
        suite.send_signal(signal.SIGINT)

    def leave_to_pytest(_number: int, _frame: FrameType | None) -> None:
        """The terminal has sent Ctrl-C to pytest too."""

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, leave_to_pytest)
    return suite.wait()


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Trouble as trouble:
        give_up(trouble)
    except KeyboardInterrupt:
        give_up(Trouble("Stopped."))
