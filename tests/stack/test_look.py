"""The first look at a process tells of its doors and of the figures that matter."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from scripts.stack import look
from scripts.stack.ports import free_port
from scripts.stack.trouble import Trouble

OPERATIONS = (Path(__file__).parents[2] / "docs/operations.md").read_text()


async def seen(command, environ, *told):
    """Start a process of the inn, look at it as an operator does, end it."""
    ports = {"PORT": str(free_port()), "WATCH_PORT": str(free_port())}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", command),
        env=environ | ports,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async for line in process.stdout:
            if b'"serving"' in line or b'"working"' in line:
                break
        looking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scripts.stack.look", *told),
            env=environ | ports,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await looking.communicate()
        assert looking.returncode == 0
        return said.decode()
    finally:
        process.terminate()
        await process.communicate()


@pytest.fixture
def environ(settings):
    return os.environ | {
        "APP_ENV": "test",
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "WECHAT_BASE_URL": settings.wechat_base_url,
    }


async def test_a_process_with_doors_is_ready_and_shows_its_figures(environ):
    first, *lines = (await seen("serve", environ)).splitlines()
    assert first == "就绪 /readyz：200 mongodb 正常，redis 正常，changes 正常"
    assert '依赖可用（1 为可用） inn_leans_on{server="mongodb"}：1' in lines
    assert "重试用尽的事件 inn_events_stuck：0" in lines
    named = {re.search(r"[a-z_]{4,}", line).group() for line in lines}
    assert named >= look.TOLD.keys() - {"inn_wechat_refusals_total"}


async def test_a_process_without_doors_shows_its_figures_all_the_same(environ):
    first, *lines = (await seen("work", environ)).splitlines()
    assert "没有门" in first
    assert "逾期的定时工作 schedule_overdue：0" in lines


async def test_all_figures_are_given_as_prometheus_reads_them(environ):
    text = await seen("work", environ, "--all")
    assert "# TYPE inn_tasks_failed_total counter" in text


def test_a_figure_with_a_label_is_told_by_it():
    text = (
        "# TYPE inn_wechat_refusals_total counter\n"
        'inn_wechat_refusals_total{errcode="40001"} 2.0\n'
        "# TYPE inn_sockets_open gauge\ninn_sockets_open 7.0\n"
    )
    assert list(look.figures(text)) == [
        '微信拒绝的次数 inn_wechat_refusals_total{errcode="40001"}：2'
    ]


def test_a_count_of_nothing_is_left_out_and_a_figure_of_nothing_is_not():
    text = (
        "# TYPE inn_wechat_refusals_total counter\n"
        'inn_wechat_refusals_total{errcode="40001"} 0.0\n'
        "# TYPE inn_events_stuck gauge\ninn_events_stuck 0.0\n"
    )
    assert list(look.figures(text)) == ["重试用尽的事件 inn_events_stuck：0"]


def test_nothing_there_is_said_in_one_line():
    port = str(free_port())
    with pytest.raises(Trouble, match=f"127.0.0.1:{port}"):
        look.main({"WATCH_PORT": port}, everything=False)


def test_the_page_of_first_looks_names_it():
    assert "python -m scripts.stack.look" in OPERATIONS
