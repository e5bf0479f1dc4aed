"""The processes as an operator meets them: start, stop, and one clear line."""

import asyncio
import os
import signal
import sys

import pytest
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from scripts.stack.ports import free_port

START_SECONDS = STOP_SECONDS = 100
"""They end a hang, and prove nothing."""


@pytest.fixture
def environ(settings):
    return os.environ | {
        "APP_ENV": "test",
        "PORT": str(free_port()),
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "WECHAT_BASE_URL": settings.wechat_base_url,
    }


async def start(command, environ):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        command,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process, word):
    """Read what a process says until it says a word."""
    async with asyncio.timeout(START_SECONDS):
        async for line in process.stdout:
            if word in line.decode():
                return
    raise AssertionError((await process.stderr.read()).decode())


async def stop(process):
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOP_SECONDS):
        await process.communicate()
    return process.returncode


async def test_serve_answers_and_stops_when_told(environ):
    process = await start("serve", environ)
    await said(process, "serving")
    http = SimpleAsyncHTTPClient(force_instance=True)
    answer = await http.fetch(f"http://127.0.0.1:{environ['PORT']}/readyz")
    assert answer.code == 200
    assert await stop(process) == 0
    with pytest.raises((OSError, HTTPClientError)):
        await http.fetch(f"http://127.0.0.1:{environ['PORT']}/healthz")
    http.close()


async def test_work_works_and_stops_when_told(environ):
    process = await start("work", environ)
    await said(process, "working")
    assert await stop(process) == 0


async def test_a_taken_port_is_said_in_one_line(environ):
    first = await start("serve", environ)
    await said(first, "serving")
    second = await start("serve", environ)
    _, told = await second.communicate()
    assert second.returncode == 1
    assert told.decode().strip().splitlines() == [
        "cannot start: Address already in use"
    ]
    await stop(first)


async def test_production_without_secrets_does_not_start(environ):
    process = await start("serve", environ | {"APP_ENV": "prod"})
    _, told = await process.communicate()
    assert process.returncode == 1
    (line,) = told.decode().strip().splitlines()
    assert line.startswith("settings: WECHAT_APPID is not set")


async def test_another_command_is_told_what_there_is(environ):
    process = await start("dance", environ)
    _, told = await process.communicate()
    assert process.returncode == 2
    assert "serve" in told.decode()
