"""scripts/server, really run: it opens, its lines work, and it leaves nothing."""

import json
import os
import re
import signal
import socketserver
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from tests.stack.opened import Opened


@pytest.fixture(scope="module")
def inn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """One inn with the demo loaded; each test leaves it open."""
    found = Opened(tmp_path_factory.mktemp("inn") / "data")
    found.open()
    yield found
    found.ask_to_close()


def paste(*lines: str) -> str:
    """Run lines in a shell, as if pasted."""
    return subprocess.run(
        ["/bin/sh", "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    ).stdout


def test_the_lines_work_when_pasted(inn: Opened) -> None:
    lines = re.findall(r"^(?:TOKEN|curl).*$", inn.said, re.MULTILINE)
    sign_in, find, book, as_official = lines
    assert json.loads(paste(as_official))["access_token"]
    assert "社会保险" in paste(find)
    booking = json.loads(paste(f"{sign_in} >&2", book))
    assert booking["id"].startswith("booking_")
    assert booking["slot_id"] in book


def test_secrets_are_for_the_owner_alone(inn: Opened) -> None:
    assert (inn.data / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_a_second_run_on_the_same_data_is_refused(inn: Opened) -> None:
    second = Opened(inn.data)
    with pytest.raises(
        AssertionError, match=f"already open .process {inn.process.pid}"
    ):
        second.open()
    assert second.wait_for_the_end() == 1


def test_ctrl_c_ends_everything_and_the_data_stay(inn: Opened) -> None:
    assert len(inn.running()) == 6  # itself, wechat, redis, mongod, serve, work
    assert inn.ask_to_close() == 0
    assert inn.running() == {}
    inn.open()
    assert "an empty database" not in inn.said


def test_a_killed_run_takes_its_children_along(inn: Opened) -> None:
    inn.process.kill()
    inn.wait_for_the_end()
    inn.wait_till_nothing_runs()
    inn.open()


def test_a_child_that_crashes_ends_the_rest_with_its_last_words(inn: Opened) -> None:
    [door] = [pid for command, pid in inn.running().items() if "app serve" in command]
    os.kill(door, signal.SIGKILL)
    assert inn.wait_for_the_end() == 1
    assert "✗ serve-1 ended with -9, so all the rest is stopped." in inn.said
    assert '"event":"serving"' in inn.said
    assert inn.running() == {}
    inn.open()


class HangsUp(socketserver.TCPServer):
    """Another program that listens and hangs up on everybody."""

    allow_reuse_address = True


@contextmanager
def somebody_else(port: int) -> Iterator[None]:
    handler = socketserver.BaseRequestHandler
    with HangsUp(("127.0.0.1", port), handler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        yield
        other.shutdown()


def test_another_port_is_chosen_when_its_own_was_taken_meanwhile(inn: Opened) -> None:
    inn.ask_to_close()
    place = inn.data / "ports.json"
    before = json.loads(place.read_text())
    with somebody_else(before["mongod"]):
        inn.open()
    after = json.loads(place.read_text())
    assert after["mongod"] != before["mongod"]
    assert after["redis"] == before["redis"]
    assert "an empty database" not in inn.said
