"""Changing hats at the station's port over HTTP (身份切换)."""

from handlers.base.access import staff_session
from handlers.base.hats import hats_at
from handlers.base.routing import Route
from models.workers.tokens import Port

ROUTES: list[Route] = hats_at(Port.STATION, staff_session)
