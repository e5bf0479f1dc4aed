"""The worker's inbox over HTTP (消息)."""

from handlers.base.access import worker
from handlers.base.inbox import inbox_at
from handlers.base.routing import Route

ROUTES: list[Route] = inbox_at("worker", worker)
