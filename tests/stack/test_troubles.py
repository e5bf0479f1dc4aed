"""What is wrong with a machine is said in one clear line, with the way out."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stack import programs, wheels
from scripts.stack.trouble import Trouble

ROOT = Path(__file__).parents[2]


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHON": sys.executable} | environment
    return subprocess.run(
        [ROOT / "scripts" / command],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_taken_port_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        asked = run("server", PORT=str(port), INN_DATA=str(tmp_path))
    assert asked.returncode == 1
    assert asked.stderr == (
        f"✗ Port {port} is taken by another program. "
        f"Choose another one: PORT={port + 1} scripts/server\n"
    )


def test_a_port_that_is_none_is_refused(tmp_path: Path) -> None:
    asked = run("server", PORT="inn", INN_DATA=str(tmp_path))
    assert asked.returncode == 1
    assert asked.stderr == (
        "✗ PORT=inn must be a number from 1 to 65535. Try PORT=8080 scripts/server\n"
    )


def test_a_missing_venv_module_names_the_package(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['ensurepip'] = None\n"
    )
    asked = run(
        "test",
        PYTHONPATH=str(tmp_path),
        INN_VENV=str(tmp_path / "venv"),
        INN_DATA=str(tmp_path),
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert asked.returncode == 1
    assert asked.stderr == (
        f"✗ This Python {version} has no venv module. Debian and Ubuntu: "
        f"apt install python{version}-venv; or set PYTHON to another Python "
        "that has it.\n"
    )
    assert not (tmp_path / "venv").exists()


def test_no_python_new_enough_is_said(tmp_path: Path) -> None:
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(Path("/bin") / name)
    asked = run("check", PYTHON="no-such-python", PATH=str(tmp_path))
    assert asked.returncode == 1
    assert asked.stderr.startswith(
        "✗ Python 3.11 or newer is needed and none was found"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "mongod: error while loading shared libraries: liblzma.so.5: "
            "cannot open shared object file: No such file or directory",
            "mongod needs liblzma.so.5. Install it: apt install liblzma5.",
        ),
        (
            "no such luck",
            "mongod does not run on this machine (no such luck). Install MongoDB 6 or "
            "newer so that mongod is on PATH, or set MONGODB_URI to a replica set.",
        ),
    ],
)
def test_a_program_that_cannot_run_says_what_to_install(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "mongod"
    broken.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(Trouble) as found:
        programs.find.__wrapped__("mongod")
    assert str(found.value) == said


def test_a_platform_without_wheels_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(wheels.PROGRAMS, "redis-server", ())
    with pytest.raises(Trouble, match=r"apt install redis-server.*or set REDIS_URL"):
        programs.find.__wrapped__("redis-server")
