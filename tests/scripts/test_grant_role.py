"""The first administrator, made on the command line as an operator would."""

import os
import subprocess
import sys

from models.unions.grants import Grant
from models.unions.units import Unit


def run_it(settings, *arguments):
    """Run the command with the settings of the house under test."""
    environ = os.environ | {
        "APP_ENV": "test",
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "WECHAT_BASE_URL": settings.wechat_base_url,
    }
    return subprocess.run(
        [sys.executable, "-m", "scripts.grant_role", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_it_plants_the_root_and_makes_one_administrator(ctx, settings):
    made = run_it(settings, "wang.wu", "王五", "--city", "示例·市总工会")
    assert made.returncode == 0, made.stderr
    (root,) = await Unit.many(ctx, {})
    (grant,) = await Grant.many(ctx, {})
    assert root.name == "示例·市总工会"
    assert grant.unit_id == root.id
    assert grant.staff_id in made.stdout


async def test_a_second_one_is_refused_with_a_sentence(ctx, settings):
    run_it(settings, "wang.wu", "王五")
    again = run_it(settings, "li.si", "李四")
    assert again.returncode == 1
    assert "has_administrator" in again.stderr
    assert await Grant.shelf(ctx).count_documents({}) == 1


def test_an_unknown_unit_is_said_in_one_line(settings):
    broken = run_it(settings, "wang.wu", "王五", "--unit", "unit_nowhere")
    assert (broken.returncode, broken.stderr[:1]) == (1, "✗")
