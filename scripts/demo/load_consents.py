"""Publishes the consent texts (隐私与授权说明); again changes nothing."""

from datetime import date
from pathlib import Path

import msgspec
import yaml

from models.base.context import Context
from models.workers import consent_texts
from models.workers.consent_texts import Purpose

FILE = Path(__file__).parent / "consents.yaml"


class Row(msgspec.Struct, kw_only=True, frozen=True):
    """One text as its author wrote it."""

    purpose: Purpose
    version: int
    published_on: date
    title: str
    text: str
    required_for: str


async def load(ctx: Context) -> int:
    """Publish every text; returns how many there are."""
    rows = msgspec.convert(yaml.safe_load(FILE.read_text()), list[Row])
    for row in rows:
        await consent_texts.publish(
            ctx,
            purpose=row.purpose,
            version=row.version,
            title=row.title,
            text=row.text,
            published_on=row.published_on,
            required_for=row.required_for,
        )
    return len(rows)
