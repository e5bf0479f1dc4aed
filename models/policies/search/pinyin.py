"""Chinese as people begin to type it: sbbt, shebao or 社保 for 社保补贴.

From each word of a title or tag on, every beginning of what may be typed is a hint
of its own, so that looking one up is looking up one token.
"""

from functools import lru_cache

from models.policies.search import words

LONGEST_HINT = 16
"""Characters typed that are looked at; nobody types more before choosing."""


def hints(normal: str) -> frozenset[str]:
    """Return all beginnings by which a normalised title or tag may be called up."""
    found = [_grow(run) for run in words.plains(normal)]
    for han in words.hans(normal):
        starts, spoken = _read(han)
        initials = "".join(syllable[0] for syllable in spoken)
        for start in starts:
            found.append(_grow(han[start:]))
            found.append(_grow(initials[start:]))
            found.append(_grow("".join(spoken[start : start + LONGEST_HINT])))
    return frozenset().union(*found)


of_tag = lru_cache(maxsize=1024)(hints)
"""Tags come again and again; titles do not, and each takes some 10 KB."""


def find(han: str, typed: str) -> tuple[int, int] | None:
    """Say which characters of a stretch of Chinese were meant by typed letters."""
    starts, spoken = _read(han)
    initials = "".join(syllable[0] for syllable in spoken)
    for start in starts:
        if initials.startswith(typed, start):
            return start, start + len(typed)
        if "".join(spoken[start:]).startswith(typed):
            end, rest = start, len(typed)
            while rest > 0:
                rest -= len(spoken[end])
                end += 1
            return start, end
    return None


def _grow(whole: str) -> list[str]:
    return [whole[:end] for end in range(1, min(len(whole), LONGEST_HINT) + 1)]


def _read(han: str) -> tuple[list[int], list[str]]:
    """Return where words start, and a syllable for each character."""
    starts: list[int] = []
    spoken: list[str] = []
    for word in words.cut(han):
        starts.append(len(spoken))
        spoken += _pronounce(word)
    return starts, spoken


@lru_cache(maxsize=1 << 13)
def _pronounce(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # 0.6 s and 57 MB: only where it is used

    # its stub knows only str; a list is one syllable for each character
    return tuple(lazy_pinyin(word, errors=list))  # type: ignore[arg-type]
