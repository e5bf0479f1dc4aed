"""The home page on Beanie: seven queries side by side."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scripts.bench_peers.fastapi_beanie.shapes import (
    BriefPolicy,
    Guide,
    HomeItem,
    HomeSection,
    HomeView,
    Policy,
    Station,
    Training,
)

JOBS = ["job_search", "interview", "newcomer"]
RIGHTS = ["rights", "contract"]
RIGHTS_TOPICS = ["rights", "wages", "work_injury"]
MOST = 3

SECTIONS = (
    ("jobs", "找工作", "/worker/v1/guides?category=job_search"),
    ("training", "技能培训", "/worker/v1/trainings"),
    ("guidance", "就业指导", "/worker/v1/guides"),
    ("policy", "政策查询", "/worker/v1/policies"),
    ("rights", "权益维护", "/worker/v1/policies?topic=rights"),
    ("station", "驿站服务", "/worker/v1/stations"),
)


async def home_view(now: datetime) -> HomeView:
    """Ask for everything at once and put it in order."""
    jobs, trainings, guidance, policies, how, what, stations = await asyncio.gather(
        _guides({"$in": JOBS}, MOST),
        _trainings(now),
        _guides({"$nin": [*JOBS, *RIGHTS]}, MOST),
        _policies({"$nin": RIGHTS_TOPICS}, now),
        _guides({"$in": RIGHTS}, 1),
        _policies({"$in": RIGHTS_TOPICS}, now),
        _stations(),
    )
    shown = (jobs, trainings, guidance, policies, [*how, *what][:MOST], stations)
    return HomeView(
        sections=[
            HomeSection(id=id_, title=title, link=link, items=items)
            for (id_, title, link), items in zip(SECTIONS, shown, strict=True)
        ]
    )


async def _guides(category: Mapping[str, Any], most: int) -> list[HomeItem]:
    found = Guide.find({"category": category}).sort("-published_at", "_id").limit(most)
    return [
        HomeItem(
            kind="guidance",
            id=each.id,
            title=each.title,
            summary=each.summary,
            at=each.published_at,
        )
        for each in await found.to_list()
    ]


async def _trainings(now: datetime) -> list[HomeItem]:
    found = Training.find(
        {"sign_up_opens": {"$lte": now}, "sign_up_closes": {"$gt": now}}
    )
    return [
        HomeItem(
            kind="training",
            id=each.id,
            title=each.title,
            summary=each.summary,
            at=each.starts_at,
        )
        for each in await found.sort("-sign_up_opens").limit(MOST).to_list()
    ]


async def _policies(topic: Mapping[str, Any], now: datetime) -> list[HomeItem]:
    found = Policy.find(
        {"topic": topic, "published_at": {"$lte": now}, "visible_to": {"$gt": now}}
    )
    newest = found.sort("-published_at").limit(MOST).project(BriefPolicy)
    return [
        HomeItem(
            kind="policy",
            id=each.id,
            title=each.title,
            summary=each.summary,
            at=each.published_at,
        )
        for each in await newest.to_list()
    ]


async def _stations() -> list[HomeItem]:
    found = await Station.find().sort("_id").limit(MOST).to_list()
    return [
        HomeItem(
            kind="station", id=each.id, title=each.name, summary=each.address, at=None
        )
        for each in found
    ]
