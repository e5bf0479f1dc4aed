"""Makes a unit's first administrator: ``scripts/grant_role LOGIN NAME``.

On a fresh database it plants the root of the union's tree too. It talks to the
inn of the environment, or to this checkout's own while ``scripts/server`` runs.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence

from app.settings import SettingsError, read_settings
from app.wiring import LIVE_AT_WORK, open_house
from models.base.context import Context
from models.base.errors import Refusal
from models.unions import beginning
from models.unions.accounts import Opened
from scripts.stack import settings
from scripts.stack.bootstrap import DATA
from scripts.stack.ports import LOOPBACK

CITY = "市总工会"


def main(arguments: Sequence[str]) -> int:
    """Make the administrator; say how to go on."""
    told = _told(arguments)
    try:
        opened = asyncio.run(_make(told, _environment()))
    except SettingsError as problem:
        print(f"settings: {problem}", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(f"✗ {refusal.code}: {refusal.message}", file=sys.stderr)
        return 1
    print(
        f"✓ {told.login} 是 {opened.staff.unit_id} 的管理员（{opened.staff.id}）。\n"
        f"  初始密码（只显示这一次）：{opened.password}\n"
        "  下一步：POST /union/v1/auth/activate 设置自己的密码并绑定身份验证器，"
        "再用 /union/v1/auth/sign-in 登录。"
    )
    return 0


def _told(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/grant_role", description=__doc__)
    parser.add_argument("login", help="name to sign in with, such as wang.wu")
    parser.add_argument("name", help="the person's name")
    parser.add_argument("--unit", help="id of the unit; default: the root of the tree")
    parser.add_argument("--city", default=CITY, help="the root's name, if new")
    return parser.parse_args(arguments)


def _environment() -> Mapping[str, str]:
    """Take the environment's settings; in a checkout, its own running inn's."""
    ports = DATA / "ports.json"
    if settings.given("MONGODB_URI") or not ports.exists():
        return os.environ
    mongod, redis, wechat = (
        settings.port_of(name, DATA) for name in ("mongod", "redis", "wechat")
    )
    chosen = {
        "APP_ENV": "dev",
        "MONGODB_URI": f"mongodb://{LOOPBACK}:{mongod}/?directConnection=true",
        "REDIS_URL": f"redis://{LOOPBACK}:{redis}/0",
        "WECHAT_BASE_URL": f"http://{LOOPBACK}:{wechat}",
        **settings.kept_secrets(settings.KEYS, DATA),
    }
    return os.environ | settings.ours(chosen)


async def _make(told: argparse.Namespace, environment: Mapping[str, str]) -> Opened:
    house = await open_house(read_settings(environment), live=LIVE_AT_WORK)
    try:
        return await _administrator(house.ctx, told)
    finally:
        await house.close()


async def _administrator(ctx: Context, told: argparse.Namespace) -> Opened:
    unit_id = told.unit or (await beginning.begin(ctx, city=told.city)).id
    return await beginning.first_administrator(
        ctx, unit_id=unit_id, name=told.name, login=told.login
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
