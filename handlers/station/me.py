"""Who I am at the station's port, over HTTP: my roles, and the stations I serve at."""

import msgspec

from handlers.base.access import staff
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.context import Context
from models.stations import posts
from models.unions.staff import Role, Staff


class PostView(msgspec.Struct):
    """A station I serve at, in short."""

    id: str
    name: str


class StaffSelfView(msgspec.Struct):
    """A staff member as they see themselves; the name is masked."""

    id: str
    name: str
    roles: list[Role]
    stations: list[PostView]

    @classmethod
    async def of(cls, ctx: Context, who: Staff) -> "StaffSelfView":
        """Show a staff member."""
        return cls(
            id=who.id,
            name=who.masked_name(ctx),
            roles=sorted(who.roles),
            stations=[
                PostView(post.id, post.name) for post in await posts.of(ctx, who)
            ],
        )


class MeHandler(Handler):
    """The staff member who is signed in."""

    @endpoint(access=staff)
    async def get(self) -> StaffSelfView:
        """Show who I am, and at which stations I serve."""
        return await StaffSelfView.of(self.ctx, self.actor)


ROUTES: list[Route] = [("/station/v1/me", MeHandler)]
