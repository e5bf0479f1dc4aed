"""Manuscripts for tests, and the people around them."""

from datetime import date
from typing import Any

from models.policies import manuscripts, reviewing, writing
from models.policies.contents import Content, Kind
from models.policies.vocabulary import Category, Level, Topic
from models.unions.permissions import Permission
from tests.models.policies.texts import HERE, RULE
from tests.models.unions import people

W, R, F = (
    Permission.POLICIES_WRITE,
    Permission.POLICIES_REVIEW,
    Permission.POLICIES_FORCE,
)

FITS: dict[str, Any] = {
    "name": "合适",
    "facts": {
        "client_classes": ["migrant_worker"],
        "birth_date": "1990-01-01",
        "work_region": HERE,
    },
    "at": {"application_date": "2026-11-23"},
    "expects": "eligible",
}
FITS_NOT = FITS | {
    "name": "不合适",
    "facts": {**FITS["facts"], "client_classes": ["employer"]},
    "expects": "not_eligible",
}
UNSURE = FITS | {"name": "不清楚", "facts": {}, "expects": "unknown"}
TESTED = {"rule": RULE, "test_persons": (FITS, FITS_NOT, UNSURE)}


def content(title="社保补贴", **other):
    told = {
        "title": title,
        "topic": Topic.SOCIAL_INSURANCE,
        "level": Level.DISTRICT,
        "region": HERE,
        "issuer": "示例·高新区",
        "number": "示例〔2026〕1号",
        "summary": "每月补贴500元。",
        "body": "## 谁能办\n\n在高新区干活。",
        "effective_from": date(2026, 1, 1),
    }
    return Content(**(told | other))


def article(title="面试怎么准备", **other):
    told = {
        "title": title,
        "category": Category.INTERVIEW,
        "region": HERE,
        "summary": "三步。",
        "body": "带上身份证。",
    }
    return Content(**(told | other))


async def editor(ctx, name="editor", **other):
    return await people.official(ctx, name, permissions=(W,), **other)


async def reviewer(ctx, name="reviewer", **other):
    return await people.official(ctx, name, permissions=(R,), **other)


async def chief(ctx, name="chief", **other):
    return await people.official(ctx, name, permissions=(W, R, F), **other)


async def begun(ctx, by, told=None, *, kind=Kind.POLICY, **other):
    told = told or (content() if kind is Kind.POLICY else article())
    return await writing.begin(ctx, kind, told, by=by, **other)


async def submitted(ctx, by, told=None, **other):
    draft = await begun(ctx, by, told, **other)
    return await writing.submit(ctx, draft.id, by=by)


async def published(ctx, by, reviewer, told=None, *, at=None, **other):
    handed_in = await submitted(ctx, by, told, **other)
    return await reviewing.approve(ctx, handed_in.id, by=reviewer, publish_at=at)


async def state(ctx, manuscript):
    """Return where a manuscript stands now."""
    found = await manuscripts.Manuscript.find(ctx, _id=manuscript.id)
    return str(found.state_at(ctx.clock.now()))
