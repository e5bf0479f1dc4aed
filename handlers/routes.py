"""The one table of URLs: the sum of each file's ROUTES."""

from handlers.base import docs, health
from handlers.base.routing import Route

ROUTES: list[Route] = [
    *health.ROUTES,
    *docs.ROUTES,
]
