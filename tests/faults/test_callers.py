"""Who calls is known, also who calls others from the same port, and many at once."""

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from scripts.stack.ports import LOOPBACK
from tests.faults.callers import Call, Callers, held, socket_numbers

MANY = 64


@pytest.fixture
def opened():
    """What is opened here is closed, whatever comes of the test."""
    with ExitStack() as all_:
        yield all_


def call_of(caller):
    return Call(caller.getsockname(), caller.getpeername())


def test_two_calls_from_one_port_are_told_apart(opened):
    called = [
        opened.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(2)
    ]
    callers = [opened.enter_context(socket.socket()) for _ in called]
    for caller in callers:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        caller.bind((LOOPBACK, callers[0].getsockname()[1]))
    for caller, server in zip(callers, called, strict=True):
        caller.connect(server.getsockname())
    numbers = socket_numbers(map(call_of, callers))
    assert numbers == {
        call_of(caller): str(os.fstat(caller.fileno()).st_ino) for caller in callers
    }
    assert set(numbers.values()) <= held(os.getpid())


def test_a_call_that_ended_is_nobodys():
    with socket.create_server((LOOPBACK, 0)) as server:
        with socket.create_connection(server.getsockname()) as caller:
            call = call_of(caller)
            served, _ = server.accept()
        served.close()
        assert socket_numbers([call]) == {}


def test_a_process_that_has_ended_holds_nothing():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    assert held(child) == set()


async def test_many_who_call_at_once_are_looked_for_once(opened):
    looks = []

    def named():
        looks.append(1)
        return {"us": os.getpid()}

    server = opened.enter_context(socket.create_server((LOOPBACK, 0), backlog=MANY))
    callers = [
        opened.enter_context(socket.create_connection(server.getsockname()))
        for _ in range(MANY)
    ]
    asked = Callers(named)
    told = await asyncio.gather(*(asked.name(call_of(each)) for each in callers))
    assert told == ["us"] * MANY
    assert len(looks) == 1


@pytest.fixture
def stranger():
    """A process that calls nobody."""
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as process:
        yield process
        process.communicate(b"\n")


async def test_who_is_none_of_those_named_has_no_name(opened, stranger):
    server = opened.enter_context(socket.create_server((LOOPBACK, 0)))
    caller = opened.enter_context(socket.create_connection(server.getsockname()))
    call = call_of(caller)
    assert await Callers(lambda: {"stranger": stranger.pid}).name(call) is None
    assert await Callers(dict).name(call) is None
