"""Looking back (历史查询): which edition was in force on a past day.

Source: features S1-09; rules §1.1 (being public and being in force differ).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from models.base.clock import end_of
from models.base.context import Context
from models.base.errors import Invalid
from models.policies.editions import Edition, NoSuchPolicy

WITHOUT_TEXT = {"html": "", "text": ""}


class NotYet(Invalid):
    """Nobody may look into the future."""

    code = "as_of_future"
    message = "查询日期不能晚于今天，请重新选择。"


async def in_force(ctx: Context, policy_id: str, day: date) -> Edition:
    """Return the edition of a policy that was in force on a day (历史版本).

    Rules: see `_in_force`.
    Refuses: NotYet, NoSuchPolicy.
    """
    moment = _last_moment(ctx, day)
    known = await Edition.many(
        ctx,
        {"policy_id": policy_id, "visible_from": {"$lte": moment}},
        sort=[("visible_from", -1)],
        limit=0,
    )
    found = _in_force(known, moment, day)
    if found is None:
        raise NoSuchPolicy
    return found


async def all_in_force(ctx: Context, day: date) -> list[Edition]:
    """Return every edition with a rule that was in force on a day, without its text.

    Refuses: NotYet.
    """
    moment = _last_moment(ctx, day)
    rows = await (
        await Edition.shelf(ctx).aggregate(
            [
                {"$match": {"visible_from": {"$lte": moment}}},
                {"$set": WITHOUT_TEXT},
                {"$sort": {"visible_from": -1}},
            ]
        )
    ).to_list()
    by_policy: defaultdict[str, list[Edition]] = defaultdict(list)
    for row in rows:
        by_policy[row["policy_id"]].append(Edition.of(row))
    found = [_in_force(known, moment, day) for known in by_policy.values()]
    return [each for each in found if each is not None and each.rule is not None]


def _last_moment(ctx: Context, day: date) -> datetime:
    if day > ctx.clock.today():
        raise NotYet
    return min(end_of(day) - timedelta(milliseconds=1), ctx.clock.now())


def _in_force(known: Sequence[Edition], at: datetime, on: date) -> Edition | None:
    """Choose, of one policy's editions, newest first.

    Rules: the one public at the end of the day; if it was announced ahead, the one
    before it that still applied on the day, unless that was withdrawn.
    """
    shown = next((each for each in known if each.is_visible(at)), None)
    if shown is None or shown.effective_from <= on:
        return shown
    before = known[list(known).index(shown) + 1 :]
    was_public = (e for e in before if e.visible_from < e.visible_to)
    still = (e for e in was_public if e.withdrawn is None and e.applies(on))
    return next(still, shown)
