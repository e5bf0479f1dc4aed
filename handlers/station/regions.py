"""The regions there are, over HTTP (行政区划), for whoever helps at a station.

A clerk who is told where somebody lives chooses it by name; nobody at a counter knows
a code by heart.
"""

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.worker.regions import RegionsView


class StationRegionsHandler(Handler):
    """The regions there are."""

    @endpoint(access=staff)
    async def get(self) -> RegionsView:
        """Name the regions that stand today, and what each lies in."""
        return RegionsView.today()


ROUTES: list[Route] = [("/station/v1/regions", StationRegionsHandler)]
