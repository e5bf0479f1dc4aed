"""A wire knows who calls, also who calls others from the same port."""

import os
import socket
from contextlib import ExitStack

from scripts.stack.ports import LOOPBACK
from tests.faults.wires import socket_number


def test_two_calls_from_one_port_are_told_apart():
    with ExitStack() as opened:
        called = [
            opened.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(2)
        ]
        callers = [opened.enter_context(socket.socket()) for _ in called]
        for caller in callers:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            caller.bind((LOOPBACK, callers[0].getsockname()[1]))
        for caller, server in zip(callers, called, strict=True):
            caller.connect(server.getsockname())
        for caller in callers:
            found = socket_number(caller.getsockname(), caller.getpeername())
            assert found == str(os.fstat(caller.fileno()).st_ino)


def test_a_call_that_ended_is_nobodys():
    with socket.create_server((LOOPBACK, 0)) as server:
        with socket.create_connection(server.getsockname()) as caller:
            ends = caller.getsockname(), caller.getpeername()
            served, _ = server.accept()
        served.close()
        assert socket_number(*ends) in (None, "0")
