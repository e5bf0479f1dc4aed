"""Targets with a known end, to try guided fuzzing itself on."""

from tests.security.guided.targets import Target


def spelled(content: bytes) -> bool:
    """Break on three letters, one after the other: chance needs 16 million tries."""
    if content[:1] == b"i" and content[1:2] == b"n" and content[2:3] == b"n":
        return bool(1 // 0)
    return False


def calm(content: bytes) -> bool:
    """Never break."""
    return content.startswith(b"i")


TARGETS = {
    "spelled": Target(spelled, (b"",)),
    "calm": Target(calm, (b"i",)),
}
