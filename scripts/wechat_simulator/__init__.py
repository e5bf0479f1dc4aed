"""WeChat's mini-program platform, played on this machine.

It speaks the server API on a real socket, error codes and single-use codes included,
keeps what was sent to it, and can be told to fail, stall or forget. Nothing of
`miniprogram_api` is used here, so that the two check each other.

As a process:  python -m scripts.wechat_simulator --port 8090
In a test:     running = await start(now=clock.now)  →  running.url, running.world
From outside:  GET /_simulator lists the control doors.
"""

from scripts.wechat_simulator.server import Running, make_application, start
from scripts.wechat_simulator.world import APPID, SECRET, World

__all__ = ["APPID", "SECRET", "Running", "World", "make_application", "start"]
