"""Changing hats at the worker's port over HTTP (身份切换)."""

from handlers.base.access import worker
from handlers.base.hats import hats_at
from handlers.base.routing import Route
from models.workers.tokens import Port

ROUTES: list[Route] = hats_at(Port.WORKER, worker)
