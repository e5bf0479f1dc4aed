"""Lets two weeks pass in the demo inn: ``python -m scripts.demo.life``.

Done again it goes on from the last day that somebody came, up to today.
"""

import asyncio
import os
import sys
from datetime import date, timedelta

from app.settings import SettingsError, read_settings
from app.wiring import LIVE_AT_WORK, open_house
from models.base.clock import Clock, SetClock, end_of, start_of
from models.base.context import Context
from models.stations.ledger import CheckIn
from scripts.demo.life import people
from scripts.demo.life.ahead import Ahead
from scripts.demo.life.days import Days
from scripts.demo.life.diary import Diary

DAYS = 14
"""Today among them: enough for the board to show, and done in some seconds."""

ONE_DAY = timedelta(days=1)


async def load(ctx: Context, clock: SetClock) -> int:
    """Let the days pass that have not yet; return how many.

    clock: what ``ctx`` tells the time by; it is put back to now.
    """
    now, today = ctx.clock.now(), ctx.clock.today()
    first = max(today - (DAYS - 1) * ONE_DAY, await _day_after_the_last(ctx))
    left = [first + n * ONE_DAY for n in range((today - first).days + 1)]
    if not left:
        return 0
    town = await people.take_in(ctx)
    clock.put(start_of(first))
    diary = Diary(ctx, clock, until=now)
    days = Days(ctx, town, diary)
    for day in left:
        days.write(day)
        await diary.live(min(end_of(day), now))
        await diary.rest()
    clock.put(now)
    await Ahead(ctx, town, diary).write(now)
    await diary.live(now)
    await diary.rest()
    return len(left)


async def _day_after_the_last(ctx: Context) -> date:
    last = await CheckIn.many(ctx, {}, sort=[("_id", -1)], limit=1)
    return last[0].day + ONE_DAY if last else date.min


async def main() -> int:
    """Let it pass in the database of the environment."""
    clock = SetClock(Clock().now())
    try:
        settings = read_settings(os.environ)
        house = await open_house(settings, clock=clock, live=LIVE_AT_WORK)
    except SettingsError as problem:
        print(f"settings: {problem}", file=sys.stderr)
        return 1
    days = await load(house.ctx, clock)
    await house.close()
    print(f"示例客栈过了{days}天：有人来过、约过、求助过，今天和明天的预约也在。")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
