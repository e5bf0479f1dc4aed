"""Questions that no index answers in order, and why each may be asked all the same.

By who asks, and the worst that its plan may do. Whoever adds a line says what keeps the
rows few, however long the house stands and however many come.
"""

from models.base.context import Context
from tests.queries import Asked, Ear, Fault, judge

SORTS, FILTERS_ALL, READS_ALL = Fault.SORTS, Fault.FILTERS_ALL, Fault.READS_ALL

ALLOWED: dict[str, tuple[Fault, str]] = {
    "app/schedule.py count_overdue": (READS_ALL, "a row a line of the clockwork"),
    "models/base/files.py erase": (SORTS, "what one person uploaded"),
    "models/policies/chain.py keep_replaced": (SORTS, "the texts of one article"),
    "models/policies/chain.py _neighbour": (SORTS, "the texts of one article"),
    "models/policies/history.py all_in_force": (
        READS_ALL,
        "who asks what held on a past day asks of every text there was",
    ),
    "models/policies/synonyms.py _refuse_twin": (FILTERS_ALL, "one table, by hand"),
    "models/policies/editions.py public_now": (SORTS, "by a process that went deaf"),
    "models/policies/guides.py public_now": (SORTS, "by a process that went deaf"),
    "models/policies/synonyms.py every": (READS_ALL, "one table, kept by hand"),
    "models/privacy/bundles.py _pages": (SORTS, "one person's, for an export"),
    "models/privacy/exports.py of": (SORTS, "one person's, of some days"),
    "models/privacy/obligations.py _alerts": (SORTS, "one person's"),
    "models/privacy/obligations.py _bookings": (SORTS, "one person's, once in a life"),
    "models/privacy/shelves.py rows_of": (SORTS, "one person's, for an export"),
    "models/stations/duty.py _attended": (SORTS, "who is on duty at one station"),
    "models/stations/kit_recount.py recount": (SORTS, "one station's first-aid kit"),
    "models/stations/sweeps.py _write_held": (SORTS, "ports that are held just now"),
    "models/unions/administrators.py lasting": (SORTS, "those in charge of a unit"),
    "models/unions/administrators.py over": (SORTS, "those in charge along a branch"),
    "models/unions/beginning.py begin": (SORTS, "the root, once in a union's life"),
    "models/unions/grants.py held_by": (SORTS, "what one person was given"),
    "models/unions/grants.py holders": (SORTS, "what was given along a branch"),
    "models/unions/grants.py own_of": (SORTS, "what one person was given"),
    "models/unions/leaving.py _leave": (SORTS, "what one person was given and lent"),
    "models/unions/staff.py serving": (SORTS, "staff of one station, or one role"),
    "models/workers/consent_texts.py all_current": (
        FILTERS_ALL,
        "a row a version of a text that lawyers write",
    ),
}

SUBTREE = "org_path"

_judged: dict[str, Fault] = {}
"""What was found of each shape in this process; indexes do not change meanwhile."""


async def complaints(ctx: Context, ear: Ear) -> list[str]:
    """Judge each shape of question once; return those that nothing allows."""
    found = []
    for asked in ear.asked:
        shape = asked.shape()
        if _judged.get(shape, Fault.UNKNOWN) is Fault.UNKNOWN:
            _judged[shape] = await judge(ctx.db, asked)
            if not is_allowed(asked, _judged[shape]):
                found.append(f"{asked.place} {_judged[shape].name}: {shape}")
    return found


def is_allowed(asked: Asked, fault: Fault) -> bool:
    """Say whether a question may be answered with such a fault."""
    if fault in {Fault.NONE, Fault.UNKNOWN}:
        return True
    most, _ = ALLOWED.get(asked.place, (Fault.NONE, ""))
    return fault <= most or (fault is Fault.SORTS and is_of_a_subtree(asked))


def is_of_a_subtree(asked: Asked) -> bool:
    """Say whether the newest of a subtree are asked for.

    A subtree is a range of paths, and no index holds a range by time. The planner has
    two ways, and tries them against each other on the rows there are: the newest of
    all, leaving out who is elsewhere, or all of the subtree, sorted. A large subtree is
    found by the first, a small one by the second.
    """
    ordered = set(asked.command.get("sort", ())) == {"_id"}
    return ordered and f"'{SUBTREE}': {{'$gte'" in asked.shape()
