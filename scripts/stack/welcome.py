"""What scripts/server says once the inn is open: where to look, what to paste."""

import random
from datetime import UTC, datetime, timedelta

from scripts.stack.asking import ask
from scripts.stack.bootstrap import DATA
from scripts.stack.settings import DEMO, kept_secrets

SHANGHAI = timedelta(hours=8)
"""The inn's day begins when Shanghai's does."""

PASTE = """\
Paste these, one after the other (sign in, find a policy, book a charging port):

TOKEN=$(curl -s {site}/worker/v1/auth/sign-in -H 'Content-Type: application/json' \
-d '{{"code":"{code}"}}' | \
python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])'); echo $TOKEN

curl -sG {site}/worker/v1/policies --data-urlencode q=社保 -d limit=3 | \
python3 -m json.tool --no-ensure-ascii

curl -s {site}/worker/v1/bookings -H "Authorization: Bearer $TOKEN" \
-H 'Content-Type: application/json' -H "Idempotency-Key: hello-$(date +%s)" \
-d '{{"slot_id":"{slot}"}}' | python3 -m json.tool --no-ensure-ascii

As the zone's administrator of the demo (others: scripts/demo/people.yaml):

curl -s {site}/union/v1/auth/wechat -H 'Content-Type: application/json' \
-d '{{"code":"{official}"}}'
"""


def welcome(site: str, *, seconds: float, simulated: bool) -> str:
    """Say where to look, and three lines that work when pasted."""
    code, official = (
        f"w-{who}-'$(date +%s%N)'" if simulated else "a code of wx.login"
        for who in ("1", "official2")
    )
    slot = _bookable_slot(site) or "an id from /worker/v1/stations/{id}/slots"
    return "\n".join(
        (
            f"✓ 云端客栈 is open after {seconds:.1f} s",
            f"  console (工作台)  {site}/console/",
            *_way_in(simulated=simulated),
            f"  API, to browse    {site}/docs",
            f"  alive and ready   {site}/healthz  {site}/readyz",
            "  logs and data     .data/log  .data",
            "",
            PASTE.format(site=site, code=code, slot=slot, official=official),
            "Ctrl-C closes it.",
        )
    )


def _way_in(*, simulated: bool) -> list[str]:
    """Say how a made-up person signs in at the console."""
    if not simulated:
        return []
    password = kept_secrets(DEMO, DATA)["DEMO_PASSWORD"]
    names = "zone_admin_gao, zone_editor_han, zone_reviewer_cao, inn_clerk_lu"
    return [
        f"    as              {names} …",
        f"    password        {password}    code: scripts/demo_code",
    ]


def _bookable_slot(site: str) -> str | None:
    """Choose one of tomorrow's free slots, so that the line works for hours."""
    tomorrow = (datetime.now(UTC) + SHANGHAI + timedelta(days=1)).date()
    service = "phone_charging"
    stations = ask(f"{site}/worker/v1/stations", service=service, limit="5")
    for station in (stations or {}).get("items", ()):
        where = f"{site}/worker/v1/stations/{station['id']}/slots"
        slots = ask(where, service=service, day=tomorrow.isoformat())
        free = [
            each["id"] for each in (slots or {}).get("items", ()) if each["bookable"]
        ]
        if free:
            return random.choice(free)
    return None
