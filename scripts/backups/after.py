"""What makes a restored database an inn again, and the proof that it is one.

The keys open what is sealed, the audit chain holds, who left since is let go again,
and the doors say that they are ready. Redis may be empty: nothing is kept there that
is not made anew.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.application import Front
from app.settings import Settings, read_settings
from app.wiring import House, open_house
from models.base import audit
from models.base.context import Context
from models.base.secrets import Unreadable
from models.privacy import restored
from models.workers.workers import Worker, by_openid
from scripts.backups.erased import read_marks
from scripts.stack.trouble import Trouble


def finish(environ: Mapping[str, str], log: Path | None) -> list[str]:
    """Make an inn of the restored database of the environment; says what was done.

    Refuses: Trouble, at the first thing that does not hold.
    """
    return asyncio.run(_finish(read_settings(environ), log))


async def _finish(settings: Settings, log: Path | None) -> list[str]:
    house = await open_house(settings)
    try:
        return await make_whole(house, log)
    finally:
        await house.close()


async def make_whole(house: House, log: Path | None) -> list[str]:
    """Check keys and chain, let go again who left, ask the doors."""
    ctx = house.ctx
    await _keys_fit(ctx)
    links = await _chain_holds(ctx)
    left = [] if log is None else read_marks(log)
    given = await restored.give_time_again(ctx)
    again = await restored.let_go_again(ctx, left)
    await _doors_open(house)
    return [
        "SEAL_KEYS and BLIND_KEY are those of the backup",
        f"the audit chain holds, {links} links",
        f"{again} who left since are let go again, {given} have their week anew",
        "the doors are ready",
    ]


async def _keys_fit(ctx: Context) -> None:
    """Open what is sealed of one worker and find them by it. Refuses: Trouble."""
    for worker in await Worker.many(ctx, {}, limit=1):
        try:
            openid = ctx.secrets.open(worker.openid)
        except Unreadable as problem:
            raise Trouble("SEAL_KEYS does not open what the backup holds.") from problem
        mine = {"_id": worker.id, "openid_blind": by_openid(ctx, openid)}
        if await Worker.shelf(ctx).count_documents(mine) == 0:
            raise Trouble("BLIND_KEY is not the one that the backup was made with.")


async def _chain_holds(ctx: Context) -> int:
    broken = await audit.first_broken(ctx)
    if broken is not None:
        raise Trouble(f"The audit chain is broken at link {broken}.")
    return (await audit.head(ctx))[0]


async def _doors_open(house: House) -> None:
    """Serve for a moment, on this machine only, and ask whether it is ready."""
    front = Front(house)
    http = SimpleAsyncHTTPClient(force_instance=True)
    try:
        port = front.open(port=0)
        url = f"http://{house.settings.host}:{port}/readyz"
        answer = await http.fetch(url, raise_error=False)
    finally:
        http.close()
        await front.close()
    if answer.code != HTTPStatus.OK:
        raise Trouble(f"The doors answer {answer.code}: {answer.body.decode()}")
