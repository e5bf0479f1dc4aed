"""Changing hats over HTTP (身份切换), the same at every port."""

import msgspec

from handlers.base import limits
from handlers.base.access import Access
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from handlers.base.signing_in import Device, TokensView, TotpCode
from models.base.pages import Page
from models.unions import hats
from models.unions.attempts import SignInLocked
from models.unions.hats import Hat, NoSuchHat
from models.unions.logins import CodeNeeded, Dormant, SignInFailed
from models.workers.tokens import Port


class SwitchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """As whom to go on."""

    port: Port
    totp: TotpCode | None = None
    """For the back office, where an authenticator is bound."""
    device: Device = ""


class HatView(msgspec.Struct):
    """One account of mine."""

    port: Port
    owner_id: str
    is_this: bool

    @classmethod
    def of(cls, hat: Hat, port: Port) -> "HatView":
        """Show a hat, at a port."""
        return cls(port=hat.port, owner_id=hat.owner_id, is_this=hat.port is port)


def hats_at(port: Port, access: Access) -> list[Route]:
    """Make a port's doors; ``access`` finds who signed in there."""

    class HatsHandler(Handler):
        """My accounts."""

        @endpoint(access=access)
        async def get(self) -> Page[HatView]:
            """List as whom I may go on without signing in."""
            mine = await hats.of(self.ctx, by=self.actor, port=port)
            return Page([HatView.of(hat, port) for hat in mine])

    class SwitchHandler(Handler):
        """Going on as somebody else of mine."""

        @endpoint(
            access=access,
            refusals=(NoSuchHat, Dormant, CodeNeeded, SignInFailed, SignInLocked),
            limit=limits.WRITES,
        )
        async def post(self, *, body: SwitchRequest) -> TokensView:
            """Give me tokens of another port; this session stays."""
            tokens = await hats.switch(
                self.ctx,
                body.port,
                by=self.actor,
                port=port,
                totp=body.totp,
                device=body.device,
            )
            return TokensView.of(tokens)

    return [
        (f"/{port}/v1/me/hats", HatsHandler),
        (f"/{port}/v1/auth/switch", SwitchHandler),
    ]
