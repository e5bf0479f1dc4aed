"""On what a run was made: the machine, and the versions of everything in it."""

import json
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from scripts.benchmark.needs import PEERS, Tools
from scripts.stack import programs

OURS = ("tornado", "uvloop", "pymongo", "msgspec", "redis", "tantivy", "httptools")
PEER_PYTHON = ("fastapi", "beanie", "pydantic", "uvicorn", "uvloop", "httptools")
PEER_NODE = ("express", "mongoose", "fastify", "mongodb", "ioredis")


def versions(tools: Tools) -> dict[str, str]:
    """Name the version of everything that took part."""
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in OURS if _is_installed(name)},
        "mongod": _words([str(programs.find("mongod").path), "--version"])[2],
        "Redis": _words([str(programs.find("redis-server").path), "--version"])[2],
        "wrk": _words([tools.wrk, "-v"])[1],
        "Node": _words([tools.node, "--version"])[0],
        **_pinned(),
    }


def machine() -> str:
    """Describe the machine in a line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}"
    )


def load_average() -> float:
    """Return how many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def _pinned() -> dict[str, str]:
    """Read what the peers were installed from."""
    lines = (PEERS / "requirements.txt").read_text().splitlines()
    python = dict(line.split("==") for line in lines if "==" in line)
    peers = {f"peer {name}": python[name] for name in PEER_PYTHON}
    wanted = _node_pins()
    return peers | {f"peer {name}": wanted[name] for name in PEER_NODE}


def _node_pins() -> dict[str, str]:
    told = json.loads((PEERS / "package.json").read_text())
    pins: dict[str, str] = told["dependencies"]
    return pins


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True


def _words(command: list[str]) -> list[str]:
    """Return the first words a program says of itself, and enough of them."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [*(done.stdout + done.stderr).split(), "?", "?", "?"]
