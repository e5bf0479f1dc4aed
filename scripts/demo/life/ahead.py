"""What waits in the demo inn as of now: bookings, seats, requests and words."""

from datetime import datetime, timedelta
from random import Random

from models.base.clock import day_of
from models.base.context import Context
from models.members import asking
from models.stations import appeals, bookings, check_ins, codes, comments
from models.stations.stations import Station
from models.stations.strikes import Strike
from models.trainings import sign_ups
from models.trainings.sessions import Session, Stage
from models.workers import identities
from models.workers.sessions import SignedIn
from scripts.demo.life.diary import Diary
from scripts.demo.life.people import Town

SOON = timedelta(minutes=30)
DAYS = (0, 0, 1)
"""From now: today is booked twice as much as tomorrow."""

BOOKINGS = 8
"""On each of them."""

SEATS_WANTED = 14
"""People who sign up for each session."""

TO_VERIFY = 6
"""Requests that wait for the union."""

MOST_SESSIONS = 50

WORDS = (
    (5, "充电口多，等的时候还能喝口热水，师傅态度也好。"),
    (4, "中午人多，热饭要等一会儿，地方干净。"),
    (5, "下雨天能进来歇歇脚，很暖心。"),
    (3, "晚上灯有点暗，希望多几个充电口。"),
    (5, "微波炉和冰箱都能用，带饭方便。"),
)
"""What is said of a station: stars and words."""

APPEAL = "当天路上爆胎，到站时已过了时间，有维修单，请核实。"


class Ahead:
    """Writes into the diary what waits for whoever opens the inn."""

    def __init__(self, ctx: Context, town: Town, diary: Diary) -> None:
        self._ctx = ctx
        self._town = town
        self._diary = diary

    async def write(self, now: datetime) -> None:
        """Write it down; all of it happens at one moment."""
        draw = Random(day_of(now).toordinal())
        for days in DAYS:
            for _ in range(BOOKINGS):
                self._booking(draw, now, day=days)
        await self._sign_ups(draw, now)
        for who in draw.sample(self._town.workers, TO_VERIFY):
            self._diary.add(now, self._ask_to_be_verified, who)
        for stars, words in WORDS:
            self._diary.add(now, self._comment, *self._town.draw(draw), stars, words)
        for strike in await Strike.many(self._ctx, {}, limit=2):
            by = SignedIn(id=strike.worker_id, session_id="session_demo")
            self._diary.add(now, appeals.appeal, self._ctx, strike.id, APPEAL, by=by)

    def _booking(self, draw: Random, now: datetime, *, day: int) -> None:
        station, by = self._town.draw(draw)
        slots = [
            slot
            for service in station.services
            for slot in station.timetable(service, day_of(now) + timedelta(days=day))
            if slot.start > now + SOON
        ]
        if slots:
            slot_id = draw.choice(slots).id
            self._diary.add(now, bookings.book, self._ctx, slot_id, by=by)

    async def _sign_ups(self, draw: Random, now: datetime) -> None:
        is_open = {
            "stage": Stage.OPEN,
            "sign_up_opens": {"$lte": now},
            "sign_up_closes": {"$gt": now},
        }
        found = await Session.many(self._ctx, is_open, limit=MOST_SESSIONS)
        for session in found:
            for who in draw.sample(self._town.workers, SEATS_WANTED):
                self._diary.add(
                    now,
                    sign_ups.sign_up,
                    self._ctx,
                    session.id,
                    by=who,
                    received_at=now,
                    or_wait=True,
                )

    async def _ask_to_be_verified(self, by: SignedIn) -> None:
        for identity in (await identities.of(self._ctx, by.id))[:1]:
            await asking.ask(self._ctx, identity.client_class, by=by)

    async def _comment(
        self, station: Station, by: SignedIn, stars: int, words: str
    ) -> None:
        shown = codes.show_station(self._ctx, station.id, None)
        await check_ins.scan_station(self._ctx, shown.code, by=by)
        await comments.write(self._ctx, station.id, rating=stars, text=words, by=by)
