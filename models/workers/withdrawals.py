"""Withdrawals (撤回同意): what ends in this room when a consent is taken back.

Everything on one page. What other rooms keep under a consent (the details of a
first-aid call) they forget when they hear `ConsentWithdrawn`. Of a location
nothing is kept. `privacy` is a notice of what an account needs to work at all (PIPL
art. 13, 1(2)): no door asks for it, and who does not want it has the account erased.

Source: features X-08; the consent texts themselves.
"""

from collections.abc import Awaitable, Callable

from models.base.context import Context
from models.base.store import atomic
from models.workers import consents, facts, identities, names, phones
from models.workers.consent_texts import Purpose
from models.workers.sessions import SignedIn

ENDS: dict[Purpose, tuple[Callable[[Context, str], Awaitable[None]], ...]] = {
    Purpose.PHONE: (phones.forget,),
    Purpose.IDENTITY: (names.forget, identities.unverify),
    Purpose.FACTS: (facts.forget,),
}


@atomic()
async def withdraw(ctx: Context, purpose: Purpose, *, by: SignedIn) -> None:
    """Take a consent back, and forget what was kept under it (撤回同意).

    Refuses: ConsentNotGiven.
    Records: ConsentWithdrawn.
    """
    await consents.take_back(ctx, purpose, by=by)
    for end in ENDS.get(purpose, ()):
        await end(ctx, by.id)
