"""Policies and articles for tests, published without a door."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from models.policies import editions, guides
from models.policies.benefits import Benefit
from models.policies.drafts import Draft, Identity
from models.policies.published import Published
from models.policies.vocabulary import Category, Level, Topic

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Where the clock of the tests stands."""

DAY = timedelta(days=1)

HERE = "410172"
"""高新区, as the demo's policies have it."""

AGE = {
    "id": "age",
    "fact": "birth_date",
    "op": "age_between",
    "min": 16,
    "max": 60,
    "at": "application_date",
    "says": "年满16周岁、未满61周岁",
    "cites": "第三条",
}
REGION = {
    "id": "here",
    "fact": "work_region",
    "op": "region_within",
    "value": HERE,
    "says": "在高新区工作",
    "cites": "第二条",
}
MIGRANT = {
    "id": "migrant",
    "fact": "client_classes",
    "op": "in",
    "value": ["migrant_worker"],
    "says": "是农民工",
    "cites": "第一条",
}
RULE = {"all": [MIGRANT, AGE, REGION]}


def identity(title="社保补贴", **other):
    told = {
        "title": title,
        "topic": Topic.SOCIAL_INSURANCE,
        "level": Level.DISTRICT,
        "region": HERE,
        "issuer": "示例·高新区",
        "tags": ("社保补贴",),
    }
    return Identity(**(told | other))


def draft(publish_at=NOW - DAY, **other):
    told = {
        "number": "示例〔2026〕1号",
        "summary": "每月补贴500元。",
        "body": "## 谁能办\n\n1. 在高新区干活。",
        "effective_from": date(2026, 1, 1),
        "publish_at": publish_at,
    }
    return Draft(**(told | other))


async def publish(ctx, slug="one", title="社保补贴", *, of=None, **other):
    """Publish an edition; ``of`` changes who the policy is."""
    who = identity(title, **(of or {}))
    return await editions.publish(ctx, f"policy_{slug}", who, draft(**other))


def benefit(yuan, group=None, per="month"):
    return Benefit(
        kind="subsidy", amount_fen=yuan * 100, per=per, exclusive_group=group
    )


async def write_guide(ctx, slug="one", title="面试怎么准备", **other):
    told = {
        "category": Category.INTERVIEW,
        "audience": (),
        "region": "100000",
        "summary": "三步。",
        "tags": ("面试",),
        "body": "带上身份证。",
        "published_on": date(2026, 11, 1),
        "valid_to": None,
    }
    await guides.publish(ctx, f"guide_{slug}", title=title, **(told | other))


async def heard(ctx, *, editions=0, guides=0):
    """Wait until this process knows so many texts."""
    published = ctx.the(Published)
    while not (  # noqa: ASYNC110 - nothing tells a test
        len(published._notes) >= editions and len(published._guides) >= guides
    ):
        await asyncio.sleep(0)
    await published.settle()


async def until(condition):
    """Wait until something is so."""
    while not await condition():  # noqa: ASYNC110 - nothing tells a test
        await asyncio.sleep(0)
