"""Masks (脱敏): what of a name or a number may be shown, in one place.

Source: screens.md, what clients need (王*强, 138****1234).
"""

from functools import lru_cache

from models.base.secrets import Secrets

REMEMBERED = 16_384
"""Sealed values a process need not open again to show them; about 6 MB."""

MOST_STARS = 3

CHINA = "+86"
CHINESE_DIGITS = 11


def name(full: str) -> str:
    """Mask a name: its first letter and, from three letters on, its last."""
    hidden = max(1, min(len(full) - 2, MOST_STARS))
    return full[:1] + "*" * hidden + (full[-1] if len(full) > 2 else "")  # noqa: PLR2004


def phone(e164: str) -> str:
    """Mask a number: of a Chinese one the first three digits, and the last four."""
    digits = e164.removeprefix(CHINA)
    if len(digits) == CHINESE_DIGITS and digits.isdigit():
        return f"{digits[:3]}****{digits[-4:]}"
    return f"{e164[:3]}****{e164[-2:]}"


@lru_cache(maxsize=REMEMBERED)
def sealed_name(secrets: Secrets, sealed: str) -> str:
    """Mask a name that is kept sealed."""
    return name(secrets.open(sealed))


@lru_cache(maxsize=REMEMBERED)
def sealed_phone(secrets: Secrets, sealed: str) -> str:
    """Mask a number that is kept sealed."""
    return phone(secrets.open(sealed))
