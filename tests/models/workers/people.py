"""People for tests: signed in, agreed, without going through HTTP."""

from contextlib import asynccontextmanager
from datetime import date

from app.wiring import open_house
from models.workers import consent_texts, consents, sign_in
from models.workers.consent_texts import Purpose
from models.workers.sessions import SignedIn
from models.workers.tokens import read


async def arrive(ctx, user="17", *, device=""):
    """Sign somebody in with a code of their own: openid ``o-<user>``."""
    code = f"w-{user}-{ctx.new_id('code')}"
    return await sign_in.sign_in(ctx, code, device=device)


async def signed_in(ctx, user="17"):
    """Sign somebody in; return who verbs are told is asking."""
    return actor_of(ctx, (await arrive(ctx, user)).tokens)


def actor_of(ctx, tokens):
    """Return whom tokens speak for."""
    claims = read(ctx.secrets, tokens.access_token, now=ctx.clock.now())
    return SignedIn(id=claims.sub, session_id=claims.sid)


async def publish(ctx, purpose, version=1):
    """Publish a text."""
    return await consent_texts.publish(
        ctx,
        purpose=purpose,
        version=version,
        title=f"示例·{purpose}",
        text="示例。",
        published_on=date(2026, 11, 2),
    )


async def agree(ctx, by, *purposes):
    """Publish texts and let somebody agree to them."""
    for purpose in purposes or tuple(Purpose):
        await publish(ctx, purpose)
        await consents.give(ctx, purpose, 1, by=by)


@asynccontextmanager
async def another_house(settings, clock):
    """Another process's tools on the same servers."""
    house = await open_house(settings, clock=clock)
    try:
        yield house
    finally:
        await house.close()
