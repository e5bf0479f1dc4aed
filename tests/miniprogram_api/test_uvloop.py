"""The gateway and the simulator run on uvloop as well."""

import asyncio
import subprocess
import sys

STORY = """
import asyncio, time
from datetime import UTC, datetime
import uvloop
from miniprogram_api.errors import Unavailable
from miniprogram_api.gateway import Gateway
from scripts.wechat_simulator import APPID, SECRET, start
from scripts.wechat_simulator.faults import Do, Fault

async def main():
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
    running = await start()
    gateway, hasty = (
        Gateway(
            APPID, SECRET, base_url=running.url, timeout_s=timeout_s,
            now=lambda: datetime.now(UTC), monotonic=time.monotonic,
        )
        for timeout_s in (10.0, 0.3)
    )
    many = await asyncio.gather(*(gateway.sign_in(f"w-{n}") for n in range(30)))
    assert many[7].openid == "o-7"
    assert (await gateway.mini_code("s", "pages/a")).startswith(b"\\x89PNG")
    for do in (Do.STALL, Do.DROP):
        running.world.faults.ordered = [Fault(do=do)]
        try:
            await hasty.sign_in("w-17")
        except Unavailable as failure:
            print(failure.why)
    await gateway.close()
    await hasty.close()
    await running.close()

uvloop.run(main())
"""


async def test_a_story_on_uvloop():
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", STORY]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("timeout\nconnection\n", 0), done.stderr
