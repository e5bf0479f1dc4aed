"""``python -m app migrate`` as an operator meets it."""

import asyncio
import os
import sys

import pytest

from app.__main__ import COMMANDS
from app.migrations import running
from app.migrations.plan import all_migrations
from app.migrations.running import State


@pytest.fixture
def run_app(settings):
    """Return what runs the app to its end: code and last words."""
    environ = os.environ | {
        "APP_ENV": "test",
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "WECHAT_BASE_URL": settings.wechat_base_url,
    }

    async def run_app(*arguments):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app", *arguments),
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, (out + err).decode()

    return run_app


async def test_it_says_what_waits(ctx, run_app):
    code, told = await run_app("migrate", "--status")
    assert (code, told.splitlines()[0]) == (1, "m0001_paths: waiting, 0 rows")


async def test_it_carries_out_what_waits(ctx, run_app):
    code, told = await run_app("migrate")
    assert code == 0
    assert "every migration is over; 0 rows were changed now" in told
    far = await running.progress(ctx, all_migrations())
    assert {one.state for one in far} == {State.DONE}


async def test_what_nobody_knows_is_answered_with_what_there_is(run_app):
    code, told = await run_app("migrate", "--now")
    assert code == 2
    assert "migrate [--status]" in told


def test_every_command_says_what_it_does():
    assert all(command.__doc__ for command in COMMANDS.values())
