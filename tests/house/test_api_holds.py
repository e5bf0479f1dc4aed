"""The served API is what its description says, whatever it is sent.

Schemathesis makes good and bad calls from the description itself and sends them
to a real process with the demo inn, as nobody, as a worker and as a clerk.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.application import VERSION
from handlers.base.openapi import describe
from handlers.routes import ROUTES
from models.base.media import Media
from models.policies.imports import Sort
from scripts.stack.ports import free_port
from tests.models.base import samples

CALLS = 12
"""Examples a verb; CI's share of time. More by hand: SCHEMATHESIS_CALLS=200."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

CODES = {"worker": "w-1", "station": "w-staff3", "union": "w-official2"}

DOORS = {"union": "/union/v1/auth/wechat"}
"""Where a port lets people in by a code, if not at its sign-in."""

FILES = st.sampled_from(
    [
        samples.pdf(),
        samples.png(),
        samples.jpeg(),
        samples.docx(),
        samples.EXE,
        samples.docx()[:-9],
        b"# text",
        b"",
    ]
) | st.binary(max_size=200)
"""What is sent where a file is taken, whatever it is said to be."""

for media in (*Media, *Sort):
    schemathesis.openapi.media_type(media, FILES)

schema = schemathesis.openapi.from_dict(describe(ROUTES, version=VERSION))


@dataclass
class Inn:
    """A served demo inn and who may call it."""

    url: str
    tokens: dict[str, str]

    def headers(self, path: str) -> dict[str, str]:
        """Carry a token of the path's port; one to throw away where it may end."""
        named = path.split("/")[1]
        port = named if named in CODES else "worker"
        ends = "sign-out" in path or "/me/sessions" in path
        token = self.sign_in(port) if ends else self.tokens[port]
        return {"Authorization": f"Bearer {token}"}

    def sign_in(self, port: str) -> str:
        """Sign in as the same person again."""
        code = f"{CODES[port]}-{secrets.token_hex(6)}"
        door = DOORS.get(port, f"/{port}/v1/auth/sign-in")
        answer = requests.post(self.url + door, json={"code": code}, timeout=100)
        assert answer.ok, answer.text
        token: str = answer.json()["access_token"]
        return token


@pytest.fixture(scope="module")
def inn(mongodb_uri: str, redis_url: str) -> Iterator[Inn]:
    """The demo inn, served by a process of its own."""
    wechat_port, port = free_port(), free_port()
    environ = os.environ | {
        "APP_ENV": "dev",
        "PORT": str(port),
        "MONGODB_URI": mongodb_uri,
        "MONGODB_DATABASE": f"test_api_{os.getpid()}",
        "REDIS_URL": redis_url,
        "WECHAT_BASE_URL": f"http://127.0.0.1:{wechat_port}",
    }
    with ExitStack() as started:
        wechat = _start("scripts.wechat_simulator", "--port", str(wechat_port))
        started.callback(_stop, wechat)
        subprocess.run(
            [sys.executable, "-m", "scripts.demo"],
            env=environ,
            check=True,
            capture_output=True,
        )
        serve = _start("app", "serve", environ=environ)
        started.callback(_stop, serve)
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, serve)
        inn = Inn(url, {})
        inn.tokens.update({port: inn.sign_in(port) for port in CODES})
        yield inn


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("SCHEMATHESIS_CALLS", CALLS)),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_a_call_is_answered_as_described(case: schemathesis.Case, inn: Inn) -> None:
    case.call_and_validate(
        base_url=inn.url, headers=inn.headers(case.path), checks=CHECKS
    )


def _start(
    module: str, *arguments: str, environ: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(100)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    session = requests.Session()
    retry = requests.adapters.Retry(total=600, backoff_factor=0.1, backoff_max=0.5)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    assert session.get(f"{url}/readyz", timeout=100).status_code == 200
    assert process.poll() is None
