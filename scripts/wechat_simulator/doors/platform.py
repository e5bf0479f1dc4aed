"""Doors to the platform itself: what fails, what time it is, what it knows."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from scripts.wechat_simulator.doors.base import Body, Door
from scripts.wechat_simulator.faults import Fault
from scripts.wechat_simulator.quotas import Limit


class Faults(Door):
    """PUT /_simulator/faults: [{do, path, errcode, times, …}]; GET; DELETE."""

    def get(self) -> None:
        """List the faults on order."""
        self.tell(self.world.faults.ordered)

    def put(self) -> None:
        """Order these faults instead of all others."""
        self.world.faults.ordered = self.read(list[Fault])
        self.get()

    def delete(self) -> None:
        """Order none."""
        self.world.faults.ordered = []
        self.get()


class Calls(Door):
    """GET /_simulator/calls: how often each endpoint was called; DELETE."""

    def get(self) -> None:
        """Tell the counts."""
        self.tell(self.world.calls)

    def delete(self) -> None:
        """Count from zero."""
        self.world.calls.clear()
        self.get()


class ClockBody(Body, kw_only=True, frozen=True):
    """Where the clock goes; neither lets it run."""

    now: datetime | None = None
    forward_s: float | None = None


class Clock(Door):
    """PUT /_simulator/clock: {now} or {forward_s}; {} lets it run again; GET."""

    def get(self) -> None:
        """Tell the platform's time."""
        self.tell({"now": self.world.clock.now()})

    def put(self) -> None:
        """Put the clock."""
        asked = self.read(ClockBody)
        if asked.forward_s is not None:
            self.world.clock.forward(asked.forward_s)
        else:
            self.world.clock.put(asked.now)
        self.get()


class SettingsBody(Body, kw_only=True, frozen=True):
    """What to change; what is absent stays."""

    templates: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET
    """Keys of each template; {} knows every id."""
    pages: list[str] | msgspec.UnsetType = msgspec.UNSET
    """Pages of the released app; [] has every page."""
    risky: list[str] | msgspec.UnsetType = msgspec.UNSET
    doubtful: list[str] | msgspec.UnsetType = msgspec.UNSET
    sensitive: list[str] | msgspec.UnsetType = msgspec.UNSET
    unlimited_credits: bool | msgspec.UnsetType = msgspec.UNSET
    tells_unionid: bool | msgspec.UnsetType = msgspec.UNSET
    key_interval_s: float | msgspec.UnsetType = msgspec.UNSET
    media_delay_s: float | msgspec.UnsetType | None = msgspec.UNSET
    limits: dict[str, Limit] | msgspec.UnsetType = msgspec.UNSET
    """Calls a minute and a day by path: {"/wxa/msg_sec_check": [2, null]}."""


class Settings(Door):
    """PUT /_simulator/settings: templates, pages, words, limits, credits, delays."""

    def put(self) -> None:
        """Change some settings."""
        asked = self.read(SettingsBody)
        given = msgspec.structs.asdict(asked)
        for name, value in given.items():
            if value is not msgspec.UNSET:
                self._change(name, value)
        self.tell(asked)

    def _change(self, name: str, value: Any) -> None:
        world = self.world
        if name == "key_interval_s":
            world.users.key_interval = timedelta(seconds=value)
        elif name == "limits":
            world.quotas.limits |= value
        elif name == "pages":
            world.messages.pages = world.mini_codes.pages = value
        elif name == "unlimited_credits":
            world.messages.unlimited = value
        else:
            owner = {
                "templates": world.messages,
                "sensitive": world.messages,
                "risky": world.safety,
                "doubtful": world.safety,
                "tells_unionid": world.users,
                "media_delay_s": world,
            }[name]
            setattr(owner, name, value)


class Revocation(Door):
    """POST /_simulator/tokens/revoke: the stable token dies at once."""

    def post(self) -> None:
        """Kill it."""
        self.world.tokens.revoke()
        self.tell({})


class Forgetting(Door):
    """POST /_simulator/forget: tokens, codes, credits, faults, messages: all gone."""

    def post(self) -> None:
        """Begin anew."""
        self.world.forget()
        self.tell({})


ROUTES: list[tuple[str, type[Door]]] = [
    ("/_simulator/faults", Faults),
    ("/_simulator/calls", Calls),
    ("/_simulator/clock", Clock),
    ("/_simulator/settings", Settings),
    ("/_simulator/tokens/revoke", Revocation),
    ("/_simulator/forget", Forgetting),
]
