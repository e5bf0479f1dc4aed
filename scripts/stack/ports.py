"""Ports of this machine: which are free, which are taken, who waits behind one."""

import random
import socket

from scripts.stack.trouble import Trouble

LOOPBACK = "127.0.0.1"
"""Nothing of the development stack is reachable from another machine."""

OURS = range(21_000, 32_000)
"""Below the kernel's own range, so no outgoing connection takes one meanwhile."""


class PortTaken(Trouble):
    """Another program already listens where the inn wants to open."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program. "
            f"Choose another one: PORT={port + 1} scripts/server"
        )


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether somebody could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port nobody listens on, at a place where few look."""
    for port in random.sample(OURS, 200):
        if is_free(port):
            return port
    raise Trouble(
        f"No free port between {OURS.start} and {OURS.stop}. "
        "End a few programs that listen there, then run this again."
    )
