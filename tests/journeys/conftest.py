"""The demo inn, open for business, its clock in the hands of the story."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.settings import HttpLayer, Settings
from app.wiring import House
from models.base.clock import SHANGHAI
from models.messages.telling import with_card
from scripts.demo.__main__ import load
from scripts.wechat_simulator import Running
from tests.client import Client, serve


@dataclass
class Story:
    """What a story has at hand."""

    http: Client
    house: House
    wechat: Running

    async def at(self, text: str) -> None:
        """Move every clock of the inn to a moment in Shanghai: ``11-24 09:50``."""
        moment = datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(
            tzinfo=SHANGHAI
        )
        await self.until(moment)

    async def until(self, moment: datetime | str) -> None:
        """Move every clock of the inn to a moment the inn named."""
        when = moment if isinstance(moment, str) else moment.isoformat()
        answer = await self.http.put("/_test/clock", {"now": when})
        assert answer.status == 200, answer.body

    async def later(self, **stretch: float) -> None:
        """Let some time pass."""
        await self.until(self.house.ctx.clock.now() + timedelta(**stretch))

    async def tick(self) -> dict[str, Any]:
        """Let everything that is due happen."""
        answer = await self.http.post("/_test/tick")
        assert answer.status == 200, answer.body
        return answer.body


@pytest.fixture(params=HttpLayer)
def http_layer(request: pytest.FixtureRequest) -> HttpLayer:
    """Each story is told once on either reader of HTTP."""
    return HttpLayer(request.param)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Every kind of card has its template."""
    templates = {str(kind): f"template-{kind}" for kind in with_card()}
    return msgspec.structs.replace(settings, wechat_templates=templates)


@pytest.fixture
def story(run: Any, house: House, simulator: Running) -> Iterator[Story]:
    """The demo inn on a Monday morning, 10:00, 2026-11-23."""
    run(load(house.ctx))
    client = run(serve(house))
    yield Story(client, house, simulator)
    run(client.close())
