"""``python -m app serve | work | migrate | rekey | indexes | openapi``, see COMMANDS.

serve                       open the doors
work                        deliver events, keep the clockwork
migrate [--status]          before a new release starts; docs/operations.md
rekey                       seal all under the newest keys; docs/security.md
indexes [--plan | --renew | --drop-unused]
openapi [--check]           write docs/openapi.json, or compare it
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvloop
from pymongo.errors import PyMongoError

from app import chores, garbage, telemetry
from app.application import STOP_SECONDS, VERSION, Front
from app.figures import counter
from app.migrations import running as migrations
from app.migrations.plan import all_migrations
from app.migrations.running import MigrationNeeded, TurnLost
from app.settings import Settings, SettingsError, read_settings
from app.watch import Watch
from app.wiring import LIVE_AT_WORK, open_house
from app.worker import Bell, Worker
from handlers.base.openapi import describe
from handlers.routes import ROUTES
from models.base.indexes import IndexTrouble

OPENAPI = Path(__file__).parent.parent / "docs" / "openapi.json"

TOLD = (IndexTrouble, MigrationNeeded, TurnLost)
"""Troubles with the data that say themselves what to do."""

log = structlog.get_logger("inn")


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    asked = " ".join(arguments)
    if asked in {"openapi", "openapi --check"}:
        return openapi(check="--check" in arguments)
    if asked not in COMMANDS:
        print(__doc__, file=sys.stderr)  # noqa: T201 - a person asked
        return 2
    telemetry.set_up_logs()
    try:
        settings = read_settings(os.environ)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(COMMANDS[asked](settings))
    except (SettingsError, OSError, PyMongoError, *TOLD) as problem:
        return _stop(_line(problem))


def _line(problem: Exception) -> str:
    """Say in one line why we did not start."""
    match problem:
        case SettingsError():
            return f"settings: {problem}"
        case TurnLost():
            return f"another runner goes on with {problem}: run the same again"
        case OSError():
            return f"cannot start: {problem.strerror or problem}"
        case PyMongoError():
            return f"MongoDB does not answer as needed: {type(problem).__name__}"
    return str(problem)


def _stop(line: str) -> int:
    print(line, file=sys.stderr)  # noqa: T201 - the one clear line
    return 1


async def serve(settings: Settings) -> int:
    """Open the doors until told to stop."""
    stop = told_to_stop()
    house = await open_house(settings)
    await migrations.check(house.ctx, all_migrations())
    front = Front(house)
    watch = Watch(house, front.doors.settings["count_house"])
    watch.open()
    port = front.open()
    garbage.settle()
    log.info("serving", port=port, env=settings.env)
    await stop.wait()
    await front.close()
    await watch.close()
    await house.close()
    return 0


async def work(settings: Settings) -> int:
    """Deliver events and keep the clockwork until told to stop."""
    told, bell = told_to_stop(), Bell()
    house = await open_house(settings, live=LIVE_AT_WORK, also=[bell])
    await migrations.check(house.ctx, all_migrations())
    watch = Watch(house, counter(house, set()))
    watch.open()
    worker = Worker(house.ctx, bell)
    log.info("working")
    running = asyncio.create_task(worker.run())
    stop = asyncio.create_task(told.wait())
    await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
    worker.stop()
    await asyncio.wait({running}, timeout=STOP_SECONDS)
    running.cancel()
    await asyncio.wait({running})
    await watch.close()
    await house.close()
    return 0


def openapi(*, check: bool) -> int:
    """Write docs/openapi.json, or say whether it is what the code promises."""
    told = msgspec.json.format(
        msgspec.json.encode(describe(ROUTES, version=VERSION)), indent=2
    )
    if not check:
        OPENAPI.write_bytes(told + b"\n")
        return 0
    kept = OPENAPI.read_bytes() if OPENAPI.exists() else b""
    return (
        0
        if kept == told + b"\n"
        else _stop(
            "docs/openapi.json is not what the code promises: run python -m app openapi"
        )
    )


def told_to_stop() -> asyncio.Event:
    """Return what is set when an operator or Ctrl-C asks us to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


COMMANDS: dict[str, Callable[[Settings], Coroutine[Any, Any, int]]] = {
    "serve": serve,
    "work": work,
    "migrate": chores.migrate,
    "migrate --status": chores.status,
    "rekey": chores.rekey,
    "indexes": chores.make_indexes,
    "indexes --plan": chores.plan_indexes,
    "indexes --renew": chores.renew_indexes,
    "indexes --drop-unused": chores.drop_unused_indexes,
}
"""What one may ask for, flag and all."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
