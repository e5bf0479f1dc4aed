"""Runs the simulated platform: python -m scripts.wechat_simulator --port 8090."""

import argparse
import asyncio
import errno
import signal
import sys

from scripts.wechat_simulator.envelopes import Format, Target
from scripts.wechat_simulator.server import start
from scripts.wechat_simulator.world import APPID, SECRET, World


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.wechat_simulator")
    add = parser.add_argument
    add("--port", type=int, default=8090, help="port on 127.0.0.1; 0 takes a free one")
    add("--appid", default=APPID)
    add("--secret", default=SECRET)
    add("--push-url", default="", help="where message pushes go; none without it")
    add("--push-token", default=Target().token)
    add("--push-aes-key", default="", help="EncodingAESKey; with it pushes are safe")
    add("--push-format", default="json", choices=[*Format])
    add("--unlimited-credits", action="store_true", help="everybody always accepts")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> None:
    world = World(options.appid, options.secret)
    world.messages.unlimited = options.unlimited_credits
    world.pushes.target = Target(
        url=options.push_url,
        token=options.push_token,
        aes_key=options.push_aes_key,
        format=Format(options.push_format),
    )
    running = await start(world, port=options.port)
    print(f"WeChat simulator on {running.url}; doors: {running.url}/_simulator")
    sys.stdout.flush()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await running.close()


def main() -> None:
    """Run till told to stop."""
    options = _options()
    try:
        asyncio.run(_run(options))
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        sys.exit(f"Port {options.port} is taken; choose another with --port.")


if __name__ == "__main__":
    main()
