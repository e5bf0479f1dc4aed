"""Who may enter: the named access policies a verb chooses from.

``access=`` is required on every verb, so a door without a policy does not even
import. A policy finds the actor or refuses; whether the actor may touch *this*
thing is the verb's own question, asked through ``by=``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.base.errors import Refusal

if TYPE_CHECKING:
    from handlers.base.endpoint import Handler


@dataclass(frozen=True, slots=True)
class Access:
    """One policy: its name, how OpenAPI calls its token, how it finds the actor."""

    name: str
    find: "Callable[[Handler], Awaitable[Any]]"
    scheme: str | None = None
    """The OpenAPI security scheme; None when no token is asked for."""
    refusals: tuple[type[Refusal], ...] = ()
    """How it may turn somebody away, beside 401."""
    optional: bool = False
    """A token is used when there is one."""


async def _nobody(handler: "Handler") -> None:
    return None


public = Access("public", _nobody)
"""Anyone may call, signed in or not."""
