"""Passwords (密码): hashed with argon2id, away from the loop, a few at a time.

Source: OWASP Password Storage Cheat Sheet; RFC 9106 (the library's defaults are its
low-memory profile: 64 MiB, three passes).
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from typing import TypeVar

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from models.base.errors import Invalid, Unavailable
from models.base.ids import new_code

T = TypeVar("T")

SHORTEST = 10
LONGEST = 128
"""Characters; hashing a novel would be work for nothing."""

FEWEST_LETTERS = 5
"""Different characters."""

INITIAL_LETTERS = 16
"""80 random bits, read out or written down once."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")
"""Two at once: 128 MiB at the most; a flood of sign-ins waits in a bounded line."""

MOST_WAITING = 64
"""Beyond it the last would wait longer than a person does."""


def _nobodys() -> str:
    """Make up a hash that no password has, without working one out."""
    salt, tag = (
        b64encode(token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${tag}"


_NOBODYS = _nobodys()
"""Compared with when there is no such account, so that it takes as long."""


class First(msgspec.Struct, kw_only=True, frozen=True):
    """A password to begin with, shown once; its owner changes it at once."""

    password: str
    hash: str

    def __repr__(self) -> str:
        return "First(…)"


class PasswordsBusy(Unavailable):
    """Too many passwords wait to be looked at; nothing was counted."""

    code = "passwords_busy"
    message = "当前登录人数较多，请几秒后重试。"
    retry_after = 3


class WeakPassword(Invalid):
    """The password is too easy to guess."""

    code = "weak_password"
    message = "密码至少10位，不要包含账号名，也不要只用几个重复的字符。"


def check(password: str, *, name: str) -> None:
    """Take only a password that is not guessed at once.

    Refuses: WeakPassword.
    """
    is_short = not SHORTEST <= len(password) <= LONGEST
    if is_short or len(set(password)) < FEWEST_LETTERS or name in password.lower():
        raise WeakPassword


async def first() -> First:
    """Make a password to begin with."""
    password = new_code(INITIAL_LETTERS)
    return First(password=password, hash=await hash_of(password))


def refuse_when_busy() -> None:
    """Turn away who would wait too long, before anything is counted.

    Refuses: PasswordsBusy.
    """
    if _threads._work_queue.qsize() >= MOST_WAITING:
        raise PasswordsBusy


async def hash_of(password: str) -> str:
    """Return what is kept instead of a password.

    Refuses: PasswordsBusy.
    """
    return await _in_line(_hasher.hash, password)


async def matches(password: str, kept: str | None) -> bool:
    """Say whether a password is the one; for nobody's it takes as long to say no.

    Refuses: PasswordsBusy.
    """
    right = await _in_line(_verify, password, kept or _NOBODYS)
    return right and kept is not None


async def _in_line(work: Callable[..., T], *given: str) -> T:
    refuse_when_busy()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, work, *given)


def _verify(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except VerifyMismatchError:
        return False
