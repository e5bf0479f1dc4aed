"""Loads the demo inn: ``python -m scripts.demo``; loading twice changes nothing."""

import asyncio
import os
import sys

from app.settings import SettingsError, read_settings
from app.wiring import LIVE_AT_WORK, open_house
from models.base.context import Context
from scripts.demo import (
    load_consents,
    load_duty,
    load_logins,
    load_manuscripts,
    load_officials,
    load_policies,
    load_stations,
    load_trainings,
)


async def load(ctx: Context) -> None:
    """Load everything, what others stand on first."""
    await load_consents.load(ctx)
    await load_stations.load(ctx)
    await load_duty.load(ctx)
    await load_officials.load(ctx)
    await load_logins.load(ctx)
    await load_trainings.load(ctx)
    await load_policies.load(ctx)
    await load_manuscripts.load(ctx)


async def main() -> int:
    """Load the demo inn into the database of the environment."""
    try:
        house = await open_house(read_settings(os.environ), live=LIVE_AT_WORK)
    except SettingsError as problem:
        print(f"settings: {problem}", file=sys.stderr)
        return 1
    await load(house.ctx)
    await house.close()
    print("示例客栈已就绪：政策、指导、稿件、驿站、培训、人员均已载入。")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
