"""Workers who belong somewhere and ask, and the officials who decide."""

from models.members import affiliations, asking
from models.unions.permissions import Permission
from models.workers import identities
from models.workers.consent_texts import Purpose
from models.workers.identities import ClientClass
from tests.models.base.samples import pdf
from tests.models.unions.people import official, plant
from tests.models.workers.people import agree, signed_in

COURIER = ClientClass.PLATFORM_WORKER


async def member(ctx, user="17", *, unit="unit_east_firm", classes=(COURIER,)):
    """Sign somebody in who belongs to a unit and has declared classes."""
    await plant(ctx)
    me = await signed_in(ctx, user)
    await agree(ctx, me, Purpose.IDENTITY)
    if unit is not None:
        await affiliations.join(ctx, unit, by=me)
    await identities.declare(ctx, classes, by=me)
    return me


async def asked(ctx, me, *, pages=1):
    """Ask to be verified, with so many pages of proof."""
    request = await asking.ask(ctx, COURIER, by=me)
    for _ in range(pages):
        request = await asking.add_evidence(ctx, request.id, pdf(), by=me)
    return request


async def verifier(ctx, name="wang", unit="unit_east"):
    """Employ somebody who verifies in a subtree."""
    permissions = (Permission.IDENTITIES,)
    return await official(ctx, name, unit=unit, permissions=permissions)
