"""The regions there are, over HTTP (行政区划): what the codes of lists are called.

Policies, facets and answers carry a region's code; people read and choose its name.
The list changes only with a release.
"""

import msgspec

from handlers.base.access import public
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base import regions


class RegionView(msgspec.Struct):
    """A region that stands today, and what it lies in."""

    code: str
    name: str
    kind: regions.Kind
    parent: str | None

    @classmethod
    def of(cls, region: regions.Region) -> "RegionView":
        """Show a region."""
        return cls(region.code, region.name, region.kind, region.parent)


class RegionsView(msgspec.Struct):
    """Every region that stands today."""

    regions: list[RegionView]

    @classmethod
    def today(cls) -> "RegionsView":
        """Show them in the order of the table."""
        standing = [row for row in regions.REGIONS.rows if row.stood(None)]
        return cls([RegionView.of(row) for row in standing])


class RegionsHandler(Handler):
    """The regions there are."""

    @endpoint(access=public)
    async def get(self) -> RegionsView:
        """Name the regions that stand today, and what each lies in."""
        return RegionsView.today()


ROUTES: list[Route] = [("/worker/v1/regions", RegionsHandler)]
