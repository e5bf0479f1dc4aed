"""scripts/server: the whole inn on this machine, up till Ctrl-C.

MongoDB, Redis and the WeChat simulator (each only where none is given), then the
indexes, the demo inn when the database is empty, then ``serve`` and ``work``.
"""

import os
import signal
import sys
import time
from itertools import chain
from types import FrameType

from scripts.stack import console, settings
from scripts.stack.asking import ask
from scripts.stack.bootstrap import DATA
from scripts.stack.crew import Crew
from scripts.stack.furnish import furnish, is_furnished
from scripts.stack.mongod import ReplicaSet
from scripts.stack.only_one import only_one
from scripts.stack.ports import LOOPBACK, PortTaken, is_free
from scripts.stack.processes import Process
from scripts.stack.redis_server import RedisServer
from scripts.stack.trouble import Trouble, give_up
from scripts.stack.welcome import welcome

MODULE = (sys.executable, "-m")

PORTS = range(1, 65_536)
"""TCP ports one may ask for."""

CROWD = range(1, 65)
"""How many serving processes one may ask for."""

PATIENCE = 60.0
"""Seconds a child may take to be ready."""


def main() -> None:
    """Open the inn; return when it is told to close."""
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _like_ctrl_c)
    with only_one(DATA) as lock:
        site = f"http://127.0.0.1:{_free_door()}"
        crew = Crew(
            logs=DATA / "log",
            env=settings.ours(
                {"APP_ENV": "dev"}
                | settings.kept_secrets(settings.KEYS | settings.DEMO, DATA)
            ),
            keep=[lock.fileno()],
        )
        try:
            console.build()
            _open(crew, site)
            seconds = time.monotonic() - began
            simulated = not settings.given("WECHAT_APPID")
            print(welcome(site, seconds=seconds, simulated=simulated), flush=True)
            crew.stay()
        except KeyboardInterrupt:
            print("\n• closing", flush=True)
        finally:
            crew.end()
    print(f"• closed; the data stay in {DATA.name}", flush=True)


def _like_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _free_door() -> int:
    port = _number("PORT", 8080, PORTS)
    if not is_free(port, os.environ.get("HOST") or LOOPBACK):
        raise PortTaken(port)
    return port


def _number(name: str, default: int, valid: range) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) in valid):
        raise Trouble(
            f"{name}={text} must be a number from {valid.start} to {valid.stop - 1}. "
            f"Try {name}={default} scripts/server"
        )
    return int(text)


def _open(crew: Crew, site: str) -> None:
    """Start everything the inn leans on, and the inn.

    Rules: on data we have furnished before, the doors start beside MongoDB: they
    have so much to read that it takes writes by the time they need it.
    """
    if not settings.given("WECHAT_APPID"):
        _simulate_wechat(crew, site)
    if not settings.given("REDIS_URL"):
        _keep_redis(crew)
    mongo = None if settings.given("MONGODB_URI") else _our_mongo(crew)
    doors = _serve(crew) if mongo and is_furnished(DATA) else []
    if mongo:
        mongo.start()
    furnish(crew, DATA)
    for door in doors or _serve(crew):
        if not door.running:  # MongoDB took longer than it could wait
            door.start()
    crew.wait(lambda: bool(ask(f"{site}/readyz")), what="The inn", patience=PATIENCE)
    crew.start("work", *MODULE, "app", "work")


def _simulate_wechat(crew: Crew, site: str) -> None:
    port = settings.port_for("wechat", DATA)
    shared = settings.kept_secrets(settings.PUSH, DATA)
    crew.env.update(shared, WECHAT_BASE_URL=f"http://{LOOPBACK}:{port}")
    told = {
        "--port": str(port),
        "--push-url": f"{site}/wechat/push",
        "--push-token": shared["WECHAT_PUSH_TOKEN"],
        "--push-aes-key": shared["WECHAT_PUSH_AES_KEY"],
    }
    command = (*MODULE, "scripts.wechat_simulator", *chain(*told.items()))
    crew.start("wechat", *command)


def _keep_redis(crew: Crew) -> None:
    port = settings.port_for("redis", DATA)
    redis = RedisServer(DATA / "redis", port, keep=crew.keep)
    crew.env["REDIS_URL"] = redis.uri
    crew.join(redis.process)
    redis.start()


def _our_mongo(crew: Crew) -> ReplicaSet:
    port = settings.port_for("mongod", DATA)
    mongo = ReplicaSet(DATA / "mongo", [port], keep=crew.keep)
    crew.env["MONGODB_URI"] = mongo.uri
    for member in mongo.members:
        crew.join(member.process)
    return mongo


def _serve(crew: Crew) -> list[Process]:
    processes = _number("PROCESSES", 1, CROWD)
    if processes > 1:
        crew.env["SHARE_PORT"] = "1"
    return [
        crew.start(f"serve-{number}", *MODULE, "app", "serve")
        for number in range(1, processes + 1)
    ]


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        give_up(trouble)
    except KeyboardInterrupt:
        give_up(Trouble("Stopped."))
