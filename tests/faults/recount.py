"""Recounting: what must hold in the raw collections, whatever happened before.

::

    slots      every port is free, paused or held once, by who has that booking
    seats      every seat is left or held once, by who has that enrolment
    agendas    a person's hours are their bookings' and enrolments', none overlapping;
               an offered seat takes them when it is accepted
    events     each deed told of once, each event delivered, each told once
    audit      the chain is whole and nothing is loose
    cards      WeChat got no card twice; accepts given = spent + left

Reads the shelves as MongoDB keeps them and none of the models' verbs, so that a fault
in a verb does not hide itself. What is still being swept shows too: ``settled`` waits.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

from models.base import audit
from models.base.context import Context
from models.workers import workers
from scripts.wechat_simulator.messages import Sent

Row = Mapping[str, Any]
Faults = AsyncIterator[str]

ACTIVE_BOOKING = {"booked", "in_use"}
ACTIVE_ENROLMENT = {"enrolled", "offered"}
SEATED = {*ACTIVE_ENROLMENT, "ended", "completed", "partial", "no_show"}
WENT_OUT = {"sending", "sent", "delivered"}
"""A card in one of these may be on somebody's phone."""

HOLDS = "holders"


async def recount(ctx: Context, *, sent: Sequence[Sent] = ()) -> list[str]:
    """Return every breach of what must hold, each in one line; none is right.

    sent: what the simulator says that it was sent.
    """
    counts: tuple[Callable[[Context], Faults], ...] = (
        _slots,
        _bookings,
        _sessions,
        _enrolments,
        _agendas,
        _events,
        _told,
        _audit,
    )
    found = [fault for count in counts async for fault in count(ctx)]
    return [*found, *[fault async for fault in _cards(ctx, sent)]]


async def rows(ctx: Context, shelf: str, **where: Any) -> list[Row]:
    """Return a whole shelf as it is kept."""
    return [row async for row in ctx.db[shelf].find(where).sort("_id", 1)]


async def _slots(ctx: Context) -> Faults:
    """Every port of a slot is in one place; nobody holds two."""
    for slot in await rows(ctx, "slots"):
        name, held = slot["_id"], [each["port"] for each in slot[HOLDS]]
        ports = Counter([*slot["free"], *held])
        out = set(slot.get("paused", ())) - set(held)
        if set(ports) | out != set(range(1, slot["ports"] + 1)) or set(ports) & out:
            yield f"{name}: ports {sorted(ports)} of {slot['ports']}"
        for port in _repeated(ports.elements()):
            yield f"{name}: port {port} is twice there"
        for who in _repeated(each["worker_id"] for each in slot[HOLDS]):
            yield f"{name}: {who} holds two ports"


async def _bookings(ctx: Context) -> Faults:
    """Held ports and active bookings are the same; one a worker and slot."""
    held = {
        (slot["_id"], each["booking_id"]): (each["worker_id"], each["port"])
        for slot in await rows(ctx, "slots")
        for each in slot[HOLDS]
    }
    active = {
        (slot_id, row["_id"]): (row["worker_id"], row["port"])
        for row in await rows(ctx, "bookings")
        if row["state"] in ACTIVE_BOOKING or row.get("port_due")
        for slot_id in row["slot_ids"]
    }
    for slot, booking in held.keys() - active.keys():
        yield f"{slot}: held for {booking}, which is not active"
    for slot, booking in active.keys() - held.keys():
        yield f"{booking}: active, but holds no port of {slot}"
    for each in held.keys() & active.keys():
        if held[each] != active[each]:
            yield f"{each}: {held[each]} holds, {active[each]} booked"
    for slot, who in _repeated((slot, who) for (slot, _), (who, _) in active.items()):
        yield f"{slot}: {who} booked it twice"


async def _sessions(ctx: Context) -> Faults:
    """Seats left and held add up, in all and in each group."""
    for run in await rows(ctx, "training_sessions"):
        name, held = run["_id"], run[HOLDS]
        if run["left"] != run["seats"] - len(held):
            yield f"{name}: {run['left']} left, {len(held)} of {run['seats']} held"
        for group in run["groups"]:
            mine = sum(each["group"] == group["name"] for each in held)
            if group["left"] != group["seats"] - mine:
                yield f"{name}: group {group['name']} does not add up"
        for who in _repeated(each["worker_id"] for each in held):
            yield f"{name}: {who} holds two seats"


async def _enrolments(ctx: Context) -> Faults:
    """Held seats and enrolments with a seat are the same; one a programme."""
    held = {
        (each["enrolment_id"], run["_id"], each["worker_id"])
        for run in await rows(ctx, "training_sessions", stage={"$ne": "cancelled"})
        for each in run[HOLDS]
    }
    known = await rows(ctx, "enrolments")
    seated = {
        (row["_id"], row["session_id"], row["worker_id"])
        for row in known
        if row["state"] in SEATED
    }
    for each in held - seated:
        yield f"{each}: a seat is held, the enrolment has none"
    for each in seated - held:
        yield f"{each}: enrolled, but holds no seat"
    places = (
        (row["worker_id"], row["programme_id"])
        for row in known
        if row["state"] in {*ACTIVE_ENROLMENT, "waitlisted"}
    )
    for each in _repeated(places):
        yield f"{each}: two sign-ups for one programme"


async def _agendas(ctx: Context) -> Faults:
    """Nobody is in two places; the hours are those of what is active."""
    now = ctx.clock.now()
    ahead = {"start": {"$gt": now}}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for row in await rows(ctx, "bookings", **ahead):
        if row["state"] in ACTIVE_BOOKING:
            wanted[row["worker_id"]].add(row["_id"])
    for row in await rows(ctx, "enrolments", until={"$gt": now}, state="enrolled"):
        wanted[row["worker_id"]].add(row["_id"])
    for agenda in await rows(ctx, "agendas"):
        who, taken = agenda["_id"], agenda.get("taken", ())
        for one, other in _overlapping(taken):
            yield f"{who}: {one['ref']} and {other['ref']} at one time"
        there = {each["ref"] for each in taken if each["start"] > now}
        for ref in there ^ wanted.pop(who, set()):
            yield f"{who}: {ref} is not both in the agenda and active"
    for who, refs in wanted.items():
        for ref in refs:
            yield f"{who}: {ref} is active and in no agenda"


async def _events(ctx: Context) -> Faults:
    """Each deed is told of once, and every event has been delivered."""
    happened = await rows(ctx, "events")
    for event in happened:
        if event["state"] != "done":
            yield f"{event['_id']}: {event['kind']} not delivered"
    told = Counter(
        (event["kind"], event["data"].get("booking_id") or _enrolment(event))
        for event in happened
    )
    for each in _repeated(told.elements()):
        if each[0] in {"BookingMade", "BookingCancelled", "EnrolmentMade"}:
            yield f"{each}: recorded twice"
    for row in await rows(ctx, "bookings", way="booking"):
        if not told["BookingMade", row["_id"]]:
            yield f"{row['_id']}: booked, but nothing tells of it"
        gone = row["state"] == "cancelled_by_worker"
        if gone and not told["BookingCancelled", row["_id"]]:
            yield f"{row['_id']}: given up, but nothing tells of it"
    for row in await rows(ctx, "enrolments", state="enrolled"):
        made = told["EnrolmentMade", row["_id"]] or told["SeatOffered", row["_id"]]
        if not made:
            yield f"{row['_id']}: enrolled, but nothing tells of it"


async def _told(ctx: Context) -> Faults:
    """One effect an event: who booked or signed up is told so once."""
    kinds = {
        "BookingMade": "booking_made",
        "BookingCancelled": "booking_cancelled",
        "EnrolmentMade": "enrolment_made",
        "EnrolmentCancelled": "enrolment_cancelled",
        "WaitlistJoined": "waitlist_joined",
        "SeatOffered": "seat_offered",
    }
    told = Counter(
        (message["worker_id"], message["key"])
        for message in await rows(ctx, "messages")
    )
    for each in _repeated(told.elements()):
        yield f"{each}: told twice"
    for event in await rows(ctx, "events", state="done"):
        kind = kinds.get(event["kind"])
        key = (event["data"].get("worker_id"), f"{event['_id']}:{kind}:")
        if kind and not event["data"].get("by_station") and not told[key]:
            yield f"{event['_id']}: {event['kind']} done, but nobody was told"


async def _audit(ctx: Context) -> Faults:
    """The chain is whole; nothing old hangs loose."""
    broken = await audit.first_broken(ctx)
    if broken is not None:
        yield f"audit: link {broken} is broken"
    loose = await ctx.db["audit"].count_documents({"loose": True})
    if loose:
        yield f"audit: {loose} entries hang loose"


async def _cards(ctx: Context, sent: Sequence[Sent]) -> Faults:
    """No card more often than messages say; no accept spent twice.

    Rules: a card given up while WeChat was asked has cost its accept, as WeChat may
    have sent it.
    """
    out = [
        message
        for message in await rows(ctx, "messages")
        if message.get("card") in WENT_OUT
    ]
    ours = Counter([(await _openid(ctx, row), _values(row["fields"])) for row in out])
    theirs = Counter((each.openid, _values(each.values)) for each in sent)
    for card in theirs - ours:
        yield f"card {card}: {theirs[card]} sent, {ours[card]} messages"
    msgids = Counter(message["msgid"] for message in out if message.get("msgid"))
    for each in _repeated(msgids.elements()):
        yield f"card {each}: two messages"
    spent = Counter((message["worker_id"], message["kind"]) for message in out)
    for row in await rows(ctx, "subscription_credits"):
        who, _, kind = row["_id"].partition(":")
        if row["left"] > len(row["taps"]) - spent[who, kind]:
            yield f"{row['_id']}: {row['left']} accepts left, {spent[who, kind]} spent"


async def _openid(ctx: Context, message: Row) -> str:
    return await workers.openid_of(ctx, message["worker_id"]) or ""


def _values(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(fields.items()))


def _enrolment(event: Row) -> str | None:
    found: str | None = event["data"].get("enrolment_id")
    return found


def _repeated(things: Iterable[Any]) -> list[Any]:
    return [thing for thing, times in Counter(things).items() if times > 1]


def _overlapping(taken: Sequence[Row]) -> list[tuple[Row, Row]]:
    return [
        (one, other)
        for place, one in enumerate(taken)
        for other in taken[place + 1 :]
        if one["start"] < other["end"]
        and other["start"] < one["end"]
        and (one["kind"] == other["kind"] or (one["binding"] and other["binding"]))
    ]
