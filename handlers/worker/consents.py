"""Consent texts, and what a worker agreed to, over HTTP (同意)."""

from enum import StrEnum

import msgspec

from handlers.base import limits
from handlers.base.access import public, worker
from handlers.base.endpoint import Handler, endpoint
from handlers.base.routing import Route
from models.base.pages import Page
from models.base.units import Day, Instant
from models.workers import consent_texts, consents, withdrawals
from models.workers.consent_texts import ConsentText, Purpose
from models.workers.consents import (
    ConsentNotGiven,
    ConsentOutdated,
    Given,
    NoSuchConsent,
)


class Standing(StrEnum):
    """How a worker stands to a text."""

    GIVEN = "given"
    OUTDATED = "outdated"
    """Given in an older version: to be asked again."""
    NOT_GIVEN = "not_given"


class ConsentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which text was read and agreed to."""

    purpose: Purpose
    version: int


class ConsentTextView(msgspec.Struct):
    """A text as everybody may read it."""

    purpose: Purpose
    version: int
    title: str
    text: str
    """Markdown."""
    required_for: str
    """What cannot be done without it."""
    published_on: Day

    @classmethod
    def of(cls, text: ConsentText) -> "ConsentTextView":
        """Show a text."""
        return cls(
            purpose=text.purpose,
            version=text.version,
            title=text.title,
            text=text.text,
            required_for=text.required_for,
            published_on=text.published_on,
        )


class ConsentView(msgspec.Struct):
    """How the worker stands to one text."""

    purpose: Purpose
    title: str
    standing: Standing
    version: int
    """The current version."""
    given_version: int | None
    given_at: Instant | None

    @classmethod
    def of(cls, text: ConsentText, given: Given | None) -> "ConsentView":
        """Show a standing."""
        standing = Standing.NOT_GIVEN
        if given is not None:
            is_current = given.version == text.version
            standing = Standing.GIVEN if is_current else Standing.OUTDATED
        return cls(
            purpose=text.purpose,
            title=text.title,
            standing=standing,
            version=text.version,
            given_version=None if given is None else given.version,
            given_at=None if given is None else given.at,
        )


class ConsentTextsHandler(Handler):
    """What we ask for."""

    @endpoint(access=public)
    async def get(self) -> Page[ConsentTextView]:
        """Read the current text of every purpose."""
        texts = await consent_texts.all_current(self.ctx)
        return Page([ConsentTextView.of(text) for text in texts])


class ConsentsHandler(Handler):
    """What the worker agreed to."""

    @endpoint(access=worker)
    async def get(self) -> Page[ConsentView]:
        """List how I stand to every current text."""
        texts = await consent_texts.all_current(self.ctx)
        given = await consents.of(self.ctx, by=self.actor)
        return Page([ConsentView.of(text, given.get(text.purpose)) for text in texts])

    @endpoint(
        access=worker,
        status=201,
        refusals=(NoSuchConsent, ConsentOutdated),
        limit=limits.WRITES,
        repeats=True,
    )
    async def post(self, *, body: ConsentRequest) -> ConsentView:
        """Agree to the current version of a text."""
        text, given = await consents.give(
            self.ctx, body.purpose, body.version, by=self.actor
        )
        return ConsentView.of(text, given)


class ConsentHandler(Handler):
    """One purpose."""

    @endpoint(
        access=worker, refusals=(NoSuchConsent, ConsentNotGiven), limit=limits.WRITES
    )
    async def delete(self, purpose: str) -> None:
        """Take a consent back; what was kept under it is deleted at once."""
        await withdrawals.withdraw(self.ctx, _purpose(purpose), by=self.actor)


def _purpose(text: str) -> Purpose:
    if text not in set(Purpose):
        raise NoSuchConsent
    return Purpose(text)


ROUTES: list[Route] = [
    ("/worker/v1/consents", ConsentTextsHandler),
    ("/worker/v1/me/consents", ConsentsHandler),
    ("/worker/v1/me/consents/{purpose}", ConsentHandler),
]
