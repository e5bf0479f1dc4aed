"""The official's inbox over HTTP (消息)."""

from handlers.base.access import official_any
from handlers.base.inbox import inbox_at
from handlers.base.routing import Route

ROUTES: list[Route] = inbox_at("union", official_any)
