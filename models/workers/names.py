"""Names (姓名): the real one, sealed, kept under the consent `identity`.

Source: features X-08; screens.md (names are masked by the server).
"""

from models.base.context import Context
from models.base.errors import Invalid
from models.base.store import atomic
from models.workers import consents
from models.workers.consent_texts import Purpose
from models.workers.sessions import SignedIn
from models.workers.workers import AccountGone, State, Worker

SHORTEST, LONGEST = 2, 40

MARKS = frozenset("·•.' -")
"""What may stand between letters, as in 买买提·吐尔逊."""


class BadName(Invalid):
    """This is no name, or a masked one sent back."""

    code = "bad_name"
    message = "请填写真实姓名，2 到 40 个字，不含数字和星号。"


async def rename(ctx: Context, name: str, *, by: SignedIn) -> Worker:
    """Keep a worker's real name (填写姓名).

    Refuses: BadName, ConsentRequired, AccountGone.
    """
    name = " ".join(name.split())
    if not _is_name(name):
        raise BadName
    await consents.require(ctx, by.id, Purpose.IDENTITY)
    return await _keep(ctx, by.id, name)


async def forget(ctx: Context, worker_id: str) -> None:
    """Delete the name."""
    await Worker.change(ctx, {"_id": worker_id}, {"$set": {"name": None}})


def _is_name(name: str) -> bool:
    return (
        SHORTEST <= len(name) <= LONGEST
        and name[0].isalpha()
        and all(letter.isalpha() or letter in MARKS for letter in name)
    )


@atomic()
async def _keep(ctx: Context, worker_id: str, name: str) -> Worker:
    await consents.hold(ctx, worker_id, Purpose.IDENTITY)
    worker = await Worker.change(
        ctx,
        where={"_id": worker_id, "state": State.ACTIVE},
        update={"$set": {"name": ctx.secrets.seal(name)}},
    )
    if worker is None:
        raise AccountGone
    return worker
