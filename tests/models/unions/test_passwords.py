"""Passwords: whoever has no account is told so as slowly as whoever has one."""

from argon2 import extract_parameters

from models.unions import passwords


async def test_nobodys_password_is_as_much_work_as_anybodys_and_never_right():
    kept = await passwords.hash_of("一二三四五六七八九十")
    assert extract_parameters(passwords._NOBODYS) == extract_parameters(kept)
    assert await passwords.matches("一二三四五六七八九十", kept)
    assert not await passwords.matches("一二三四五六七八九十", None)
