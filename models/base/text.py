"""One spelling for text that people type in many ways.

Full and half width, capital and small, traditional and simplified, accents and
unseen characters all come to one form, so that what was typed on one phone finds
what was written on another. The form is for comparing, never for showing.

Every character is turned by itself. A phrase-aware conversion would turn 乾 in
乾坤 and 乾 alone differently, and then a part of a text would no longer be found
in the whole; it also keeps the way back to the original character for character.

Source: Unicode NFKC; the pairs of characters are OpenCC's ``t2s``.
"""

import unicodedata
from functools import lru_cache

import opencc

HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
"""Where traditional characters that people type are: extension A and the basics."""

BASIC_PLANE = 0x10000
"""Only characters below are remembered, so strange input cannot fill the memory."""


def normalise(text: str) -> str:
    """Return the comparable form of a text; applying it twice changes nothing."""
    return text.translate(_FORMS)


def fold(text: str) -> tuple[str, list[int] | None]:
    """Return the comparable form, and from where in ``text`` each character came.

    The list has one place more, for the end. None means each from its own place,
    which is nearly always so.
    """
    normal = normalise(text)
    if _FORMS.uneven.isdisjoint(text):
        return normal, None
    origins = [at for at, letter in enumerate(text) for _ in _FORMS[ord(letter)]]
    return normal, [*origins, len(text)]


class _Forms(dict[int, str]):
    """Character to form, each worked out when first met."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()
        """Characters met whose form is longer, or nothing at all."""

    def __missing__(self, code: int) -> str:
        form = _settle(chr(code))
        if len(form) != 1:
            self.uneven.add(chr(code))
        if code < BASIC_PLANE:
            self[code] = form
        return form


_FORMS = _Forms()


def _settle(letters: str) -> str:
    """Turn characters until nothing changes; one turn may ask for another."""
    while True:
        turned = "".join(map(_turn, letters))
        if turned == letters:
            return letters
        letters = turned


def _turn(letter: str) -> str:
    if letter <= "\x7f":
        return letter.lower() if letter.isprintable() else " "
    kind = unicodedata.category(letter)
    if kind in {"Cf", "Cs"}:
        return ""
    if kind in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    bare = [part for part in unicodedata.normalize("NFKD", letter) if not _mark(part)]
    plain = unicodedata.normalize("NFC", "".join(bare)).lower()
    return plain.translate(_simplified())


def _mark(part: str) -> bool:
    """Whether it only decorates the letter before: an accent or a variant choice."""
    return "\u0300" <= part <= "\u036f" or "\ufe00" <= part <= "\ufe0f"


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Return simplified by traditional, asked of OpenCC in one go (some 20 ms)."""
    han = [chr(code) for block in HAN_BLOCKS for code in range(*block)]
    plain = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(a): b for a, b in zip(han, plain, strict=True) if a != b}
